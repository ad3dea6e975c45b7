import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { BatchLinesRenderer } from '../../../src/cli/progress/batch-lines.ts'
import type { ProgressEvent } from '../../../src/core/events.ts'

let written: string[] = []
beforeEach(() => {
  written = []
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written.push(String(text).trimEnd())
    return true
  })
})
afterEach(() => {
  vi.restoreAllMocks()
})

function render(...events: object[]): string[] {
  const renderer = new BatchLinesRenderer()
  renderer.begin([], { hosts: 3 })
  for (const event of events) renderer.event(event as ProgressEvent)
  return written
}

const of = (host: string, step: string, event: object): object => ({ step, host, ...event })

test('phases and ends of steps have their host, and a host that is done has the counts', () => {
  const lines = render(
    of('web1', 'provision', { type: 'start' }),
    of('web1', 'vm.create', { type: 'start' }),
    of('web1', 'vm.create', { type: 'phase', phase: 'creating' }),
    of('web1', 'vm.create', { type: 'end', status: 'changed' }),
    of('web1', 'provision', { type: 'end', status: 'changed' }),
    of('db1', 'provision', { type: 'start' }),
    of('db1', 'provision', { type: 'end', status: 'failed', error: 'TIMEOUT' }),
  )
  expect(lines).toEqual([
    'web1 vm.create: creating',
    expect.stringMatching(/^web1 vm\.create: changed after \d/),
    expect.stringMatching(/^web1: changed in \d.* s \(1 of 3 done\)$/),
    expect.stringMatching(/^db1: failed after \d.* s, TIMEOUT \(1 of 3 done, 1 failed\)$/),
  ])
})

test('transfers of hosts and steps with nothing to do are no lines; transfers for all are, by the tenth', () => {
  const bytes = (done: number): object => ({ type: 'progress', done, total: 10, unit: 'items' })
  const upload = { step: 'iso.upload', shared: 'local on pve1' }
  const lines = render(
    of('web1', 'nixos.install', bytes(5)),
    of('web1', 'vm.start', { type: 'start' }),
    of('web1', 'vm.start', { type: 'end', status: 'unchanged' }),
    { ...upload, ...bytes(3) },
    { ...upload, ...bytes(3) },
  )
  expect(lines).toEqual(['iso.upload (local on pve1): 3 of 10 (30 %)'])
})

test('a warning that every host has is a line once, also where it names the host', () => {
  const warn = (host: string): object =>
    of(host, 'vm.create', { type: 'warning', message: `${host} has no agent.` })
  expect(render(warn('web1'), warn('web2'), warn('web3'))).toEqual([
    'web1 vm.create: warning: web1 has no agent.',
  ])
})
