import { expect, test } from 'vitest'
import { remainingSeconds, roughly } from '../../../src/cli/progress/batch-estimate.ts'

const many = (count: number, seconds: number): number[] => Array.from({ length: count }, () => seconds)

test('as many hosts at once as so far, each as long as is usual', () => {
  // Ten at a time, 60 seconds each: 20 are done after two minutes, ten are half way, 70 have not begun.
  const course = { durations: many(20, 60), running: many(10, 30), toGo: 70, elapsed: 150 }
  expect(remainingSeconds(course)).toBeCloseTo((10 * 30 + 70 * 60) / 10, 0)
})

test('a last host that takes longer than others is about to end', () => {
  expect(remainingSeconds({ durations: many(9, 60), running: [90], toGo: 0, elapsed: 90 })).toBe(6)
})

test('nothing is said while too few are done, nor when none is left', () => {
  const course = { running: many(10, 30), toGo: 90, elapsed: 60 }
  expect(remainingSeconds({ ...course, durations: many(2, 60) })).toBeUndefined()
  expect(remainingSeconds({ ...course, durations: many(4, 60) })).toBeUndefined()
  expect(remainingSeconds({ durations: many(9, 60), running: [], toGo: 0, elapsed: 60 })).toBeUndefined()
})

test.each([
  [20, 'less than a minute'],
  [70, 'about 1 min'],
  [1190, 'about 20 min'],
  [3600, 'about 1 h'],
  [7830, 'about 2 h 10 min'],
  [10_700, 'about 3 h'],
])('%d seconds are %s', (seconds, text) => {
  expect(roughly(seconds)).toBe(text)
})
