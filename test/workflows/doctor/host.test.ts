import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { SandboxOptions } from '../../../src/lab/sandbox.ts'
import { finished, send } from '../../lab/api-client.ts'
import { openBox } from '../../support/lab.ts'
import { succeeded } from '../provisioned.ts'
import { examine, limited } from './support.ts'

test('a host that can be provisioned is healthy, before and after', async () => {
  await using box = await openBox()
  const before = await examine(box)
  expect(before.unwell).toEqual([])
  expect(Object.values(before.statuses)).not.toContain('skipped')
  expect(before.check('vm').message).toContain('is free')
  expect(before.end.document).toMatchObject({
    ok: true,
    step: 'doctor',
    changed: false,
    diff: [],
    warnings: [],
  })
  succeeded(await box.run(['provision'], { input: box.host }))
  const after = await examine(box)
  expect(after.unwell).toEqual([])
  expect(after.check('vm')).toMatchObject({ status: 'ok', message: expect.stringContaining('there already') })
})

describe('without a host', () => {
  test('the connection is looked at, and what a host with the defaults would need', async () => {
    await using box = await openBox()
    const { unwell, statuses } = await examine(box, {})
    expect(unwell).toEqual([])
    expect(statuses).toMatchObject({
      login: 'ok',
      'storage.images.local-lvm': 'ok',
      'flake.attribute': 'skipped',
    })
    expect(statuses).not.toHaveProperty('vm')
  })

  test('defaults that do not fit the cluster are something to know, others are wrong', async () => {
    const storages = [
      { id: 'local', content: ['iso'] },
      { id: 'tank', content: ['images'] },
    ]
    const nodes = [{ name: 'pve', bridges: ['lan'] }]
    await using box = await openBox({ storages, nodes })
    const found = await examine(box, {})
    expect(found.unwell).toEqual(['storage.images.local-lvm', 'bridge.vmbr0'])
    expect(found.end.exitCode).toBe(0)
    expect(found.check('storage.images.local-lvm').hint).toContain('tank')
    expect((await examine(box, { storage: 'tonk' })).statuses['storage.images.tonk']).toBe('failed')
    const host = await examine(box)
    expect(host.statuses).toMatchObject({ 'storage.images.local-lvm': 'failed', 'bridge.vmbr0': 'failed' })
  })

  test('a node is not needed, and what is on nodes is skipped where there are several', async () => {
    await using box = await openBox({ nodes: [{ name: 'pve1' }, { name: 'pve2' }] })
    const { node: _, ...host } = box.host
    const general = await examine(box, {})
    expect(general.unwell).toEqual([])
    expect(general.statuses).toMatchObject({
      node: 'skipped',
      'storage.iso.local': 'skipped',
      'privileges.vm.create': 'ok',
    })
    expect((await examine(box, { node: 'pve2' })).statuses.node).toBe('ok')
    const found = await examine(box, host)
    expect(found.check('node')).toMatchObject({ status: 'failed', details: { code: 'PVE_NODE_REQUIRED' } })
  })
})

describe('storages', () => {
  test('a content type that is not enabled is named with the whole new list', async () => {
    const storages: SandboxOptions['storages'] = [
      { id: 'local', content: ['vztmpl', 'backup'] },
      { id: 'local-lvm', type: 'lvmthin', content: ['images'] },
    ]
    await using box = await openBox({ storages })
    const found = await examine(box)
    expect(found.unwell).toEqual(['storage.iso.local'])
    expect(found.commands).toEqual(['pvesm set local --content backup,iso,vztmpl'])
    const blocks = await examine(box, { ...box.host, iso_storage: 'local-lvm' })
    expect(blocks.commands).toEqual([])
    expect(blocks.check('storage.iso.local-lvm').hint).toContain('A storage of type `lvmthin` cannot')
  })

  test('an ISO that is named must be there, one that is sent must fit', async () => {
    await using box = await openBox({
      storages: [
        { id: 'local', content: ['iso'], totalBytes: 64 * 1024 },
        { id: 'local-lvm', type: 'lvmthin', content: ['images'], totalBytes: 4 * 1024 ** 3 },
      ],
    })
    const found = await examine(box)
    expect(found.unwell).toEqual(['storage.iso.local', 'storage.images.local-lvm'])
    expect(found.statuses['storage.iso.local']).toBe('failed')
    const named = await examine(box, { ...box.host, iso: 'local:iso/none.iso' })
    expect(named.check('storage.iso.local').message).toBe('It has no local:iso/none.iso.')
  })

  test('each that a drive is made on is looked at, by the property that names it', async () => {
    await using box = await openBox()
    const found = await examine(box, {
      ...box.host,
      disks: [{ size: '4G', storage: 'd1' }],
      ...{ bios: 'ovmf', efi_storage: 'e1', tpm: 'v2.0', tpm_storage: 't1' },
    })
    expect(found.unwell).toEqual(['storage.images.d1', 'storage.images.e1', 'storage.images.t1'])
    // Nothing else is on it.
    expect(found.statuses['storage.cloud_init.local-lvm']).toBe('ok')
    const hints = ['d1', 'e1', 't1'].map((name) => found.check(`storage.images.${name}`).hint)
    expect(hints).toEqual([
      expect.stringContaining('`disks`'),
      expect.stringContaining('`efi_storage`'),
      expect.stringContaining('`tpm_storage`'),
    ])
  })

  test('thin volumes may be larger than the space there is', async () => {
    const storages: SandboxOptions['storages'] = [
      { id: 'local', content: ['iso'] },
      { id: 'local-lvm', type: 'lvmthin', content: ['images'], totalBytes: 4 * 1024 ** 3 },
    ]
    await using box = await openBox({ storages })
    expect((await examine(box)).statuses['storage.images.local-lvm']).toBe('warning')
  })
})

test('names and ids that are taken are found, by VMs that the user may not see as well', async () => {
  await using box = await openBox({
    ...limited.sandbox,
    acl: ['nci@pve', 'nci@pve!nci'].map((id) => ({ path: '/vms/150', id, role: 'PVEVMAdmin' })),
  })
  const { body } = await send(box.lab, 'POST', '/nodes/pve/qemu', { form: { vmid: 150, name: 'web1' } })
  await finished(box.lab, body.data)
  expect((await examine(box)).check('vm').details).toMatchObject({ code: 'PVE_VM_FOREIGN' })
  const numbered = { ...box.host, name: 'other', vmid: 150 }
  expect((await examine(box, numbered)).check('vm').details).toMatchObject({ code: 'PVE_VMID_TAKEN' })

  const hidden = await send(box.lab, 'POST', '/nodes/pve/qemu', { form: { vmid: 151, name: 'secret' } })
  await finished(box.lab, hidden.body.data)
  const found = await examine(box, { ...box.host, name: 'other', vmid: 151 }, limited.environment)
  expect(found.check('vm').message).toBe('The id 151 is taken by a VM that this user may not see.')
})

test('a pool that does not exist is found, without a right to see pools', async () => {
  await using box = await openBox({ ...limited.sandbox, pools: ['web'] })
  const found = await examine(box, { ...box.host, pool: 'wob' }, limited.environment)
  expect(found.statuses.pool).toBe('failed')
  expect(found.commands).toContain('pveum pool add wob')
})

test('a node with less memory than the VM gets is worth a warning', async () => {
  await using box = await openBox({ nodes: [{ name: 'pve', memoryBytes: 1024 ** 3 }] })
  expect((await examine(box)).unwell).toEqual(['memory'])
})

test('files that cannot be read are found, each', async () => {
  await using box = await openBox()
  const key = join(box.folder, 'disk.key')
  writeFileSync(key, 'secret')
  const { statuses } = await examine(box, {
    ...box.host,
    iso_path: join(box.folder, 'none.iso'),
    extra_files: join(box.folder, 'none'),
    disk_encryption_keys: [{ remote: '/tmp/disk.key', local: key }],
  })
  expect(statuses).toMatchObject({
    'file.iso_path': 'failed',
    'file.extra_files': 'failed',
    'file.disk_encryption_keys.0': 'ok',
  })
})
