import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type LoginKey, loadLoginKey } from '../../src/ssh/keys.ts'
import { openSession } from '../../src/ssh/session.ts'
import { ConnectFailure } from '../../src/ssh/stream.ts'
import { waitForLogin } from '../../src/ssh/wait.ts'
import { hasNewerSshd, startNewerSshd } from '../support/newer-sshd.ts'
import { makeKey, type Sshd } from '../support/sshd.ts'
import { tcpProxy } from '../support/tcp-proxy.ts'

/** Connections without a login after which OpenSSH refuses whoever makes them at once: 5 s each, 15 s are too many. */
const tooMany = 4
const never = new AbortController().signal

describe.skipIf(!hasNewerSshd)('with OpenSSH’s penalties (test/support/fetch-sshd.sh fetches it)', () => {
  let server: Sshd
  let key: LoginKey
  beforeEach(async () => {
    server = await startNewerSshd('PerSourcePenalties yes')
    key = await loadLoginKey({ ssh_private_key_file: makeKey(server.folder, 'late') })
  })
  afterEach(() => server[Symbol.asyncDispose]())

  const login = () => ({
    address: { host: '127.0.0.1', port: server.port },
    user: server.user,
    key,
    hostKey: server.hostKey,
  })
  const refused = (): string[] => server.log.filter((line) => line.startsWith('drop connection'))

  test('a wait whose key arrives late gets in', async () => {
    let connections = 0
    const { facts } = await waitForLogin({
      signal: never,
      prepare: async () => {
        if (++connections === tooMany + 2)
          writeFileSync(join(server.folder, 'authorized_keys'), key.publicKey)
        return { ...login(), knock: false }
      },
      accept: () => true,
      onStage: () => undefined,
      onMismatch: () => false,
    })
    expect(facts.hostname).not.toBe('')
    expect(connections).toBe(tooMany + 2)
    expect(refused()).toEqual([])
  })

  test('connections that were opened beside the one that got in are not held against us', async () => {
    writeFileSync(join(server.folder, 'authorized_keys'), key.publicKey)
    const last = 3
    for (let round = 0; round < 2; round++) {
      // All but the last of a round hang where the banner should come.
      await using proxy = await tcpProxy((n) => ({
        port: server.port,
        ...(n === last ? {} : { onBytes: () => undefined }),
      }))
      const address = { host: '127.0.0.1', port: proxy.port }
      await using _session = await openSession({ ...login(), address }, never, { silence: 20 })
      expect(proxy.connections).toBe(last + 1)
    }
    await using _session = await openSession(login(), never)
    expect(refused()).toEqual([])
  })

  test('a client that hammers is refused, though its key has arrived', async () => {
    // A penalty counts from the end of the server's child on, which may come after the next connection.
    while (refused().length === 0) await openSession(login(), never).catch(() => undefined)
    writeFileSync(join(server.folder, 'authorized_keys'), key.publicKey)
    await expect(openSession(login(), never)).rejects.toBeInstanceOf(ConnectFailure)
  })
})
