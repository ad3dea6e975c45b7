import { expect, test } from 'vitest'
import { readCluster } from '../../../src/proxmox/cluster.ts'
import type { Host } from '../../../src/workflows/batch/conflicts.ts'
import { type Entry, type Journal, specOf } from '../../../src/workflows/batch/journal.ts'
import { survey } from '../../../src/workflows/batch/survey.ts'
import { recordingContext } from '../../support/context.ts'
import { until } from '../../support/lab.ts'
import { type BatchLab, openBatchLab } from './batch-lab.ts'

const hour = 3_600_000

/** A VM that runs, made by nobody that this tool knows of. */
async function startedVm({ client }: BatchLab, vmid: number, name: string): Promise<void> {
  const node = '/nodes/pve1/qemu'
  await client.post(node, 'create a VM', { vmid, name, scsi0: 'local-lvm:1', boot: 'order=scsi0' })
  await client.post(`${node}/${vmid}/status/start`, 'start a VM')
  await until(async () => (await readCluster(client)).runningSince.has(vmid))
}

/** What was noted of a host a while ago, when its VM was as it is now. */
async function noted({ client }: BatchLab, host: Host, at: number): Promise<Entry> {
  const { marks } = await readCluster(client)
  return { spec: specOf(host), vmid: 100, node: 'pve1', mark: marks.get(100) ?? '', output: {}, at }
}

/** How far the host is, where the notes say this of it under any key. */
async function progressOf(host: Host, entry: Entry): Promise<string | undefined> {
  const journal = { get: () => entry } as Pick<Journal, 'get'> as Journal
  const { hosts } = await survey([host], journal, recordingContext())
  return hosts[0]?.progress
}

test('a host is done where the listing says what was noted, and the VM has run since', async () => {
  await using box = await openBatchLab()
  await startedVm(box, 100, 'web1')
  const host = await box.host('web1')
  expect(await progressOf(host, await noted(box, host, Date.now()))).toBe('done')
  const other = { ...host, input: { ...host.input, cores: 7 } }
  expect(await progressOf(other, await noted(box, host, Date.now()))).toBe('begun')
})

test('a VM that was started after it was noted is looked at: it may be another one', async () => {
  await using box = await openBatchLab()
  await startedVm(box, 100, 'web1')
  const host = await box.host('web1')
  expect(await progressOf(host, await noted(box, host, Date.now() - hour))).toBe('begun')
})

test('a VM that is off is looked at', async () => {
  await using box = await openBatchLab()
  await box.client.post('/nodes/pve1/qemu', 'create a VM', { vmid: 100, name: 'web1' })
  await until(async () => (await readCluster(box.client)).vms.some(({ name }) => name === 'web1'))
  const host = await box.host('web1')
  expect(await progressOf(host, await noted(box, host, Date.now()))).toBe('begun')
})

test('of two VMs of a name none is taken for the host’s, and the preflight tells', async () => {
  await using box = await openBatchLab()
  await startedVm(box, 100, 'web1')
  await startedVm(box, 101, 'web1')
  const host = await box.host('web1')
  expect(await progressOf(host, await noted(box, host, Date.now()))).toBe('new')
  const { problems } = await box.examine([host])
  expect(problems.get('web1')?.map(({ code }) => code)).toEqual(['PVE_VM_AMBIGUOUS'])
  const chosen = await box.host('web1', { vmid: 100 })
  expect(await progressOf(chosen, await noted(box, chosen, Date.now()))).toBe('done')
})
