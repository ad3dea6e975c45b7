import { describe, expect, test } from 'vitest'
import { deviations, drive, isCloudInitVolume, parseDrive } from '../../../src/proxmox/values/drive.ts'
import { comparing } from '../../../src/proxmox/values/option-value.ts'

const compare = comparing(drive)
const disk = 'local-lvm:vm-101-disk-0,discard=on,size=32G'

test('the volume may stand anywhere, and switches in any spelling', () => {
  const value = {
    volume: 'local:1',
    properties: new Map([
      ['iothread', '1'],
      ['discard', 'on'],
    ]),
  }
  expect(parseDrive('iothread=true,discard=on,file=local:1')).toEqual(value)
  expect(parseDrive('local:1,iothread=yes,discard=on')).toEqual(value)
  expect(parseDrive('volume=local:1,iothread=1,discard=on')).toEqual(value)
})

test.each([
  ['local-lvm:vm-101-cloudinit', true],
  ['local:101/vm-101-cloudinit.qcow2', true],
  ['local-lvm:cloudinit', true],
  ['local:iso/nixos-cloudinit.iso', false],
  ['local-lvm:vm-101-disk-0', false],
])('%s is the volume of a cloud-init drive: %s', (volume, expected) => {
  expect(isCloudInitVolume(volume)).toBe(expected)
})

describe('a request for a new volume', () => {
  test.each([
    [disk, 'local-lvm:32,discard=on'],
    // Neither its size nor its storage is a reason to exchange a disk for an empty one.
    [disk, 'local-lvm:64,discard=on'],
    [disk, 'other:1'],
    ['local:101/vm-101-cloudinit.qcow2,media=cdrom', 'local:cloudinit'],
    [
      'local:223/vm-223-disk-0.raw,efitype=4m,pre-enrolled-keys=0,size=528K',
      'local:1,efitype=4m,pre-enrolled-keys=0',
    ],
    ['local:220/vm-220-disk-17.raw,size=418K', 'local:0,import-from=local:import/e.raw'],
  ])('is met by %s', (now, wanted) => {
    expect(compare(now, wanted).same).toBe(true)
  })

  test('changes the properties of the disk that is there, and nothing else', () => {
    expect(compare(disk, 'local-lvm:64,discard=on,ssd=1')).toEqual({
      same: false,
      merged: 'local-lvm:vm-101-disk-0,discard=on,size=32G,ssd=1',
    })
  })

  test('is not met by a medium of another kind', () => {
    expect(compare('none,media=cdrom', 'local:cloudinit').merged).toBe('local:cloudinit')
    expect(compare('local:iso/a.iso,media=cdrom', 'local:cloudinit').merged).toBe('local:cloudinit')
    expect(compare('local:101/vm-101-cloudinit.qcow2,media=cdrom', 'local:32').merged).toBe('local:32')
  })
})

test('another ISO takes the place of the one that is there, which leaves nothing behind', () => {
  const now = 'local:iso/a.iso,media=cdrom,size=418K'
  expect(compare(now, 'local:iso/a.iso,media=cdrom').same).toBe(true)
  expect(compare(now, 'local:iso/b.iso,media=cdrom')).toEqual({
    same: false,
    merged: 'local:iso/b.iso,media=cdrom',
  })
})

test('a disk tells in what it differs from what is asked for', () => {
  const differing = (key: string, now: string, wanted: string): string[] =>
    deviations(key, parseDrive(now), parseDrive(wanted))
  expect(differing('scsi0', disk, 'local-lvm:32,discard=on')).toEqual([])
  expect(differing('scsi0', disk, 'big:33,ssd=1,format=qcow2')).toEqual(['storage', 'size', 'ssd'])
  expect(differing('scsi1', 'a:1/vm-1-disk-0.raw,size=1G', 'a:1,format=qcow2')).toEqual(['format'])
  expect(differing('virtio0', 'a:vm-1-disk-0,size=4195K', 'a:0.004')).toEqual(['size'])
  expect(differing('efidisk0', 'a:vm-1-disk-0,efitype=4m,size=528K', 'a:1,efitype=4m')).toEqual([])
  expect(differing('tpmstate0', 'a:vm-1-disk-0,size=4M,version=v1.2', 'a:1,version=v2.0')).toEqual([
    'version',
  ])
  expect(differing('scsi0', 'a:vm-1-disk-0,size=418K', 'a:0,import-from=a:import/e.raw')).toEqual([])
})
