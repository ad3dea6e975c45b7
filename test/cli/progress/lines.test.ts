import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { LinesRenderer } from '../../../src/cli/progress/lines.ts'
import { percentOf, progressText } from '../../../src/cli/progress/text.ts'
import type { ProgressEvent } from '../../../src/core/events.ts'

let written: string[] = []
beforeEach(() => {
  written = []
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written.push(String(text))
    return true
  })
})
afterEach(() => {
  vi.restoreAllMocks()
})

function render(...events: object[]): string[] {
  const renderer = new LinesRenderer()
  for (const event of events) renderer.event({ step: 'iso.upload', ...event } as ProgressEvent)
  return written
}

const bytes = (done: number): object => ({ type: 'progress', done, total: 1000, unit: 'bytes' })

test('phases and warnings are a line each, starts and logs none', () => {
  const lines = render(
    { type: 'start' },
    { type: 'phase', phase: 'uploading' },
    { type: 'log', line: 'noise' },
    { type: 'warning', message: 'careful' },
  )
  expect(lines).toEqual(['iso.upload: uploading\n', 'iso.upload: warning: careful\n'])
})

test('of a long transfer every tenth is a line, once, and anew in the next phase', () => {
  const counts = Array.from({ length: 1001 }, (_, done) => bytes(done))
  expect(render(...counts)).toHaveLength(10)
  expect(written[0]).toBe('iso.upload: 100 B of 1000 B (10 %)\n')
  written.length = 0
  expect(render(bytes(500), { type: 'phase', phase: 'next' }, bytes(500))).toHaveLength(3)
})

test('the end has its status and its error', () => {
  expect(render({ type: 'end', status: 'unchanged' })[0]).toMatch(/^iso\.upload: unchanged after \d/)
  expect(render({ type: 'end', status: 'failed', error: 'TIMEOUT' })[1]).toMatch(/: failed \(TIMEOUT\) after/)
})

test('in a workflow the host leads the line', () => {
  expect(render({ type: 'phase', phase: 'p', host: 'web1' })).toEqual(['web1 iso.upload: p\n'])
})

test.each([
  [{ done: 2048, unit: 'bytes' }, '2.0 KiB'],
  [
    { done: 432013312, total: 994050048, unit: 'bytes', rate: 84934656, secondsLeft: 7 },
    '412.0 MiB of 948.0 MiB (43 %), 81.0 MiB/s, 7 s left',
  ],
  [{ done: 3, total: 7, unit: 'items' }, '3 of 7 (42 %)'],
  [{ done: 41.6, unit: 'percent' }, '42 %'],
  [{ done: 0, total: 0, unit: 'bytes' }, '0 B of 0 B'],
] as const)('%j is %s', (progress, text) => {
  expect(progressText({ type: 'progress', ...progress })).toBe(text)
})

test('percents are whole, and never more than is done', () => {
  expect(percentOf({ done: 999, total: 1000 })).toBe(99)
  expect(percentOf({ done: 1, total: 0 })).toBeUndefined()
})
