import { channel } from 'node:diagnostics_channel'
import { readFileSync, writeFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type LoginKey, loadLoginKey } from '../../src/ssh/keys.ts'
import { waitForLogin } from '../../src/ssh/wait.ts'
import { makeKey, type Sshd, startSshd } from '../support/sshd.ts'
import { tcpProxy } from '../support/tcp-proxy.ts'
import { atMost, type Figure } from './figures.ts'
import { median } from './measure.ts'

const trials = 25
/** Trials beside each other: more would compete for the processor. */
const lanes = 5
/** Below the ports that the kernel gives to connections: one of those could take the port before it is opened. */
let nextPort = 15_000 + (process.pid % 10_000)

interface Trial {
  /** Milliseconds from "a login would succeed" to the end of the wait. */
  readonly late: number
  /** The shortest time between the beginnings of two connections, in milliseconds. */
  readonly shortestGap: number
}

/**
 * The time between "a key login would succeed" and the end of the wait, with a real sshd: where the port opens with the
 * keys in place, where the keys arrive after sshd, and where both happen as in a boot.
 */
export async function sshWaitLatency(): Promise<Figure[]> {
  await using attempts = new Attempts()
  const opens = await inLanes((server) => trial(server, attempts, { opens: random(200, 4000), keys: 0 }))
  const keys = await inLanes((server) => trial(server, attempts, { opens: 0, keys: random(200, 6000) }))
  const boots = await inLanes((server) => {
    const opensAt = random(200, 2500)
    return trial(server, attempts, { opens: opensAt, keys: opensAt + random(100, 4000) })
  })
  const gap = Math.min(...[...opens, ...keys, ...boots].map(({ shortestGap }) => shortestGap))
  const latency = (ones: readonly Trial[]): number => median(ones.map(({ late }) => late))
  return [
    atMost('wait after a boot: port, then keys, median', latency(boots), 'ms', 500),
    atMost('wait after the keys arrive, median', latency(keys), 'ms', 500),
    // Half of the second between two connections, and the login itself.
    { name: 'wait after the port opens, median', value: latency(opens), unit: 'ms' },
    atMost('connection attempts a second, most', 1000 / gap, '', 1.01),
  ]
}

/** Notes when connections begin: those to a closed port as well, of which no server knows. */
class Attempts implements AsyncDisposable {
  readonly #times = new Map<number, number[]>()
  readonly #onSocket = (message: unknown): void => {
    const { socket } = message as { socket: Socket }
    socket.once('connectionAttempt', (_address, port) => this.of(port).push(performance.now()))
  }

  constructor() {
    channel('net.client.socket').subscribe(this.#onSocket)
  }

  /** Times of the connections to a port. */
  of(port: number): number[] {
    const times = this.#times.get(port) ?? []
    this.#times.set(port, times)
    return times
  }

  async [Symbol.asyncDispose](): Promise<void> {
    channel('net.client.socket').unsubscribe(this.#onSocket)
  }
}

async function trial(
  { server, key }: Lane,
  attempts: Attempts,
  at: { readonly opens: number; readonly keys: number },
): Promise<Trial> {
  const authorized = join(server.folder, 'authorized_keys')
  writeFileSync(authorized, '')
  const port = nextPort++
  const began = performance.now()
  const until = (time: number): Promise<void> => pause(Math.max(0, began + time - performance.now()))
  const ready = (async () => {
    await until(at.opens)
    const proxy = await tcpProxy(() => ({ port: server.port }), port)
    await until(at.keys)
    writeFileSync(authorized, key.publicKey)
    return { proxy, time: performance.now() }
  })()
  if (at.keys === 0) writeFileSync(authorized, key.publicKey)
  if (at.opens === 0) await pause(20)
  await waitForLogin({
    signal: AbortSignal.timeout(60_000),
    prepare: async () => ({
      address: { host: '127.0.0.1', port },
      user: server.user,
      key,
      hostKey: server.hostKey,
      knock: false,
    }),
    accept: () => true,
    onStage: () => undefined,
    onMismatch: () => false,
  })
  const end = performance.now()
  const { proxy, time } = await ready
  await proxy[Symbol.asyncDispose]()
  const times = attempts.of(port)
  const gaps = times.slice(1).map((one, index) => one - (times[index] ?? 0))
  return { late: end - time, shortestGap: Math.min(...gaps, Number.POSITIVE_INFINITY) }
}

interface Lane {
  readonly server: Sshd
  readonly key: LoginKey
}

async function inLanes(run: (lane: Lane) => Promise<Trial>): Promise<Trial[]> {
  const results: Trial[] = []
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      await using server = await startSshd()
      const key = await loadLoginKey({ ssh_private_key_file: makeKey(server.folder, 'late') })
      // The first login loads what all others use.
      writeFileSync(join(server.folder, 'authorized_keys'), readFileSync(`${server.keyFile}.pub`))
      for (let n = 0; n < trials / lanes; n++) results.push(await run({ server, key }))
    }),
  )
  return results
}

function random(from: number, to: number): number {
  return from + Math.random() * (to - from)
}
