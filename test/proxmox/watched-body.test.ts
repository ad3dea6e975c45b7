import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { watchBody } from '../../src/proxmox/watched-body.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const never = new AbortController().signal
const minutes = 60_000

/** Two parts, of which the second comes when it is told to. */
function twoParts() {
  const second = Promise.withResolvers<void>()
  async function* body(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('first')
    await second.promise
    yield Buffer.from('second')
  }
  return { body: body(), goOn: second.resolve }
}

test('a part that is not taken in time ends the request', async () => {
  const { body, signal } = watchBody(twoParts().body, 5 * minutes, never)
  await body[Symbol.asyncIterator]().next()
  vi.advanceTimersByTime(5 * minutes - 1)
  expect(signal.aborted).toBe(false)
  vi.advanceTimersByTime(1)
  expect(signal.reason).toMatchObject({ message: 'nothing more of it was taken for 5 min 0 s' })
})

test('neither a part that is long in coming nor the time after the last one counts', async () => {
  const parts = twoParts()
  const { body, signal } = watchBody(parts.body, 5 * minutes, never)
  const iterator = body[Symbol.asyncIterator]()
  await iterator.next()
  const second = iterator.next()
  await Promise.resolve()
  vi.advanceTimersByTime(60 * minutes)
  parts.goOn()
  expect((await second).done).toBe(false)
  expect((await iterator.next()).done).toBe(true)
  vi.advanceTimersByTime(60 * minutes)
  expect(signal.aborted).toBe(false)
  expect(vi.getTimerCount()).toBe(0)
})

test('a request that ends early leaves no timer, and ends the body', async () => {
  const parts = twoParts()
  const iterator = watchBody(parts.body, 5 * minutes, never).body[Symbol.asyncIterator]()
  await iterator.next()
  await iterator.return?.()
  expect(vi.getTimerCount()).toBe(0)
  expect((await parts.body.next()).done).toBe(true)
})

test('what ends the request otherwise still does', () => {
  const controller = new AbortController()
  const { signal } = watchBody(twoParts().body, 5 * minutes, controller.signal)
  controller.abort('enough')
  expect(signal.reason).toBe('enough')
})
