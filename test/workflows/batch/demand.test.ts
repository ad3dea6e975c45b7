import { expect, test } from 'vitest'
import { validate } from '../../../src/core/validate.ts'
import type { Cluster, Storage } from '../../../src/proxmox/cluster.ts'
import type { Host } from '../../../src/workflows/batch/conflicts.ts'
import { demandOf } from '../../../src/workflows/batch/demand.ts'

const gibibyte = 1024 ** 3
const mebibyte = 1024 ** 2

async function host(name: string, values: Readonly<Record<string, unknown>> = {}): Promise<Host> {
  const document: Record<string, unknown> = { name, flake: `.#${name}`, node: 'pve1', ...values }
  await validate('provision', document)
  return { name, input: document as unknown as Host['input'] }
}

function storage(name: string, type: string, gibibytes: number, more: Partial<Storage> = {}): Storage {
  const total = gibibytes * gibibyte
  return {
    storage: name,
    node: 'pve1',
    type,
    content: ['images'],
    shared: false,
    available: total,
    total,
    ...more,
  }
}

function cluster(...storages: readonly Storage[]): Cluster {
  const node = { online: true, cores: 16, memory: 64 * gibibyte, memoryUsed: 24 * gibibyte }
  return {
    nodes: [
      { node: 'pve1', ...node },
      { node: 'pve2', online: true },
    ],
    storages,
    vms: [],
    nameless: [],
    creating: [],
    takenIds: new Set(),
    marks: new Map(),
    runningSince: new Map(),
  }
}

const disk = (size: string) => ({ disks: [{ size }] })

test('cores, memory and space are summed up by node', async () => {
  const { demand, problems, warnings } = demandOf(
    [
      await host('a', {
        cores: 4,
        sockets: 2,
        memory: 4096,
        disks: [{ size: '10G' }, { size: '1G', storage: 'slow' }],
      }),
      await host('b', { cores: 1, memory: 1024, ...disk('512M') }),
      await host('c', { node: 'pve2', memory: 2048 }),
    ],
    cluster(storage('local-lvm', 'lvmthin', 100), storage('slow', 'lvm', 50)),
  )
  expect(problems.size).toBe(0)
  expect(warnings).toEqual([])
  const cloudInit = 4 * mebibyte
  expect(demand).toEqual([
    {
      node: 'pve1',
      vms: 2,
      cores: 9,
      cores_of_node: 16,
      memory: 5120,
      memory_free: 40 * 1024,
      storages: [
        {
          storage: 'local-lvm',
          bytes: 10 * gibibyte + 512 * mebibyte + 2 * cloudInit,
          free: 100 * gibibyte,
          thin: true,
        },
        { storage: 'slow', bytes: gibibyte, free: 50 * gibibyte, thin: false },
      ],
    },
    // What nobody may see of a node is not made up.
    {
      node: 'pve2',
      vms: 1,
      cores: 2,
      memory: 2048,
      storages: [{ storage: 'local-lvm', bytes: 32 * gibibyte + cloudInit }],
    },
  ])
})

test('firmware, TPM and cloud-init drive take their space where they are put', async () => {
  const { demand } = demandOf(
    [
      await host('a', {
        ...disk('1G'),
        bios: 'ovmf',
        tpm: 'v2.0',
        efi_storage: 'efi',
        tpm_storage: 'tpm',
        cloud_init_storage: 'seeds',
      }),
      await host('arm', { ...disk('1G'), architecture: 'aarch64', efi_storage: 'efi' }),
    ],
    cluster(),
  )
  const bytes = Object.fromEntries(demand[0]?.storages.map((one) => [one.storage, one.bytes]) ?? [])
  expect(bytes).toEqual({
    'local-lvm': 2 * gibibyte + 4 * mebibyte,
    efi: 68 * mebibyte,
    tpm: 4 * mebibyte,
    seeds: 4 * mebibyte,
  })
})

test('a thick storage that cannot hold all is an error of each host that is to use it', async () => {
  const thick = { ...disk('30G'), storage: 'vg', cloud_init_storage: 'local-lvm' }
  const { problems, warnings } = demandOf(
    [await host('a', thick), await host('b', thick), await host('c', disk('1G'))],
    cluster(storage('vg', 'lvm', 50), storage('local-lvm', 'lvmthin', 100)),
  )
  expect([...problems.keys()]).toEqual(['a', 'b'])
  expect(problems.get('a')?.map(({ code, message }) => [code, message])).toEqual([
    [
      'PVE_STORAGE_FULL',
      'The storage `vg` of node `pve1` has too little room: 50.0 GiB are left, and 60.0 GiB for 2 hosts are needed.',
    ],
  ])
  expect(warnings).toEqual([])
})

test('a thin one, or one of which that is not known, is a warning', async () => {
  const hosts = [await host('a', { ...disk('30G'), storage: 'pool' })]
  for (const type of ['lvmthin', 'rbd', 'dir', 'zfspool', 'linstor']) {
    const { problems, warnings } = demandOf(hosts, cluster(storage('pool', type, 10)))
    expect([type, problems.size, warnings.length]).toEqual([type, 0, 1])
    expect(warnings[0]).toContain('The disks of a have 30.0 GiB on pool of pve1, and 10.0 GiB are free there')
  }
})

test('settings of a storage count more than its type', async () => {
  const hosts = [await host('a', { ...disk('30G'), storage: 'tank' })]
  const zfs = cluster(storage('tank', 'zfspool', 10))
  expect([...demandOf(hosts, zfs, new Map([['tank', false]])).problems.keys()]).toEqual(['a'])
  expect(demandOf(hosts, zfs, new Map([['tank', true]])).problems.size).toBe(0)
})

test('a storage that nodes share is filled by all of them together', async () => {
  const shared = (node: string) => storage('san', 'lvm', 50, { node, shared: true })
  const own = (node: string) => storage('vg', 'lvm', 50, { node })
  const hosts = async (name: string) => [
    await host('a', { ...disk('30G'), storage: name, cloud_init_storage: 'other' }),
    await host('b', { ...disk('30G'), storage: name, cloud_init_storage: 'other', node: 'pve2' }),
  ]
  const both = cluster(shared('pve1'), shared('pve2'), own('pve1'), own('pve2'))
  expect([...demandOf(await hosts('san'), both).problems.keys()]).toEqual(['a', 'b'])
  expect(demandOf(await hosts('vg'), both).problems.size).toBe(0)
})

test('memory that is not free is a warning once, and more than the node has is an error', async () => {
  const { problems, warnings } = demandOf(
    [
      await host('a', { memory: 30 * 1024 }),
      await host('b', { memory: 30 * 1024 }),
      await host('c', { memory: 65 * 1024 }),
    ],
    cluster(),
  )
  expect([...problems].map(([name, errors]) => [name, errors.map(({ code }) => code)])).toEqual([
    ['c', ['PVE_NODE_TOO_SMALL']],
  ])
  expect(warnings).toEqual([
    'The new VMs of pve1 (a, b, c) get 125.0 GiB of memory, and 40.0 GiB are free there: starts may fail.',
  ])
})

test('a host whose node is not known asks nothing of any', async () => {
  const hosts = [await host('a', { node: 'pve9' }), await host('b', { node: undefined })]
  expect(demandOf(hosts, cluster())).toMatchObject({ demand: [], warnings: [] })
})
