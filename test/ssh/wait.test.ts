import { writeFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Facts } from '../../src/ssh/facts.ts'
import { type LoginKey, loadLoginKey } from '../../src/ssh/keys.ts'
import type { Stage } from '../../src/ssh/stream.ts'
import { type Attempt, type WaitOptions, waitForLogin } from '../../src/ssh/wait.ts'
import { freePort, hasSshd, makeKey, type Sshd, startSshd } from '../support/sshd.ts'
import { tcpServer } from '../support/tcp-server.ts'

// Time stands still but for pauses, which are noted instead of kept.
const pauses: number[] = []
let now = 0
vi.mock('../../src/core/deadline.ts', async (original) => ({
  ...(await original<typeof import('../../src/core/deadline.ts')>()),
  delay: async (milliseconds: number, signal: AbortSignal) => {
    pauses.push(milliseconds)
    now += milliseconds
    await setImmediate()
    signal.throwIfAborted()
  },
}))

describe.skipIf(!hasSshd)('waiting for a login, with a real sshd', () => {
  let server: Sshd
  let key: LoginKey
  beforeEach(async () => {
    pauses.length = 0
    vi.spyOn(performance, 'now').mockImplementation(() => now)
    server = await startSshd()
    key = await loadLoginKey({ ssh_private_key_file: server.keyFile })
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await server[Symbol.asyncDispose]()
  })

  /** Waits with these attempts, one after the other, the last one again and again. */
  async function wait(attempts: Partial<Attempt>[], rest: Partial<WaitOptions> = {}) {
    const seen: Stage[] = []
    let made = 0
    const outcome = await waitForLogin({
      signal: new AbortController().signal,
      prepare: async () => {
        const attempt = attempts[Math.min(made++, attempts.length - 1)]
        const address = { host: '127.0.0.1', port: server.port }
        return { address, user: server.user, key, hostKey: server.hostKey, knock: false, ...attempt }
      },
      accept: () => true,
      onStage: (stage) => seen.push(stage),
      onMismatch: () => false,
      ...rest,
    }).catch((error: unknown) => error)
    return { outcome, seen, made }
  }

  test('a machine that is up is reached at once, with its facts and its host key', async () => {
    const { outcome, seen, made } = await wait([{}])
    expect(outcome).toMatchObject({
      hostKey: server.hostKey,
      address: { host: '127.0.0.1', port: server.port },
      facts: { installer: false },
    })
    expect(seen).toEqual(['address', 'login', 'command'])
    expect([made, pauses]).toEqual([1, []])
  })

  test('each attempt is prepared anew, and each stage is told once, in order', async () => {
    const closed = { address: { host: '127.0.0.1', port: await freePort() } }
    const { outcome, seen, made } = await wait([
      { address: undefined },
      closed,
      closed,
      { knock: true },
      { knock: true },
      {},
    ])
    expect(outcome).toMatchObject({ hostKey: server.hostKey })
    expect(seen).toEqual(['address', 'banner', 'login', 'command'])
    expect(made).toBe(6)
    expect(pauses).toEqual([1000, 1000, 1000, 1000, 1000])
  })

  test('a machine that goes silent is followed from the beginning once more', async () => {
    const closed = { address: { host: '127.0.0.1', port: await freePort() } }
    const { seen } = await wait([{ knock: true }, closed, closed, { knock: true }, {}])
    expect(seen).toEqual(['address', 'banner', 'address', 'banner', 'login', 'command'])
  })

  test('one attempt in vain does not count as silence, nor do several that are none in a row', async () => {
    const closed = { address: { host: '127.0.0.1', port: await freePort() } }
    const { seen } = await wait([{ knock: true }, closed, { knock: true }, closed, {}])
    expect(seen).toEqual(['address', 'banner', 'login', 'command'])
  })

  test('a machine that went silent is asked as often as a new one when it is back', async () => {
    const closed = { address: { host: '127.0.0.1', port: await freePort() } }
    const other = makeKey(server.folder, 'other')
    const refused = { key: await loadLoginKey({ ssh_private_key_file: other }) }
    await wait([refused, refused, refused, refused, closed, closed, refused, {}])
    const tries = pauses.filter((pause) => pause < 1000)
    expect(tries.slice(0, 5)).toEqual(Array(5).fill(400))
    expect(tries.slice(-5)).toEqual(Array(5).fill(400))
  })

  test('a machine that shows its host key and ends is not silent', async () => {
    const other = makeKey(server.folder, 'other')
    const refused = { key: await loadLoginKey({ ssh_private_key_file: other }) }
    const { seen } = await wait([refused, refused, refused, {}])
    expect(seen).toEqual(['address', 'host-key', 'login', 'command'])
  })

  test('the next attempt keeps its distance to what was opened beside the one before as well', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    using _clock = { [Symbol.dispose]: () => void vi.useRealTimers() }
    const came: Socket[] = []
    await using hanging = await tcpServer((socket) => void came.push(socket))
    const address = { host: '127.0.0.1', port: hanging.port }
    const outcome = wait([{ address }, {}])
    /** Until so many hang, and our side waits: for a banner of each, and to open the next. */
    const hang = async (count: number): Promise<void> => {
      while (came.length < count || vi.getTimerCount() < count + 1) await setImmediate()
    }
    await hang(1)
    now += 3000
    vi.advanceTimersByTime(3000)
    await hang(2)
    for (const socket of came) socket.resetAndDestroy()
    expect(await outcome).toMatchObject({ made: 2 })
    expect(pauses).toEqual([1000])
  })

  test('where connections hang, fewer and fewer are opened, until something else comes of them', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    using _clock = { [Symbol.dispose]: () => void vi.useRealTimers() }
    const came: Socket[] = []
    await using server = await tcpServer((socket) => void came.push(socket.resume()))
    const hang = { address: { host: '127.0.0.1', port: server.port } }
    const closed = { address: { host: '127.0.0.1', port: await freePort() } }
    const long = Array<Partial<Attempt>>(22).fill(hang)
    const outcome = wait([...long, { knock: true }, hang, closed, hang, {}])
    /** How many were opened by each attempt that hangs. */
    const counts: number[] = []
    while (counts.length < long.length + 2) {
      const before = came.length
      for (let second = 0; second < 20; second++) {
        // All that has been opened is there, on both sides.
        while (came.length === before) await setImmediate()
        for (let turn = 0; turn < 5; turn++) await setImmediate()
        now += 1000
        vi.advanceTimersByTime(1000)
      }
      counts.push(came.length - before)
    }
    expect(await outcome).toMatchObject({ made: long.length + 5 })
    expect(counts).toEqual([4, 4, 2, ...Array(19).fill(1), 4, 4])
  })

  test('a server that takes no more connections for now is not silent', async () => {
    await using full = await tcpServer((socket) => socket.end('Not allowed at this time\r\n'))
    const busy = { address: { host: '127.0.0.1', port: full.port } }
    const { seen } = await wait([{ knock: true }, busy, busy, busy, {}])
    expect(seen).toEqual(['address', 'banner', 'login', 'command'])
  })

  test('a knock never logs in', async () => {
    const controller = new AbortController()
    const { outcome } = await wait([{ knock: true }], {
      signal: controller.signal,
      onStage: (stage) => {
        if (stage === 'banner') controller.abort('enough')
      },
    })
    expect(outcome).toBe('enough')
    expect(server.log.join('\n')).not.toContain('Accepted')
  })

  /** How often the server refused a key, by connection. */
  const refusals = (): number[] => {
    const counts = new Map<string, number>()
    for (const line of server.log) {
      const connection = /^Failed publickey for .* port (\d+)/.exec(line)?.[1]
      if (connection !== undefined) counts.set(connection, (counts.get(connection) ?? 0) + 1)
    }
    return [...counts.values()]
  }

  test('a key that arrives late is tried again on the same connection, and on few others', async () => {
    const late = makeKey(server.folder, 'late')
    const lateKey = await loadLoginKey({ ssh_private_key_file: late })
    let attempts = 0
    const { outcome, seen } = await wait([], {
      prepare: async () => {
        if (++attempts === 5) writeFileSync(join(server.folder, 'authorized_keys'), lateKey.publicKey)
        const address = { host: '127.0.0.1', port: server.port }
        return { address, user: server.user, key: lateKey, hostKey: server.hostKey, knock: false }
      },
    })
    expect(outcome).toMatchObject({ hostKey: server.hostKey })
    expect(seen).toEqual(['address', 'host-key', 'login', 'command'])
    // The server ends a connection with the sixth refusal, and does not log that one as such.
    expect(refusals().map((count) => count >= 5)).toEqual([true, true, true, true])
    // No connection begins less than 1, 1.5, 2.25, 3.375 s after the one before; the tries fill that time.
    const tries = (pause: number): number[] => Array(5).fill(pause)
    const fast = [...tries(400), ...tries(400), ...tries(400)]
    expect(pauses).toEqual([...fast, 250, ...tries(562.5), 562.5])
  })

  test('however long the key is refused, OpenSSH’s penalties do not add up to being shut out', async () => {
    const stranger = await loadLoginKey({ ssh_private_key_file: makeKey(server.folder, 'stranger') })
    const controller = new AbortController()
    const begins: number[] = []
    await wait([], {
      signal: controller.signal,
      prepare: async () => {
        begins.push(now)
        if (begins.length === 14) controller.abort('enough')
        const address = { host: '127.0.0.1', port: server.port }
        return { address, user: server.user, key: stranger, hostKey: server.hostKey, knock: false }
      },
    })
    // 5 s for each connection that ends without a login; a client is refused from 15 s on (`PerSourcePenalties`).
    let penalty = 0
    for (const [n, begin] of begins.entries()) {
      const passed = begin - (begins[n - 1] ?? begin)
      penalty = Math.max(0, penalty - passed) + (n === 0 ? 0 : 5000)
      expect(penalty, `before connection ${n}`).toBeLessThan(15_000)
    }
    const last = begins.slice(-4)
    expect(last.map((begin, n) => begin - (last[n - 1] ?? begin)).slice(1)).toEqual([5000, 5000, 5000])
  })

  test('a machine that is not yet the expected one is asked again', async () => {
    const answers = [false, false, true]
    const asked: [Facts, string][] = []
    const { outcome, made } = await wait([{}], {
      accept: (facts, hostKey) => {
        asked.push([facts, hostKey])
        return answers.shift() ?? true
      },
    })
    expect(outcome).toMatchObject({ facts: { installer: false } })
    expect([made, asked.length]).toEqual([3, 3])
    expect(asked[0]?.[1]).toBe(server.hostKey)
  })

  test('who is asked whether it is the expected one may give up', async () => {
    const wrong = new Error('another machine')
    const { outcome } = await wait([{}], {
      accept: () => {
        throw wrong
      },
    })
    expect(outcome).toBe(wrong)
  })

  test('another host key is the end, unless it may change', async () => {
    const other = (await loadLoginKey({ ssh_private_key_file: makeKey(server.folder, 'other') })).publicKey
    expect((await wait([{ hostKey: other }])).outcome).toMatchObject({ code: 'SSH_HOST_KEY_MISMATCH' })
    const { outcome, seen } = await wait([{ hostKey: other }, {}], { onMismatch: () => true })
    expect(outcome).toMatchObject({ hostKey: server.hostKey })
    expect(seen).toEqual(['address', 'banner', 'login', 'command'])
  })

  test('an abort is the end, with its reason, wherever the wait is', async () => {
    const controller = new AbortController()
    const { outcome } = await wait([{ address: { host: '127.0.0.1', port: await freePort() } }], {
      signal: controller.signal,
      onStage: () => controller.abort('stop'),
    })
    expect(outcome).toBe('stop')
    expect((await wait([{}], { signal: AbortSignal.abort('early') })).outcome).toBe('early')
  })
})
