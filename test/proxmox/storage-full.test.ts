import { expect, test } from 'vitest'
import { NciError } from '../../src/core/errors.ts'
import { foundNoRoom, ranFull, tooSmall } from '../../src/proxmox/storage-full.ts'

const place = { storage: 'data', node: 'pve', property: 'efi_storage' }
const failed = (reason: string, log: readonly string[] = []) =>
  new NciError('PVE_TASK_FAILED', { task: 'qmcreate 100', upid: 'UPID:pve:1:', reason, log })

test.each([
  [
    'a file system',
    'unable to create image: qemu-img: /d/a.qcow2: Could not write header: No space left on device',
  ],
  ['thick LVM, as Proxmox counts', 'unable to create VM 100 - not enough free space (4194304 < 33554432)'],
  ['thick LVM itself', 'Volume group "pve" has insufficient free space (0 extents): 256 required.'],
  ['a thin pool', 'Cannot create new thin volume, free space in thin pool pve/data reached threshold.'],
  ['ZFS', "zfs error: cannot create 'rpool/data/vm-100-disk-0': out of space"],
  ['a file server', "cp: error writing '/mnt/pve/nas/template/iso/a.iso': Disk quota exceeded"],
])('that there is no room is understood of %s', (_, reason) => {
  const failure = failed(reason, ['TASK ERROR: something else'])
  expect(foundNoRoom(failure)).toBe(true)
  expect(ranFull(place, failure).message).toBe(
    `The storage \`data\` of node \`pve\` has too little room: ${reason.replace(/\.$/, '')}.`,
  )
})

test('a program that the task runs says it in the log, and Proxmox only that the program failed', () => {
  const error = ranFull(
    place,
    failed("cannot import from 'local:import/a.raw' - copy failed: exit code 1", [
      'transferred 418.0 KiB of 418.0 KiB (100.00%)',
      'qemu-img: error while writing at byte 0: No space left on device',
      "TASK ERROR: cannot import from 'local:import/a.raw' - copy failed: exit code 1",
    ]),
  )
  expect(error).toMatchObject({
    code: 'PVE_STORAGE_FULL',
    message: expect.stringMatching(/too little room: qemu-img: error while writing at byte 0: No space/),
    hint: expect.stringContaining('`efi_storage`'),
    details: { ...place, task: 'qmcreate 100', upid: 'UPID:pve:1:' },
  })
  // What the storage was said to have left would contradict it.
  expect(error.details).not.toHaveProperty('available')
})

test('other failures are others', () => {
  expect(foundNoRoom(failed('lvcreate failed: device is busy', ['spaced out']))).toBe(false)
  expect(foundNoRoom(new Error('No space left on device'))).toBe(false)
})

test('one that is overbooked has nothing left, not less', () => {
  expect(tooSmall(place, -5, '1.0 GiB')).toMatchObject({
    message: expect.stringContaining('0 B are left, and 1.0 GiB are needed'),
    details: { available: '0 B', needed: '1.0 GiB' },
  })
})
