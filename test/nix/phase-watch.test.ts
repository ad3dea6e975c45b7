import { describe, expect, test } from 'vitest'
import { PhaseWatch } from '../../src/nix/phase-watch.ts'
import { recordingContext } from '../support/context.ts'
import { hasReference } from '../support/reference.ts'
import { type Line, readRun, recordedRuns } from './recorded-runs.ts'

/** What the progress shows of a run. */
function watch(lines: readonly Line[]) {
  const context = recordingContext()
  const watching = new PhaseWatch(context)
  for (const { line, stream } of lines) watching.line(line, stream)
  return { events: context.events, times: watching.end() }
}

test('what is copied is counted anew for each announcement, and never beyond it', () => {
  const copying = (path: string): Line => ({
    stream: 'stderr',
    line: `copying path '/nix/store/${path}' to 'ssh://h'...`,
  })
  const { events } = watch([
    copying('before'),
    { stream: 'stderr', line: 'copying 2 paths...' },
    ...['a', 'b', 'c'].map(copying),
    { stream: 'stderr', line: 'copying 1 paths...' },
    copying('d'),
  ])
  const progress = events.filter(({ type }) => type === 'progress')
  expect(progress).toMatchObject([
    { done: 1, total: 2, unit: 'items' },
    { done: 2, total: 2 },
    { done: 2, total: 2 },
    { done: 1, total: 1 },
  ])
})

test('a marker on standard error begins no phase, and is shown as what it is', () => {
  const { events, times } = watch([{ stream: 'stderr', line: '### Rebooting ###' }])
  expect(events.at(-1)).toEqual({ type: 'log', line: '### Rebooting ###' })
  expect(times.map(({ phase }) => phase)).toEqual(['prepare'])
})

describe.skipIf(!hasReference)('recorded runs of nixos-anywhere', () => {
  test.each(recordedRuns.filter((name) => name.startsWith('success')))(
    '%s shows its phases with their times, and each path that is copied',
    (name) => {
      const { events, times } = watch(readRun(name))
      expect(times.map(({ phase }) => phase)).toEqual(['prepare', 'disko', 'copy', 'install', 'reboot'])
      const progress = events.flatMap((event) => (event.type === 'progress' ? [event] : []))
      expect(progress.map(({ done, total }) => `${done}/${total}`)).toEqual([
        '1/2',
        '2/2',
        '1/3',
        '2/3',
        '3/3',
      ])
    },
  )
})
