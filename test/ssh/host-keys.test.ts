import { readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LoginKey, loadLoginKey } from '../../src/ssh/keys.ts'
import { openSession } from '../../src/ssh/session.ts'
import { temporaryFolder } from '../support/folder.ts'
import { hasSshd, makeKey, type Sshd, startSshd } from '../support/sshd.ts'

const never = new AbortController().signal
const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some((one) => one.address === '::1'))
const types = ['ecdsa', 'rsa', 'ed25519']

describe.skipIf(!hasSshd)('with a real sshd that has a host key of each type', () => {
  let folder: ReturnType<typeof temporaryFolder>
  let server: Sshd
  let key: LoginKey
  beforeAll(async () => {
    folder = temporaryFolder()
    const files = types.map((type) => makeKey(folder.path, type, '-t', type))
    const ipv6 = hasIpv6 ? ['ListenAddress [::1]:{port}'] : []
    server = await startSshd(...files.map((file) => `HostKey ${file}`), ...ipv6)
    key = await loadLoginKey({ ssh_private_key_file: server.keyFile })
  })
  afterAll(async () => {
    await server[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  const publicKey = (name: string): string => readFileSync(`${folder.path}/${name}.pub`, 'utf8').trim()
  const login = (hostKey: string, host = '127.0.0.1') => {
    const address = { host, port: server.port }
    return openSession({ address, user: server.user, key, hostKey }, never)
  }

  test.each(types.slice(0, 2))('a pinned %s key is the one that is asked for', async (type) => {
    await using session = await login(publicKey(type))
    expect(session.hostKey).toBe(publicKey(type).split(' ').slice(0, 2).join(' '))
  })

  test.each(types.slice(0, 2))('another %s key than the pinned one is a mismatch', async (type) => {
    makeKey(folder.path, `other-${type}`, '-t', type)
    await expect(login(publicKey(`other-${type}`))).rejects.toMatchObject({ code: 'SSH_HOST_KEY_MISMATCH' })
  })

  test.skipIf(!hasIpv6)('an IPv6 address is logged in to', async () => {
    await using session = await login(publicKey('ed25519'), '::1')
    const { stdout } = await session.run('echo "$SSH_CONNECTION"', never)
    expect(stdout).toMatch(/^::1 \d+ ::1 /)
  })
})
