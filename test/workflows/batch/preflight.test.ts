import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { finished, send } from '../../lab/api-client.ts'
import { type BatchLab, codesOf, openBatchLab, pathWithout, toldOf } from './batch-lab.ts'

let box: BatchLab
beforeAll(async () => {
  box = await openBatchLab({
    nodes: [
      { name: 'pve1', cpus: 8, memoryBytes: 16 * 1024 ** 3 },
      { name: 'pve2', bridges: ['vmbr0', 'vmbr7'] },
      { name: 'pve3' },
    ],
    storages: [
      { id: 'local', content: ['iso', 'images'] },
      { id: 'local-lvm', type: 'lvmthin', content: ['images'] },
      { id: 'nfs', type: 'nfs', content: ['images', 'iso'], shared: true },
      { id: 'fast', type: 'lvmthin', content: ['images'], nodes: ['pve2'] },
    ],
    pools: ['web'],
  })
})
afterAll(() => box[Symbol.asyncDispose]())

const bridge = (name: string) => ({ networks: [{ bridge: name }] })

test('hosts with nothing wrong have no problems, and are new', async () => {
  const hosts = [await box.host('a'), await box.host('b', { node: 'pve2', pool: 'web', ...bridge('vmbr7') })]
  const found = await box.examine(hosts)
  expect(codesOf(found)).toEqual({})
  expect(found.warnings).toEqual([])
  expect([...found.newHosts]).toEqual(['a', 'b'])
  expect(found.demand.map(({ node, vms }) => [node, vms])).toEqual([
    ['pve1', 1],
    ['pve2', 1],
  ])
})

test('all mistakes of all hosts are found at once, and nothing is changed', async () => {
  box.asked()
  const found = await box.examine([
    await box.host('node', { node: 'pve9' }),
    await box.host('none', { node: undefined }),
    await box.host('storage', { storage: 'ceph' }),
    await box.host('elsewhere', { storage: 'fast' }),
    await box.host('content', { iso_storage: 'local-lvm' }),
    await box.host('iso', { iso: 'local:iso/gone.iso' }),
    await box.host('bridge', { networks: [{ bridge: 'vmbr0' }, { bridge: 'vmbr7' }, { bridge: 'vmbr9' }] }),
    await box.host('pool', { pool: 'db' }),
    await box.host('root', { options: { args: '-no-hpet' } }),
    await box.host('flake', { flake: `${String(box.sandbox.host.flake).split('#')[0]}#web11` }),
    await box.host('files', { extra_files: '/nowhere' }),
    await box.host('image', { iso_path: '/nowhere.iso' }),
    await box.host('folder', { iso_path: box.sandbox.folder }),
    await box.host('text', { iso_path: box.sandbox.hostFile }),
    await box.host('key', { ssh_private_key_file: '/nowhere/id_ed25519' }),
    await box.host('several', { storage: 'ceph', pool: 'db', ...bridge('vmbr9') }),
    await box.host('fine'),
  ])
  expect(codesOf(found)).toEqual({
    node: ['PVE_NODE_UNKNOWN'],
    none: ['PVE_NODE_REQUIRED'],
    storage: ['PVE_STORAGE_UNKNOWN'],
    elsewhere: ['PVE_STORAGE_UNKNOWN'],
    content: ['PVE_STORAGE_CONTENT'],
    iso: ['PVE_ISO_MISSING'],
    bridge: ['PVE_BRIDGE_UNKNOWN', 'PVE_BRIDGE_UNKNOWN'],
    pool: ['PVE_POOL_UNKNOWN'],
    root: ['PVE_ROOT_REQUIRED'],
    flake: ['FLAKE_NOT_FOUND'],
    files: ['INSTALL_FILES_MISSING'],
    image: ['ISO_FILE_MISSING'],
    folder: ['ISO_FILE_MISSING'],
    text: ['ISO_NOT_AN_ISO'],
    key: ['SSH_KEY_UNUSABLE'],
    several: expect.toSatisfy((codes: string[]) =>
      ['PVE_BRIDGE_UNKNOWN', 'PVE_POOL_UNKNOWN', 'PVE_STORAGE_UNKNOWN'].every((code) => codes.includes(code)),
    ),
  })
  expect(toldOf(found, 'flake')).toContain('did you mean `web1`?')
  expect(toldOf(found, 'bridge')).toMatch(/vmbr7.*it has vmbr0/)
  expect(box.asked().filter(({ method }) => method !== 'GET')).toEqual([])
})

test('requests grow with the nodes, and not with the hosts', async () => {
  const hosts = (count: number) =>
    Promise.all(
      Array.from({ length: count }, (_, index) =>
        box.host(`web${index}`, { node: `pve${(index % 2) + 1}`, pool: 'web', iso: 'nfs:iso/a.iso' }),
      ),
    )
  box.asked()
  await box.examine(await hosts(4))
  const few = box.asked().map(({ path }) => path)
  await box.examine(await hosts(100))
  const many = box.asked().map(({ path }) => path)
  expect(many.toSorted()).toEqual(few.toSorted())
  // One listing of the cluster, one of its storages, the bridges of each node, the ISOs of a shared storage, the pool.
  expect(few).toHaveLength(6)
})

describe('VMs that are there', () => {
  test('belong to hosts, or are in their way', async () => {
    const { body } = await send(box.lab, 'POST', '/nodes/pve3/qemu', {
      form: { vmid: 700, name: 'theirs', memory: 512 },
    })
    await finished(box.lab, body.data)
    const found = await box.examine([
      await box.host('theirs'),
      await box.host('taken', { vmid: 700 }),
      await box.host('free', { vmid: 701 }),
    ])
    expect(codesOf(found)).toEqual({ theirs: ['PVE_VM_FOREIGN'], taken: ['PVE_VMID_TAKEN'] })
  })

  test('are not examined any more as to how they would be created', async () => {
    const { vmCreate } = await import('../../../src/steps/vm/create.ts')
    const { runStep } = await import('../../../src/core/run.ts')
    const host = await box.host('ours', { vmid: 710 })
    const input = { ...host.input, cloud_init: true, boot_iso_first: false, reattach: false, timeout: 60 }
    await runStep(vmCreate, input, { signal: new AbortController().signal, emit: () => undefined })
    const moved = await box.host('ours', {
      vmid: 710,
      storage: 'gone',
      ...bridge('vmbr9'),
      flake: 'path:/nowhere#x',
      // It has its own in a drive.
      iso_path: '/nowhere.iso',
    })
    const found = await box.examine([moved])
    expect(codesOf(found)).toEqual({})
    expect([...found.newHosts]).toEqual([])
    expect(found.demand).toEqual([])
    // Unless it is known that they are yet to be installed.
    expect(codesOf(await box.examine([moved], { unfinished: new Set(['ours']) }))).toEqual({
      ours: ['FLAKE_NOT_FOUND'],
    })
  })

  test('and ids that are taken leave a range too few', async () => {
    const range = { vmid_min: 700, vmid_max: 702 }
    const found = await box.examine([
      await box.host('x', range),
      await box.host('y', range),
      await box.host('z', { vmid: 701 }),
      await box.host('wide', { vmid_min: 700, vmid_max: 799 }),
    ])
    expect(codesOf(found)).toEqual({ x: ['PVE_VMID_RANGE_FULL'], y: ['PVE_VMID_RANGE_FULL'] })
    expect(codesOf(await box.examine([await box.host('x', range), await box.host('y', range)]))).toEqual({})
  })
})

describe('what nodes have', () => {
  test('a VM that is larger than its node is refused, memory that is only in use is a warning', async () => {
    const large = { memory: 10 * 1024 }
    const found = await box.examine([
      await box.host('cores', { sockets: 2, cores: 5 }),
      await box.host('memory', { memory: 17 * 1024 }),
      await box.host('one', { ...large, node: 'pve1' }),
      await box.host('fits', { cores: 8 }),
    ])
    expect(codesOf(found)).toEqual({ cores: ['PVE_NODE_TOO_SMALL'], memory: ['PVE_NODE_TOO_SMALL'] })
    expect(toldOf(found, 'cores')).toContain('`pve1` has 8 cores in all, and `cores` is to have 10')
    expect(toldOf(found, 'memory')).toContain('16.0 GiB of memory in all, and `memory` is to have 17.0 GiB')
    expect(found.warnings).toEqual([expect.stringContaining('of memory, and 14.0 GiB are free there')])
  })

  test('disks that exceed a thin storage are a warning', async () => {
    const found = await box.examine([await box.host('big', { disks: [{ size: '1T' }] })])
    expect(codesOf(found)).toEqual({})
    expect(found.warnings).toEqual([
      'The disks of big have 1.0 TiB on local-lvm of pve1, and 250.0 GiB are free there: when they are filled, writes fail.',
    ])
  })
})

test('a node that does not answer, and bridges that nobody may see, are no mistakes of bridges', async () => {
  box.lab.faults.add({
    path: '/nodes/pve1/network',
    action: { answer: { status: 403, reason: 'no', body: '' } },
  })
  try {
    expect(codesOf(await box.examine([await box.host('a', bridge('vmbr9'))]))).toEqual({})
  } finally {
    box.lab.faults.clear()
  }
})

describe('flakes', () => {
  test('are evaluated once for all their hosts', async () => {
    const phases: unknown[] = []
    const hosts = await Promise.all(['a', 'b', 'c'].map((name) => box.host(name)))
    await box.examine(hosts, { emit: (event) => phases.push(event) })
    expect(phases).toHaveLength(1)
  })

  test('that cannot be evaluated are told each of their hosts', async () => {
    const broken = { flake: 'path:/nowhere#web1' }
    const found = await box.examine([
      await box.host('a', broken),
      await box.host('b', broken),
      await box.host('c'),
    ])
    expect(codesOf(found)).toEqual({ a: ['FLAKE_NOT_FOUND'], b: ['FLAKE_NOT_FOUND'] })
  })

  test('are not asked for systems that are built already', async () => {
    const store = '/nix/store/abcdefghijklmnopqrstuvwxyz012345-x'
    const built = { flake: 'path:/nowhere#web1', store_paths: { disko_script: store, system: store } }
    expect(codesOf(await box.examine([await box.host('a', built)]))).toEqual({})
  })

  test('need a Nix', async () => {
    const { PATH } = process.env
    process.env.PATH = pathWithout(box.sandbox)
    try {
      const found = codesOf(await box.examine([await box.host('a')]))
      expect(Object.keys(found)).toEqual(['a'])
      expect(found.a?.[0]).toMatch(/NIXOS_ANYWHERE_MISSING|NIX_UNUSABLE/)
    } finally {
      process.env.PATH = PATH
    }
  })
})

test('an interruption is no problem of a host', async () => {
  const controller = new AbortController()
  controller.abort(new Error('stopped'))
  const found = box.examine([await box.host('a')], { signal: controller.signal })
  await expect(found).rejects.toThrow('stopped')
})
