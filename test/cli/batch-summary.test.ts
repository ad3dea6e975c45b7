import { expect, test, vi } from 'vitest'
import { batchSummaryText, printBatchFailure } from '../../src/cli/batch-summary.ts'
import type { Failure } from '../../src/core/run.ts'
import {
  changedHost,
  failedHost,
  plannedHost,
  type Report,
  reportOf,
  sharedUpload,
  taskFailed,
  unchangedHost,
} from '../support/batch-report.ts'

const text = (report: Report, { width = 100, check = false, warnings = [] as string[] } = {}): string =>
  batchSummaryText(report, { check, warnings }, width)

test('a table of the hosts, failed ones first, with times by stage; then what failed, and where the reports are', () => {
  const report = reportOf(
    [changedHost('web1'), failedHost('db1'), unchangedHost('old1'), unchangedHost('old2')],
    {
      shared: [sharedUpload],
      report_file: '/var/log/report.json',
      timeline_file: '/var/log/timeline.html',
    },
  )
  expect(text(report)).toBe(`host  result    time  create  boot  install  detach  proof  waited  error
db1   failed      3s      3s                                        PVE_TASK_FAILED
web1  changed  2m50s      4s   41s    1m25s      5s    20s     15s

shared                     result   time
iso.upload  local on pve1  changed    9s  for 2 hosts

2 hosts unchanged: old1, old2

PVE_TASK_FAILED on db1
  The task ended with: no space left on device.
  Free space on the \`storage\`, or name another one.

4 hosts in 2 min 50 s: 1 changed, 2 unchanged, 1 failed.
  timeline  /var/log/timeline.html
  report    /var/log/report.json
`)
})

test('one error of many hosts is told once, with its hint once', () => {
  const hosts = Array.from({ length: 30 }, (_, index) =>
    failedHost(`db${index}`, { ...taskFailed, message: `No space for db${index}.` }),
  )
  const shown = text(reportOf(hosts))
  expect(shown).toContain('PVE_TASK_FAILED on 30 hosts: db0, db1, db2, db3, db4, db5, db6, db7 and 22 more\n')
  expect(shown.match(/No space for/g)).toHaveLength(1)
  expect(shown.match(/name another one/g)).toHaveLength(1)
})

test('different mistakes with one code are all told, each with its hosts, up to a bound', () => {
  const hosts = (count: number): ReturnType<typeof failedHost>[] =>
    Array.from({ length: count }, (_, index) =>
      failedHost(`db${index}`, { ...taskFailed, message: `Mistake ${String(Math.max(1, index))}.` }),
    )
  const shown = text(reportOf(hosts(6)))
  expect(shown).toContain('  Mistake 1. (db0, db1)\n  Mistake 2. (db2)\n')
  expect(shown).toContain('  Mistake 5. (db5)\n')
  expect(shown).not.toContain('more of these')
  expect(text(reportOf(hosts(34)))).toContain('\n  … and 3 more of these: `--json` shows all.\n')
})

test('long names of hosts are cut in the middle, so that their ends tell them apart', () => {
  const hosts = ['07', '08'].map((end) => changedHost(`ci-runner-production-${end}`))
  const shown = text(reportOf(hosts), { width: 80 })
  expect(shown).toMatch(/^ci-runner-…uction-07 {2}/m)
  expect(shown).toMatch(/^ci-runner-…uction-08 {2}/m)
})

test('a warning is told once, with those that have it', () => {
  const warned = (name: string): ReturnType<typeof changedHost> => ({
    ...changedHost(name),
    warnings: [`${name} has no agent.`],
  })
  const shown = text(reportOf([warned('web1'), warned('web2'), warned('web3')]), {
    warnings: ['TLS is not verified.'],
  })
  expect(shown).toContain('warning: TLS is not verified.\nwarning: web1 has no agent. (web1 and 2 more)\n')
})

test.each([40, 60, 80, 120])('on %d columns no line is longer, and no word is broken', (width) => {
  const message =
    'The installation ended with an error that takes many words to be told completely and clearly.'
  const report = reportOf(
    [
      changedHost('web1'),
      changedHost(`a-${'very-'.repeat(12)}long-name`),
      failedHost('db1', { ...taskFailed, message }),
      ...Array.from({ length: 9 }, (_, index) => unchangedHost(`old${index}`)),
    ],
    { shared: [sharedUpload] },
  )
  const lines = text(report, { width, warnings: [message] }).split('\n')
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(width)
  const words = new Set(lines.flatMap((line) => line.trim().split(/\s+/)))
  for (const word of message.split(' ')) expect(words).toContain(word)
})

test('of hundreds of hosts the failed ones and the slowest have rows', () => {
  const hosts = [
    ...Array.from({ length: 500 }, (_, index) => changedHost(`web${index}`, { slow: 1 + index / 500 })),
    ...Array.from({ length: 60 }, (_, index) => failedHost(`db${index}`)),
    ...Array.from({ length: 300 }, (_, index) => unchangedHost(`old${index}`)),
  ]
  const shown = text(reportOf(hosts))
  expect(shown.split('\n').length).toBeLessThan(100)
  expect(shown).toMatch(/\nweb499 +changed/)
  expect(shown).toContain('… and 20 more failed.\n')
  expect(shown).toMatch(/… and 480 more changed, faster than these: 2 min 50 s to .*, median /)
  expect(shown).toContain('300 hosts unchanged: old0, old1, old2, old3, old4 and 295 more\n')
})

test('check mode tells what would be created and changed, and what the nodes are asked for', () => {
  const gib = 1024 ** 3
  const report = reportOf([plannedHost('new1'), plannedHost('there1', 104), unchangedHost('old1')], {
    demand: [
      {
        ...{ node: 'pve1', vms: 1, cores: 8, cores_of_node: 4, memory: 2048, memory_free: 4096 },
        storages: [
          { storage: 'local-lvm', bytes: 32 * gib, free: 16 * gib, thin: true },
          { storage: 'big', bytes: gib },
        ],
      },
    ],
  })
  expect(text(report, { check: true })).toBe(`To be created: 1 host
  new1 (node pve1)
    + scsi0: local-lvm:32

To be changed: 1 host
  there1 (VM 104, node pve1)
    + scsi0: local-lvm:32

What the new VMs ask of the nodes
  node  VMs  cores     memory                   storage
  pve1  1    8 of 4 !  2.0 GiB of 4.0 GiB free  local-lvm: 32.0 GiB of 16.0 GiB free ! (thin)
                                                big: 1.0 GiB
  ! over-committed: more is asked than there is

1 host unchanged: old1

Nothing was changed. 3 hosts in 1 s: 1 unchanged, 2 to be provisioned.
`)
})

test('of hosts that are alike only the first is told in full', () => {
  const like = (name: string): ReturnType<typeof plannedHost> => {
    const host = plannedHost(name)
    const own = [...(host.steps[0]?.diff ?? []), { what: 'cores', after: 2 }, { what: 'name', after: name }]
    return { ...host, steps: host.steps.map((step) => ({ ...step, diff: own })) }
  }
  expect(text(reportOf([like('new1'), like('new2')]), { check: true })).toContain(`
  new1 (node pve1)
    + scsi0: local-lvm:32
    + cores: 2
    + name: new1
  new2 (node pve1), as new1 but for
    + name: new2
`)
})

test('the changes of many hosts are bounded', () => {
  const hosts = Array.from({ length: 300 }, (_, index) => plannedHost(`new${index}`))
  const shown = text(reportOf(hosts), { check: true })
  expect(shown).toContain('To be created: 300 hosts\n')
  expect(shown).toContain('  … and 280 more: `--json` shows all.\n')
})

test('names that would move the cursor do not', () => {
  expect(text(reportOf([changedHost('a\u001b[2Jb'), failedHost('c\u001b[1A')]))).not.toContain('\u001b')
})

async function printed(failure: Failure): Promise<string> {
  let all = ''
  const write = vi.spyOn(process.stdout, 'write').mockImplementation(((part: string, done: () => void) => {
    all += part
    done()
    return true
  }) as never)
  await printBatchFailure(failure).finally(() => write.mockRestore())
  return all
}

const failure = (details: Record<string, unknown>): Failure => ({
  ...{ ok: false, step: 'batch', warnings: ['careful'] },
  error: {
    code: 'BATCH_INVALID',
    message: 'Nothing was begun.',
    hint: 'Correct it.',
    retryable: false,
    details,
  },
})

test('a batch that failed has its summary, then its error', async () => {
  const shown = await printed(failure({ report: reportOf([failedHost('db1')]) }))
  expect(shown).toMatch(
    /^host {2}result[\s\S]*warning: careful[\s\S]*1 failed\.\n\nBATCH_INVALID: Nothing was begun\.\n {2}Correct it\.\n$/,
  )
})

test('a batch that was not begun has the mistakes of its hosts, each once', async () => {
  const problem = {
    code: 'INPUT_INVALID',
    message: 'The input is not valid: cores.',
    hint: 'Correct the values.',
  }
  const hosts = ['web1', 'web2'].map((name) => ({ name, problems: [problem] }))
  expect(await printed(failure({ hosts }))).toBe(`INPUT_INVALID on 2 hosts: web1, web2
  The input is not valid: cores.
  Correct the values.

warning: careful

BATCH_INVALID: Nothing was begun.
  Correct it.
`)
})
