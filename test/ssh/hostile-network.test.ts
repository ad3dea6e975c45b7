import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readFacts } from '../../src/ssh/facts.ts'
import { type LoginKey, loadLoginKey } from '../../src/ssh/keys.ts'
import { openSession } from '../../src/ssh/session.ts'
import { ConnectFailure, type Stage } from '../../src/ssh/stream.ts'
import { waitForLogin } from '../../src/ssh/wait.ts'
import { type Agent, hasSshd, type Sshd, startAgent, startSshd } from '../support/sshd.ts'
import { type TcpProxy, tcpProxy } from '../support/tcp-proxy.ts'

const never = new AbortController().signal

describe.skipIf(!hasSshd)('with a real sshd behind something that meddles', () => {
  let server: Sshd
  let key: LoginKey
  beforeAll(async () => {
    server = await startSshd()
    key = await loadLoginKey({ ssh_private_key_file: server.keyFile })
  })
  afterAll(() => server[Symbol.asyncDispose]())

  const login = (proxy: TcpProxy) => ({
    address: { host: '127.0.0.1', port: proxy.port },
    user: server.user,
    key,
    hostKey: server.hostKey,
  })

  describe('a man in the middle that takes over after some connections', () => {
    let middle: Sshd
    let agent: Agent
    beforeAll(async () => {
      // It tells of every message that asks for a login.
      middle = await startSshd('LogLevel DEBUG2')
      agent = await startAgent()
      agent.add(server.keyFile)
    })
    afterAll(async () => {
      await middle[Symbol.asyncDispose]()
      await agent[Symbol.asyncDispose]()
    })

    test.each([['a key'], ['an agent']])(
      'is refused before it is offered anything to log in with, where %s logs in',
      async (what) => {
        const publicKey = key.publicKey
        const chosen: LoginKey =
          what === 'a key' ? key : { agent: agent.socket, publicKeys: [publicKey], publicKey }
        await using proxy = await tcpProxy((n) => ({ port: n < 2 ? server.port : middle.port }))
        for (const n of [0, 1]) {
          await using session = await openSession({ ...login(proxy), key: chosen }, never)
          expect((await session.run(`echo ${n}`, never)).stdout).toBe(`${n}\n`)
        }
        const from = middle.log.length
        await expect(openSession({ ...login(proxy), key: chosen }, never)).rejects.toMatchObject({
          code: 'SSH_HOST_KEY_MISMATCH',
          details: { actual: middle.hostKey, expected: server.hostKey },
        })
        await closed(middle, from)
        const said = middle.log.slice(from).join('\n')
        expect(said).toContain('Connection from')
        expect(said).not.toMatch(/userauth|Accepted|Failed|service-request|authentication/i)
      },
    )

    test('is the end of a wait, not something to be tried again', async () => {
      await using proxy = await tcpProxy(() => ({ port: middle.port }))
      const wait = waitForLogin({
        signal: never,
        prepare: async () => ({ ...login(proxy), knock: false }),
        accept: () => true,
        onStage: () => undefined,
        onMismatch: () => false,
      })
      await expect(wait).rejects.toMatchObject({ code: 'SSH_HOST_KEY_MISMATCH' })
      expect(proxy.connections).toBe(1)
    })
  })

  test('a banner that is held back is waited for on the same connection', async () => {
    const held: (() => void)[] = []
    let bannerHeld: () => void = () => undefined
    const holding = new Promise<void>((resolve) => {
      bannerHeld = resolve
    })
    await using proxy = await tcpProxy(() => ({
      port: server.port,
      onBytes: (bytes, client) => {
        if (held.length > 0) return void client.write(bytes)
        held.push(() => client.write(bytes))
        bannerHeld()
      },
    }))
    const opening = openSession(login(proxy), never)
    await holding
    for (const release of held) release()
    await using session = await opening
    expect((await session.run('echo in', never)).stdout).toBe('in\n')
    expect(proxy.connections).toBe(1)
  })

  test('a banner that comes byte by byte is read', async () => {
    await using proxy = await tcpProxy(() => ({
      port: server.port,
      onBytes: (bytes, client) => {
        for (const byte of bytes) client.write(Buffer.of(byte))
      },
    }))
    await using session = await openSession(login(proxy), never)
    expect(session.hostKey).toBe(server.hostKey)
  })

  test('a peer that goes silent is given up within the time of the keepalive', async () => {
    let silent = false
    await using proxy = await tcpProxy(() => ({
      port: server.port,
      onBytes: (bytes, client) => void (silent || client.write(bytes)),
    }))
    await using session = await openSession(login(proxy), never, { keepaliveInterval: 20 })
    const running = session.run('echo ready; cat', never, undefined)
    await running
    silent = true
    await expect(session.run('sleep 1000', never)).rejects.toMatchObject({
      code: 'SSH_CONNECTION_LOST',
      details: { reason: 'Keepalive timeout' },
    })
  })

  test('a slow command is no silent peer', async () => {
    await using proxy = await tcpProxy(() => ({ port: server.port }))
    await using session = await openSession(login(proxy), never, { keepaliveInterval: 20 })
    expect((await session.run('sleep 0.5; echo done', never)).stdout).toBe('done\n')
  })

  test('a connection that is cut at any byte is a failure of its stage, and the next attempt succeeds', async () => {
    const total = await bytesOfLogin(server, login)
    const stages = new Set<Stage>()
    const last = Math.floor(total * 0.98)
    // The first bytes one by one, the rest in steps that are no multiples of anything.
    const cuts = [0, 1, 2, 3, 19, 20, 21, 22, 40, 41, 42]
    for (let cut = 43; cut < last; cut += 389) cuts.push(cut)
    for (const cut of cuts) {
      await using proxy = await tcpProxy((n) => ({
        port: server.port,
        ...(n === 0 ? { onBytes: cutAfter(cut) } : {}),
      }))
      const attempt = async (): Promise<unknown> => {
        await using session = await openSession(login(proxy), never)
        return await readFacts(session, never)
      }
      const error = await attempt().catch((thrown: unknown) => thrown)
      if (error instanceof ConnectFailure) stages.add(error.stage)
      else expect(error, `cut after ${cut} of ${total}`).toMatchObject({ code: 'SSH_CONNECTION_LOST' })
      expect(await attempt(), `after a cut after ${cut}`).toMatchObject({ installer: false })
    }
    expect([...stages].sort()).toEqual(['banner', 'host-key', 'login'])
  }, 120_000)
})

/** Passes on so many bytes of the server's and then cuts the connection. */
function cutAfter(count: number): NonNullable<ReturnType<Parameters<typeof tcpProxy>[0]>['onBytes']> {
  let left = count
  return (bytes, client, upstream) => {
    const passed = bytes.subarray(0, left)
    left -= passed.length
    if (left > 0) return void client.write(passed)
    client.write(passed, () => client.destroy())
    upstream.destroy()
  }
}

async function bytesOfLogin(
  server: Sshd,
  login: (proxy: TcpProxy) => Parameters<typeof openSession>[0],
): Promise<number> {
  let total = 0
  await using proxy = await tcpProxy(() => ({
    port: server.port,
    onBytes: (bytes, client) => {
      total += bytes.length
      client.write(bytes)
    },
  }))
  await using session = await openSession(login(proxy), never)
  await readFacts(session, never)
  return total
}

/** Until the server has noticed the end of the connection; what it says is complete then. */
async function closed(server: Sshd, from: number): Promise<void> {
  const isOver = (): boolean => /Connection (closed|reset)|cleanup/i.test(server.log.slice(from).join('\n'))
  while (!isOver()) await new Promise((resolve) => setTimeout(resolve, 5))
}
