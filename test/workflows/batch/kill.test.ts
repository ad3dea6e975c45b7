import { expect, test } from 'vitest'
import { type End, type Progress, until, writeIso } from '../../support/lab.ts'
import {
  type BatchBox,
  create,
  endings,
  expectAllProvisioned,
  openBatchBox,
  requests,
  upload,
} from './batch-box.ts'

interface Line extends Progress {
  readonly host?: string
  readonly shared?: string
}

interface History {
  /** What the runs said, one after the other. */
  readonly runs: readonly (readonly Line[])[]
  /** When they were killed. */
  readonly moments: readonly string[]
  /** Of the last one, which came through. */
  readonly end: End
}

/** Kills the batch at each moment that has not been one yet, and starts it again, until it comes to its end. */
async function killAgainAndAgain(
  box: BatchBox,
  momentOf: (line: Line) => string | undefined,
): Promise<History> {
  const moments = new Set<string>()
  const runs: (readonly Line[])[] = []
  for (;;) {
    const run = box.start(box.words)
    const before = requests(box, create)
    runs.push(run.progress)
    const line = await run
      .until((one) => {
        const moment = momentOf(one)
        return moment !== undefined && !moments.has(moment)
      })
      .catch(() => undefined)
    if (line === undefined) return { runs, moments: [...moments], end: await run.ended }
    // The request follows the word; of those that are under way one is enough.
    if (line.phase?.startsWith('creating VM')) await until(() => requests(box, create) > before)
    moments.add(momentOf(line) ?? '')
    if (run.child.exitCode === null) run.signal('SIGKILL')
    await run.ended
  }
}

/** That it is as if it had never been interrupted. */
async function expectAsIfUninterrupted(
  box: BatchBox,
  names: readonly string[],
  { runs, end }: History,
): Promise<void> {
  expect(end.document.ok, `${end.stdout}\n${end.stderr}`).toBe(true)
  expectAllProvisioned(box, names)
  expect(requests(box, create)).toBe(names.length)
  // Only what was killed before it was whole is sent again.
  const uploads = runs.flat().filter(({ step, shared }) => step === 'iso.upload' && shared !== undefined)
  const whole = uploads.filter(({ type, status }) => type === 'end' && status === 'changed')
  const cutOff = uploads.filter(({ type }) => type === 'start').length - uploads.filter(isEnd).length
  expect(whole.length).toBeLessThanOrEqual(2)
  expect(requests(box, upload)).toBeLessThanOrEqual(2 + cutOff)
  for (const host of names) {
    const own = runs.map((lines) => lines.filter((line) => line.host === host))
    const all = own.flat()
    const isInstalled = (line: Line): boolean => line.step === 'nixos.install' && isEnd(line)
    const later = all.slice(all.findIndex(isInstalled)).map(({ phase }) => phase)
    expect(later).not.toContain('partitioning and formatting')
    const done = own.findIndex((lines) => lines.some((line) => line.step === 'proof' && isEnd(line)))
    for (const lines of own.slice(done + 1)) {
      expect(lines.filter(({ status }) => status === 'changed')).toEqual([])
    }
    if (done < runs.length - 1) expect(endings(end)[host]).toBe('unchanged')
  }
  const again = await box.run(box.words)
  expect(again.document).toMatchObject({ ok: true, changed: false })
}

function isEnd({ type }: Line): boolean {
  return type === 'end'
}

/** Milliseconds: a batch is begun a dozen times. */
const timeout = 300_000

test.concurrent('a batch that is killed after each of its steps ends as if it had not been', {
  timeout,
}, async () => {
  const names = ['web1', 'web2', 'web3']
  await using box = await openBatchBox({ hosts: names })
  const history = await killAgainAndAgain(box, ({ step, type }) =>
    type === 'end' && step !== 'provision' ? step : undefined,
  )
  expect(history.moments.toSorted()).toEqual([
    'iso.download',
    'iso.upload',
    'nixos.build',
    'nixos.install',
    'proof',
    'ssh.wait',
    'vm.create',
    'vm.detach',
    'vm.start',
  ])
  await expectAsIfUninterrupted(box, names, history)
})

/** What takes long, by a piece of what is said while it lasts. */
const middles = [
  {
    when: 'before there are installers',
    said: [
      ...['evaluating', 'uploading', 'Proxmox verifies and stores', 'building', 'waiting for the ISO'],
      ...['creating VM', 'starting VM', 'an address is known'],
    ],
  },
  {
    when: 'while NixOS is installed',
    said: [
      ...['looking at the machine', 'nixos-anywhere prepares', 'partitioning and formatting'],
      ...[
        'copying the system',
        'installing NixOS',
        'proving the result',
        'stopping VM',
        'removing the drives',
      ],
    ],
  },
]

test.concurrent.each(middles)(
  'a batch that is killed in the middle of whatever takes long, $when, ends as if it had not been',
  { timeout },
  async ({ said }) => {
    const names = ['web1', 'web2']
    // The next run comes while a VM is still being created for the last one.
    const latency = { createMs: 2500, startMs: 100, stopMs: 200, copyMs: 100, statsMs: 300 }
    await using box = await openBatchBox({ hosts: names, latency, guestLatency: { copy: 100, install: 500 } })
    // Ids are given by the cluster: a second creation would find a free one.
    const iso_path = writeIso(`${box.folder}/large.iso`, 'large', 4 << 20)
    box.write(Object.fromEntries(names.map((name) => [name, { vmid: null, vmid_min: 101, iso_path }])))
    box.lab.latency.uploadBytesPerSecond = 16 << 20
    const history = await killAgainAndAgain(box, ({ step, phase, done = 0 }) =>
      step === 'iso.upload' && done > 1 << 20
        ? 'a part is uploaded'
        : said.find((words) => phase?.startsWith(words) === true),
    )
    // What was sent already when its run was killed is finished without it: the next run finds it done.
    expect(history.moments.length, history.moments.join()).toBeGreaterThan(said.length - 3)
    await expectAsIfUninterrupted(box, names, history)
  },
)
