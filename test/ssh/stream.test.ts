import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { isAlive } from '../../src/core/process-identity.ts'
import { openStream } from '../../src/ssh/stream.ts'
import { temporaryFolder } from '../support/folder.ts'
import { type TcpServer, tcpServer } from '../support/tcp-server.ts'

const never = new AbortController().signal
const banner = 'SSH-2.0-test\r\n'

// The clock stands still unless a test moves it; connections do not.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

/** A server whose connections hang, in the order in which they came. */
async function hangingServer(): Promise<TcpServer & { connection(n: number): Promise<Socket> }> {
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

const opening = (server: TcpServer, signal = never) =>
  openStream({ host: '127.0.0.1', port: server.port }, {}, signal)

describe('a connection over which nothing comes', () => {
  test('gets another beside it after three seconds, and the one that is answered counts', async () => {
    await using server = await hangingServer()
    const stream = opening(server)
    const silent = await server.connection(0)
    vi.advanceTimersByTime(2999)
    expect(vi.getTimerCount()).toBe(2)
    vi.advanceTimersByTime(1)
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
    const first = await server.connection(0)
    const others: Socket[] = []
    for (const n of [1, 2, 3]) {
      vi.advanceTimersByTime(3000)
      others.push(await server.connection(n))
    }
    first.write(banner)
    await using opened = await stream
    expect(String(opened.read())).toBe(banner)
    await Promise.all(others.filter((socket) => !socket.closed).map((socket) => once(socket, 'close')))
    expect(server.sockets).toEqual(new Set([first]))
  })

  test('has at most three others beside it', async () => {
    await using server = await hangingServer()
    const stream = opening(server)
    for (const n of [0, 1, 2, 3]) {
      await server.connection(n)
      vi.advanceTimersByTime(3000)
    }
    await using ours = connect(server.port, '127.0.0.1')
    const fifth = await server.connection(4)
    expect(fifth.remotePort).toBe(ours.localPort)
    fifth.destroy()
    const fourth = await server.connection(3)
    fourth.write(banner)
    await using _ = await stream
  })

  test('is given up after twenty seconds, with all beside it', async () => {
    await using server = await hangingServer()
    const stream = opening(server).catch((error: unknown) => error)
    for (const n of [0, 1, 2, 3]) {
      await server.connection(n)
      vi.advanceTimersByTime(3000)
    }
    vi.advanceTimersByTime(8000)
    expect(await stream).toMatchObject({ stage: 'banner', message: 'no banner' })
    await expect.poll(() => server.sockets.size).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('is given up with all beside it when the signal says so', async () => {
    await using server = await hangingServer()
    const controller = new AbortController()
    const stream = opening(server, controller.signal).catch((error: unknown) => error)
    await server.connection(0)
    vi.advanceTimersByTime(3000)
    await server.connection(1)
    controller.abort('stop')
    expect(await stream).toBe('stop')
    await expect.poll(() => server.sockets.size).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('where a connection is refused while another hangs', () => {
  test('the next comes a second later, and the one that hangs may still be answered', async () => {
    await using server = await hangingServer()
    const stream = opening(server)
    const first = await server.connection(0)
    vi.advanceTimersByTime(3000)
    for (const n of [1, 2, 3, 4, 5]) {
      const refused = await server.connection(n)
      refused.end()
      await once(refused, 'close')
      vi.advanceTimersByTime(1000)
    }
    await server.connection(6)
    first.write(banner)
    await using opened = await stream
    expect(String(opened.read())).toBe(banner)
  })

  test('the last reason counts once none is left', async () => {
    await using server = await hangingServer()
    const stream = opening(server).catch((error: unknown) => error)
    const first = await server.connection(0)
    vi.advanceTimersByTime(3000)
    const second = await server.connection(1)
    first.resetAndDestroy()
    second.end()
    expect(await stream).toMatchObject({
      stage: 'banner',
      message: expect.stringMatching(/ECONNRESET|the connection was closed/),
    })
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('through a jump', () => {
  test('what hangs gets another beside it, and ends with the one that is answered', async () => {
    using folder = temporaryFolder()
    const pids = join(folder.path, 'pids')
    const go = join(folder.path, 'go')
    // The first to come hangs; the next answers.
    const script = `echo $$ >> ${pids}; if mkdir ${go}; then exec sleep 1000; fi; echo SSH-2.0-test; exec cat`
    const jump = { proxyCommand: `sh -c '${script}' 2>&-`, through: 'a command', isCommand: true }
    const stream = openStream({ host: '192.0.2.1', port: 22, jump }, {}, never)
    await expect.poll(() => existsSync(go)).toBe(true)
    vi.advanceTimersByTime(3000)
    await using opened = await stream
    expect(String(await once(opened, 'data'))).toBe('SSH-2.0-test\n')
    const [silent] = readFileSync(pids, 'utf8').split('\n').map(Number)
    await expect.poll(() => isAlive(silent as number)).toBe(false)
  })

  test('a guest that stays silent counts as one that is not reached', async () => {
    const jump = { proxyCommand: 'sleep 1000', through: 'a command', isCommand: true }
    const stream = openStream({ host: '192.0.2.1', port: 22, jump }, {}, never)
    const error = stream.catch((thrown: unknown) => thrown)
    vi.advanceTimersByTime(20_000)
    expect(await error).toMatchObject({ stage: 'tcp', message: 'no answer' })
  })
})
