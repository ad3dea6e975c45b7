import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { deadline, delay } from '../../src/core/deadline.ts'

const never = new AbortController().signal

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('the signal is aborted with TIMEOUT when the time is over, and not before', async () => {
  using limit = deadline(never, 2.5, 'vm.create')
  await vi.advanceTimersByTimeAsync(2499)
  expect(limit.signal.aborted).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  expect(limit.signal.reason).toMatchObject({
    code: 'TIMEOUT',
    exitCode: 5,
    message: 'vm.create did not end within 2.5 seconds.',
  })
})

test('the reason of the parent is handed on', () => {
  const parent = new AbortController()
  using limit = deadline(parent.signal, 10, 'x')
  const reason = new Error('stop')
  parent.abort(reason)
  expect(limit.signal.reason).toBe(reason)
})

test('a parent that was aborted before counts as well', () => {
  using limit = deadline(AbortSignal.abort('early'), 10, 'x')
  expect(limit.signal.reason).toBe('early')
})

test('without seconds there is no timer', () => {
  using limit = deadline(never, undefined, 'x')
  expect(vi.getTimerCount()).toBe(0)
  expect(limit.signal.aborted).toBe(false)
})

test('a deadline that was disposed leaves no timer and aborts nothing', async () => {
  const limit = deadline(never, 1, 'x')
  limit[Symbol.dispose]()
  expect(vi.getTimerCount()).toBe(0)
  await vi.advanceTimersByTimeAsync(5000)
  expect(limit.signal.aborted).toBe(false)
})

test('a delay ends after its time', async () => {
  let ended = false
  const waiting = delay(300, never).then(() => {
    ended = true
  })
  await vi.advanceTimersByTimeAsync(299)
  expect(ended).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  await waiting
  expect(ended).toBe(true)
})

test('an abort ends a delay at once with its reason, and its timer', async () => {
  const controller = new AbortController()
  const waiting = delay(60_000, controller.signal)
  const reason = new Error('stop')
  controller.abort(reason)
  await expect(waiting).rejects.toBe(reason)
  expect(vi.getTimerCount()).toBe(0)
})

test('a delay under an aborted signal does not begin', async () => {
  await expect(delay(1, AbortSignal.abort('early'))).rejects.toBe('early')
  expect(vi.getTimerCount()).toBe(0)
})
