import { expect, test } from 'vitest'
import { BatchTerminalRenderer } from '../../../src/cli/progress/batch-terminal.ts'
import type { Terminal } from '../../../src/cli/progress/listr.ts'
import type { ProgressEvent } from '../../../src/core/events.ts'
import { FakeTerminal } from '../../support/fake-terminal.ts'

const steps = [
  { step: 'iso.upload', title: 'Upload' },
  { step: 'vm.create', title: 'Virtual machine' },
  { step: 'nixos.install', title: 'Install NixOS' },
]

async function renderer(
  hosts: number,
  { columns = 100, rows = 30, isSummaryElsewhere = false } = {},
): Promise<{ terminal: FakeTerminal; shown: BatchTerminalRenderer; send: (...events: object[]) => void }> {
  const terminal = new FakeTerminal(columns, rows)
  const shown = new BatchTerminalRenderer(terminal as unknown as Terminal, isSummaryElsewhere)
  await shown.begin(steps, { hosts })
  const send = (...events: object[]): void => {
    for (const event of events) shown.event(event as ProgressEvent)
  }
  return { terminal, shown, send }
}

/** What is on the terminal once it has been drawn anew. */
async function drawn(terminal: FakeTerminal, text: string | RegExp): Promise<string> {
  await expect.poll(() => terminal.screen, { timeout: 20_000 }).toMatch(text)
  return terminal.screen
}

const begin = (host: string, step = 'vm.create'): object[] => [
  { step: 'provision', host, type: 'start' },
  { step, host, type: 'start' },
]
const end = (host: string, status: string, error?: string): object => ({
  ...{ step: 'provision', host, type: 'end', status },
  ...(error === undefined ? {} : { error }),
})
const fail = (host: string): object[] => [
  ...begin(host),
  { step: 'vm.create', host, type: 'end', status: 'failed', error: 'PVE_TASK_FAILED' },
  end(host, 'failed', 'PVE_TASK_FAILED'),
]

test('a row for the whole, one for each host that runs with step, phase and percents, failed ones stay', async () => {
  const { terminal, shown, send } = await renderer(5)
  send(...begin('web1', 'nixos.install'))
  send({ step: 'nixos.install', host: 'web1', type: 'phase', phase: 'copying' })
  send({ step: 'nixos.install', host: 'web1', type: 'progress', done: 43, total: 100, unit: 'items' })
  send(...fail('db1'), ...begin('web2'), end('web2', 'changed'))
  const screen = await drawn(terminal, '1 of 5 hosts done, 1 failed, 1 running, 2 to go — ')
  expect(screen).toMatch(/^Provisioning 5 hosts\n/)
  expect(screen).toMatch(/web1 {2}\d+ s {2}Install NixOS — copying: 43 %/)
  expect(screen).toMatch(/db1: PVE_TASK_FAILED in “Virtual machine” after 0/)
  expect(screen).not.toContain('web2')
  await shown.end()
})

test('a host that was interrupted has not failed', async () => {
  const { terminal, shown, send } = await renderer(2, { isSummaryElsewhere: true })
  send(...fail('db1'), ...begin('web1'), end('web1', 'failed', 'INTERRUPTED'))
  await drawn(terminal, '0 of 2 hosts done, 1 failed, 1 interrupted — ')
  await shown.end()
})

test('work that hosts share has a row until it is done', async () => {
  const { terminal, shown, send } = await renderer(5)
  const upload = { step: 'iso.upload', shared: 'local on pve1' }
  send({ ...upload, type: 'start' }, { ...upload, type: 'progress', done: 1, total: 4, unit: 'items' })
  await drawn(terminal, 'Upload: local on pve1 — 1 of 4 (25 %)')
  send({ ...upload, type: 'end', status: 'changed' })
  await expect.poll(() => terminal.screen).not.toContain('Upload')
  await shown.end()
})

test('a host that waits for its turn is counted, and comes last when it gets it', async () => {
  const { terminal, shown, send } = await renderer(2)
  send(...begin('late'), {
    step: 'vm.create',
    host: 'late',
    type: 'phase',
    phase: 'waiting for a place on local',
  })
  send(...begin('early'), { step: 'vm.create', host: 'early', type: 'phase', phase: 'creating' })
  expect(await drawn(terminal, '1 running, 1 waiting')).not.toContain('late')
  send({ step: 'vm.create', host: 'late', type: 'phase', phase: 'creating' })
  await drawn(terminal, /early[\s\S]*late/)
  await shown.end()
})

test.each([
  [100, 30],
  [40, 8],
  [200, 4],
  [80, 100],
])('on %d columns and %d rows, a thousand hosts take no more than there is', async (columns, rows) => {
  const { terminal, shown, send } = await renderer(1000, { columns, rows })
  for (let index = 0; index < 1000; index++) {
    const host = `${'very-long-'.repeat(index % 9)}name${index}`
    send(...(index % 3 === 0 ? fail(host) : begin(host)))
    send({ step: 'iso.upload', shared: `storage${index}`, type: 'start' })
  }
  const screen = await drawn(terminal, /0 of 1000 hosts/)
  expect(terminal.mostRows).toBeLessThanOrEqual(Math.min(rows - 1, 40))
  expect(terminal.widest).toBeLessThan(columns)
  if (rows >= 30) {
    expect(screen).toMatch(/… and \d+ more running/)
    expect(screen).toMatch(/… and \d+ more failed/)
    expect(screen).toMatch(/… and \d+ more under way/)
  }
  await shown.end()
})

test('a terminal that becomes smaller gets fewer rows', async () => {
  const { terminal, shown, send } = await renderer(100, { rows: 40 })
  for (let index = 0; index < 100; index++) send(...begin(`web${index}`))
  await drawn(terminal, 'more running')
  terminal.rows = 10
  await expect.poll(() => terminal.screen.split('\n').length, { timeout: 20_000 }).toBeLessThan(10)
  await shown.end()
})

test('events are not drawn one by one', async () => {
  const { terminal, shown, send } = await renderer(1000)
  for (let index = 0; index < 1000; index++) send(...begin(`web${index}`, 'nixos.install'))
  const before = terminal.writes
  for (let round = 0; round < 100; round++) {
    for (let index = 0; index < 1000; index++)
      send({
        step: 'nixos.install',
        host: `web${index}`,
        type: 'progress',
        done: round,
        total: 100,
        unit: 'items',
      })
  }
  expect(terminal.writes).toBe(before)
  await drawn(terminal, 'Install NixOS — 99 %')
  await shown.end()
})

test('at the end the row of the whole stays, and what failed where no summary follows on this terminal', async () => {
  const [with_, without] = [await renderer(3), await renderer(3, { isSummaryElsewhere: true })]
  for (const { send, shown } of [with_, without]) {
    send(...fail('db1'), ...begin('web1'), end('web1', 'unchanged'))
    send({ step: 'vm.create', host: 'web1', type: 'warning', message: 'careful' })
    send({ step: 'vm.create', host: 'web2', type: 'warning', message: 'careful' })
    await shown.end()
  }
  expect(with_.terminal.screen).toMatch(
    /^Provisioning 3 hosts\n\S 1 of 3 hosts done, 1 failed, 1 not begun — 0\.\d s$/,
  )
  expect(without.terminal.screen).toMatch(/db1: PVE_TASK_FAILED[^\n]*\nwarning: careful$/)
})

test('names that would move the cursor do not', async () => {
  const { terminal, shown, send } = await renderer(1)
  send(...begin('a\u001b[2Jb\nc'))
  await drawn(terminal, /❯ ab c {2}\d+ s/)
  await shown.end()
})

test('what is done before the hosts are known is shown, and leaves nothing', async () => {
  const terminal = new FakeTerminal(60, 20)
  const shown = new BatchTerminalRenderer(terminal as unknown as Terminal, false)
  shown.event({ step: 'provision', type: 'phase', phase: 'evaluating /etc/nixos' })
  await drawn(terminal, /^Getting ready\n. evaluating \/etc\/nixos$/)
  await shown.begin(steps, { hosts: 2 })
  const screen = await drawn(terminal, /^Provisioning 2 hosts\n. 0 of 2 hosts done, 2 to go/)
  expect(screen).not.toContain('evaluating')
  await shown.end()
})

test('hosts that were not begun are not done', async () => {
  const { terminal, shown, send } = await renderer(2)
  send(...begin('web1'), end('web1', 'changed'), end('web2', 'skipped'))
  await shown.end()
  expect(terminal.screen).toContain('1 of 2 hosts done, 1 not begun')
})
