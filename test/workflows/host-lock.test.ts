import { readdirSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Resources } from '../../src/core/resources.ts'
import { connectProxmox } from '../../src/proxmox/client.ts'
import { readCluster } from '../../src/proxmox/cluster.ts'
import { lockHost } from '../../src/workflows/host-lock.ts'
import { Run } from '../../src/workflows/run.ts'
import { temporaryFolder } from '../support/folder.ts'
import { type BatchLab, openBatchLab } from './batch/batch-lab.ts'

const never = new AbortController().signal
let folder = temporaryFolder()

beforeEach(() => {
  folder = temporaryFolder()
  vi.stubEnv('XDG_CACHE_HOME', folder.path)
})

afterEach(() => {
  vi.unstubAllEnvs()
  folder[Symbol.dispose]()
})

/** The run of a host of a batch that has just read a listing. */
async function runOf(box: BatchLab): Promise<Run> {
  const resources = new Resources()
  const { input } = await box.host('web1')
  const companions = {
    resources,
    listings: { most: 60_000, after: 0 },
    iso: () => Promise.reject(new Error('no ISO is needed')),
    system: () => Promise.reject(new Error('no system is needed')),
    place: () => Promise.reject(new Error('no place is needed')),
  }
  const options = { check: false, signal: never, redact: (text: string) => text, emit: () => undefined }
  const run = new Run(input, { ...options, companions }, never, new Resources(resources))
  await readCluster(connectProxmox(input, run.context))
  box.asked()
  return run
}

function setTimeOfLocks(time: Date): void {
  const locks = join(folder.path, 'nixos-cloud-init-installer', 'locks')
  for (const name of readdirSync(locks)) utimesSync(join(locks, name), time, time)
}

test('a listing will do that was read since anybody was at the host, where anybody ever was', async () => {
  await using box = await openBatchLab()
  const run = await runOf(box)
  const first = await lockHost(run)
  expect(first.cluster).toBeDefined()
  first[Symbol.dispose]()
  setTimeOfLocks(new Date(Date.now() - 3_600_000))
  using again = await lockHost(run)
  expect(again.cluster).toBeDefined()
  expect(box.asked()).toEqual([])
})

test('a listing will not do that is older than what another run did at the host', async () => {
  await using box = await openBatchLab()
  const run = await runOf(box)
  const first = await lockHost(run)
  first[Symbol.dispose]()
  // Within the time that a listing is used, however long ago.
  setTimeOfLocks(new Date(Date.now() - 30_000))
  using again = await lockHost(run)
  expect(again.cluster).toBeUndefined()
  await readCluster(connectProxmox(run.input, run.context))
  expect(box.asked().map(({ path }) => path)).toEqual(['/cluster/resources'])
})
