import { describe, expect, test } from 'vitest'
import type { SandboxOptions } from '../../../src/lab/sandbox.ts'
import { type Box, openBox, writeIso } from '../../support/lab.ts'
import { examine } from './support.ts'

const mebibyte = 1024 ** 2

test('storages that are not active are wrong, whatever they would be for', async () => {
  const storages: SandboxOptions['storages'] = [
    { id: 'local', content: ['iso'], disabled: true },
    { id: 'local-lvm', type: 'lvmthin', content: ['images'] },
    { id: 'away', content: ['images'], disabled: true },
    { id: 'isos', content: ['iso'] },
  ]
  await using box = await openBox({ storages })
  const found = await examine(box, { ...box.host, cloud_init_storage: 'away' })
  expect(found.unwell).toEqual(['storage.iso.local', 'storage.cloud_init.away'])
  for (const id of found.unwell) {
    expect(found.check(id)).toMatchObject({
      status: 'failed',
      message: 'It is not active on pve.',
      hint: expect.stringContaining('pvesm status'),
    })
  }
  // Where something else would do, it is told.
  expect(found.check('storage.iso.local').details).toEqual({ node: 'pve', suitable: ['isos'] })
  expect((await examine(box, { ...box.host, disks: [{ size: '1G', storage: 'away' }] })).unwell).toContain(
    'storage.images.away',
  )
})

describe('the node that takes an upload', () => {
  /** Answers a question for the node's state: so much is left in its root file system. */
  function leave(box: Box, avail: number, total = 100 * mebibyte): void {
    const memory = { total: 2 ** 40, used: 0 }
    const body = JSON.stringify({ data: { rootfs: { avail, total }, memory } })
    box.lab.faults.clear()
    box.lab.faults.add({ path: '/nodes/pve/status', action: { answer: { status: 200, reason: 'OK', body } } })
  }

  test('needs room for it in /var/tmp, as the upload does', async () => {
    await using box = await openBox()
    const input = { ...box.host, iso_path: writeIso(`${box.folder}/large.iso`, 'large', 2 * mebibyte) }
    leave(box, mebibyte)
    const found = await examine(box, input)
    expect(found.unwell).toEqual(['storage.iso.local'])
    expect(found.check('storage.iso.local')).toMatchObject({
      status: 'failed',
      message: expect.stringMatching(/`pve` has 1\.0 MiB left, and 2\.0 MiB are needed .* \/var\/tmp/),
      hint: expect.stringContaining('via: proxmox'),
      details: { code: 'PVE_TEMP_FULL' },
    })
    const upload = { path: input.iso_path, storage: 'local', node: 'pve' }
    const { document } = await box.run(['iso', 'upload'], { input: upload })
    expect(document.error.code).toBe('PVE_TEMP_FULL')

    leave(box, 2 * mebibyte)
    expect((await examine(box, input)).unwell).toEqual([])
    // A URL that Proxmox fetches goes to the storage at once.
    leave(box, mebibyte)
    expect((await examine(box, { ...input, via: 'proxmox' })).unwell).toEqual([])
  })

  test('needs it twice where the storage is in the same file system', async () => {
    const storages: SandboxOptions['storages'] = [
      { id: 'local', content: ['iso'], totalBytes: 50 * mebibyte },
      { id: 'local-lvm', type: 'lvmthin', content: ['images'] },
    ]
    await using box = await openBox({ storages })
    const input = { ...box.host, iso_path: writeIso(`${box.folder}/large.iso`, 'large', 2 * mebibyte) }
    leave(box, 3 * mebibyte, 50 * mebibyte)
    expect((await examine(box, input)).check('storage.iso.local').message).toContain('4.0 MiB are needed')
    leave(box, 4 * mebibyte, 50 * mebibyte)
    expect((await examine(box, input)).unwell).toEqual([])
  })

  test('is no matter of an ISO that is there already, and a warning for one that is still to be built', async () => {
    await using box = await openBox()
    const { iso_path, ...unbuilt } = box.host
    leave(box, 2 ** 30, 2 ** 38)
    const found = await examine(box, unbuilt)
    expect(found.check('storage.iso.local')).toMatchObject({
      status: 'warning',
      details: { code: 'PVE_TEMP_FULL' },
    })
    leave(box, 2 ** 32, 2 ** 38)
    const upload = { path: iso_path, storage: 'local', node: 'pve' }
    expect((await box.run(['iso', 'upload'], { input: upload })).document.ok).toBe(true)
    leave(box, 0)
    expect((await examine(box)).unwell).toEqual([])
  })
})
