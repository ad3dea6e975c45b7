import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openStream } from '../../src/ssh/stream.ts'
import { temporaryFolder } from '../support/folder.ts'
import { type TcpServer, tcpServer } from '../support/tcp-server.ts'

const never = new AbortController().signal
const banner = 'SSH-2.0-test\r\n'

// The clock stands still unless a test moves it; connections do not.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

/** Looks again at each turn of the event loop: a pause would move the clock. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setImmediate()
}

interface HangingServer extends TcpServer {
  connection(n: number): Promise<Socket>
}

/** A server whose connections hang, in the order in which they came. */
async function hangingServer(): Promise<HangingServer> {
  const came: Socket[] = []
  const waiting = new Map<number, (socket: Socket) => void>()
  const server = await tcpServer((socket) => {
    // What is not read never ends.
    socket.resume()
    waiting.get(came.push(socket) - 1)?.(socket)
  })
  const connection = (n: number): Promise<Socket> =>
    new Promise((resolve) => {
      const socket = came[n]
      if (socket === undefined) waiting.set(n, resolve)
      else resolve(socket)
    })
  return Object.assign(server, { connection })
}

const onOpening = vi.fn()
beforeEach(() => void onOpening.mockClear())

const opening = (server: TcpServer, signal = never) =>
  openStream({ host: '127.0.0.1', port: server.port }, { onOpening }, signal)

/** Until our side knows of the connections as well: each has a limit of its own, and the next has its time. */
async function connected(count: number): Promise<void> {
  // What the server has taken is there; of the fourth no timer tells, as none comes after it.
  for (let turn = 0; turn < 3; turn++) await setImmediate()
  await until(() => vi.getTimerCount() === (count < 4 ? count + 1 : count))
}

/** Lets others come beside the first, until there are so many. */
async function bringUp(server: HangingServer, count: number): Promise<Socket[]> {
  const sockets: Socket[] = []
  while (sockets.length < count) {
    if (sockets.length > 0) vi.advanceTimersByTime(3000)
    sockets.push(await server.connection(sockets.length))
    await connected(sockets.length)
  }
  return sockets
}

describe('a connection over which nothing comes', () => {
  test('gets another beside it after three seconds, and the one that is answered counts', async () => {
    await using server = await hangingServer()
    const stream = opening(server)
    const [silent] = (await bringUp(server, 1)) as [Socket]
    vi.advanceTimersByTime(2999)
    expect(onOpening).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(1)
    expect(onOpening).toHaveBeenCalledTimes(2)
    const answering = await server.connection(1)
    answering.write(banner)
    await using opened = await stream
    expect(String(opened.read())).toBe(banner)
    await once(silent, 'close')
    expect([vi.getTimerCount(), server.sockets.size]).toEqual([0, 1])
  })

  test('is not given up for those beside it', async () => {
    await using server = await hangingServer()
    const stream = opening(server)
    const [first, ...others] = (await bringUp(server, 4)) as [Socket, ...Socket[]]
    first.write(banner)
    await using opened = await stream
    expect(String(opened.read())).toBe(banner)
    await Promise.all(others.filter((socket) => !socket.closed).map((socket) => once(socket, 'close')))
    expect(server.sockets).toEqual(new Set([first]))
  })

  test('has at most three others beside it', async () => {
    await using server = await hangingServer()
    const stream = opening(server)
    const [fourth] = (await bringUp(server, 4)).slice(-1) as [Socket]
    vi.advanceTimersByTime(3000)
    await using ours = connect(server.port, '127.0.0.1')
    const fifth = await server.connection(4)
    expect(fifth.remotePort).toBe(ours.localPort)
    fifth.destroy()
    fourth.write(banner)
    await using _ = await stream
  })

  test('is given up after twenty seconds, with all beside it', async () => {
    await using server = await hangingServer()
    const stream = opening(server).catch((error: unknown) => error)
    await bringUp(server, 4)
    vi.advanceTimersByTime(10_999)
    expect(vi.getTimerCount()).toBe(4)
    vi.advanceTimersByTime(1)
    expect(await stream).toMatchObject({ stage: 'banner', message: 'no banner' })
    await until(() => server.sockets.size === 0)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('is given up with all beside it when the signal says so', async () => {
    await using server = await hangingServer()
    const controller = new AbortController()
    const stream = opening(server, controller.signal).catch((error: unknown) => error)
    await bringUp(server, 2)
    controller.abort('stop')
    expect(await stream).toBe('stop')
    await until(() => server.sockets.size === 0)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('may fail once it is passed on, before anybody listens', async () => {
    await using server = await hangingServer()
    const stream = opening(server)
    const [socket] = (await bringUp(server, 1)) as [Socket]
    socket.write(banner)
    const opened = await stream
    opened.destroy(new Error('it broke'))
    // An error that nobody takes would end the run.
    await until(() => opened.closed)
    expect(opened.errored).toMatchObject({ message: 'it broke' })
  })

  test('is no reason for two connections where both are answered at once', async () => {
    await using server = await hangingServer()
    const stream = opening(server)
    for (const socket of await bringUp(server, 2)) socket.write(banner)
    await using opened = await stream
    expect(String(opened.read())).toBe(banner)
    await until(() => server.sockets.size === 1)
  })
})

describe('while a connection hangs', () => {
  /** The server hangs up on the last that came; the next may come after a second. */
  async function hangUp(socket: Socket): Promise<void> {
    const timers = vi.getTimerCount()
    socket.end('Not allowed at this time\r\n')
    await once(socket, 'close')
    // Its own limit is gone.
    await until(() => vi.getTimerCount() === timers - 1)
  }

  test('a server that takes no more of them has the next a second later, and may still answer the first', async () => {
    await using server = await hangingServer()
    const stream = opening(server)
    const [first] = (await bringUp(server, 1)) as [Socket]
    vi.advanceTimersByTime(3000)
    for (const n of [1, 2, 3, 4, 5]) {
      const refused = await server.connection(n)
      await connected(2)
      await hangUp(refused)
      vi.advanceTimersByTime(999)
      expect(onOpening).toHaveBeenCalledTimes(n + 1)
      vi.advanceTimersByTime(1)
    }
    await server.connection(6)
    first.write(banner)
    await using opened = await stream
    expect(String(opened.read())).toBe(banner)
  })

  test('a server that takes no more at all is one that has shown itself', async () => {
    await using server = await hangingServer()
    const stream = opening(server).catch((error: unknown) => error)
    const [first] = (await bringUp(server, 1)) as [Socket]
    first.end('Exceeded MaxStartups\r\n')
    expect(await stream).toMatchObject({
      stage: 'host-key',
      message: 'the connection was closed: Exceeded MaxStartups',
    })
  })

  test('its own failure is that of all', async () => {
    await using server = await hangingServer()
    const stream = opening(server).catch((error: unknown) => error)
    const [first] = (await bringUp(server, 2)) as [Socket]
    first.resetAndDestroy()
    expect(await stream).toMatchObject({ stage: 'banner', message: expect.stringContaining('ECONNRESET') })
    await until(() => server.sockets.size === 0)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a connection that is not there', () => {
  test('is given up after its time, without another beside it', async () => {
    const stream = openStream({ host: '127.0.0.1', port: 1 }, { onOpening }, never)
    // Nothing can have come of it yet.
    vi.advanceTimersByTime(4999)
    expect(vi.getTimerCount()).toBe(1)
    vi.advanceTimersByTime(1)
    await expect(stream).rejects.toMatchObject({ stage: 'tcp', message: 'no answer' })
    expect(onOpening).toHaveBeenCalledTimes(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('has no more than that time, and what is there has its own for the banner', async () => {
    await using server = await hangingServer()
    const stream = opening(server)
    const [socket] = (await bringUp(server, 1)) as [Socket]
    vi.advanceTimersByTime(5000)
    await server.connection(1)
    socket.write(banner)
    await using opened = await stream
    expect(String(opened.read())).toBe(banner)
  })
})

describe('through a jump', () => {
  const jumpWith = (proxyCommand: string) => ({
    host: '192.0.2.1',
    port: 22,
    jump: { proxyCommand, through: 'jump', isCommand: false },
  })

  test('there is one login, however long it takes', async () => {
    using folder = temporaryFolder()
    const logins = join(folder.path, 'logins')
    const go = join(folder.path, 'go')
    const script = `echo >> ${logins}; until test -e ${go}; do sleep 0.01; done; echo SSH-2.0-test; exec cat`
    const stream = openStream(jumpWith(`sh -c '${script}' 2>&-`), { onOpening }, never)
    await until(() => existsSync(logins))
    vi.advanceTimersByTime(19_999)
    expect(onOpening).toHaveBeenCalledTimes(1)
    writeFileSync(go, '')
    await using opened = await stream
    expect(String(await once(opened, 'data'))).toBe('SSH-2.0-test\n')
    expect(readFileSync(logins, 'utf8')).toBe('\n')
    expect(vi.getTimerCount()).toBe(0)
  })

  test('a jump host that refuses after a while is told as such', async () => {
    using folder = temporaryFolder()
    const began = join(folder.path, 'began')
    const go = join(folder.path, 'go')
    const says = 'user@jump: Permission denied (publickey).'
    const script = `touch ${began}; until test -e ${go}; do sleep 0.01; done; echo "${says}" >&2; exit 255`
    const stream = openStream(jumpWith(`sh -c '${script}'`), {}, never).catch((error: unknown) => error)
    await until(() => existsSync(began))
    vi.advanceTimersByTime(10_000)
    writeFileSync(go, '')
    expect(await stream).toMatchObject({ code: 'SSH_JUMP_FAILED', details: { fault: 'refused' } })
  })

  test('a guest that stays silent counts as one that is not reached', async () => {
    const stream = openStream(jumpWith('sleep 1000'), {}, never)
    const error = stream.catch((thrown: unknown) => thrown)
    vi.advanceTimersByTime(20_000)
    expect(await error).toMatchObject({ stage: 'tcp', message: 'no answer' })
  })

  test('something else than a banner is a failure of the banner', async () => {
    const stream = openStream(jumpWith('echo welcome'), {}, never)
    await expect(stream).rejects.toMatchObject({
      stage: 'banner',
      message: 'the connection was closed: welcome',
    })
  })
})
