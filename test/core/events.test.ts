import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { byteProgress, type StepEvent } from '../../src/core/events.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

function watched(total: number | undefined, alreadyDone?: number) {
  const events: StepEvent[] = []
  const progress = byteProgress((event) => events.push(event), total, alreadyDone)
  return { events, progress }
}

test('the first count is an event at once, without a rate that nothing is known of yet', () => {
  const { events, progress } = watched(1000)
  progress(10)
  expect(events).toEqual([{ type: 'progress', done: 10, total: 1000, unit: 'bytes' }])
})

test('at most ten events a second are sent, and the last one always', () => {
  const { events, progress } = watched(1000)
  for (let done = 1; done <= 1000; done++) {
    vi.advanceTimersByTime(1)
    progress(done)
  }
  expect(events.length).toBeGreaterThan(5)
  expect(events.length).toBeLessThanOrEqual(11)
  expect(events.at(-1)).toMatchObject({ done: 1000, total: 1000 })
})

test('rate and time left come from what was done here, not from what was there before', () => {
  const { events, progress } = watched(10_000, 4000)
  vi.advanceTimersByTime(2000)
  progress(6000)
  expect(events.at(-1)).toEqual({
    type: 'progress',
    done: 6000,
    total: 10_000,
    unit: 'bytes',
    rate: 1000,
    secondsLeft: 4,
  })
})

test('without a total there is a rate and no time left', () => {
  const { events, progress } = watched(undefined)
  vi.advanceTimersByTime(1000)
  progress(500)
  expect(events).toEqual([{ type: 'progress', done: 500, unit: 'bytes', rate: 500 }])
})
