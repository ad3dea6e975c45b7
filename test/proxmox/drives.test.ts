import { expect, test } from 'vitest'
import { bootOrder, drivesOf } from '../../src/proxmox/drives.ts'
import { macsOf, uuidOf } from '../../src/proxmox/vms.ts'

test('drives are told apart by what is in them, on whatever bus, in the order of their numbers', () => {
  const config = {
    scsi10: 'local-lvm:vm-101-disk-2,size=1G',
    scsi2: 'local-lvm:vm-101-disk-1,size=1G',
    virtio0: 'local:101/vm-101-disk-0.raw,size=8G',
    ide0: 'local:101/vm-101-cloudinit.qcow2,media=cdrom',
    ide2: 'local:iso/nixos.iso,media=cdrom,size=418K',
    sata1: 'none,media=cdrom',
    scsi29: 'local-lvm:vm-101-cloudinit,media=cdrom',
    scsihw: 'virtio-scsi-single',
    efidisk0: 'local-lvm:vm-101-disk-3,efitype=4m',
    unused0: 'local-lvm:vm-101-disk-4',
  }
  expect(drivesOf(config).map(({ key, kind }) => `${key} ${kind}`)).toEqual([
    'ide0 cloud-init',
    'ide2 cdrom',
    'sata1 cdrom',
    'scsi2 disk',
    'scsi10 disk',
    'scsi29 cloud-init',
    'virtio0 disk',
  ])
})

test('an ISO that is called like a cloud-init drive is an ISO', () => {
  const [drive] = drivesOf({ ide2: 'local:iso/nixos-cloudinit.iso,media=cdrom' })
  expect(drive).toEqual({ key: 'ide2', volume: 'local:iso/nixos-cloudinit.iso', kind: 'cdrom' })
})

test('a drive that was only asked for is told by what it is to become', () => {
  const config = { scsi0: 'local-lvm:32,discard=on', ide0: 'local-lvm:cloudinit' }
  expect(drivesOf(config).map(({ kind }) => kind)).toEqual(['cloud-init', 'disk'])
})

test('the boot order is read; where there is none it is empty', () => {
  expect(bootOrder({ boot: 'order=scsi0;ide2;net0' })).toEqual(['scsi0', 'ide2', 'net0'])
  expect(bootOrder({ boot: 'cdn' })).toEqual([])
  expect(bootOrder({ boot: ' ' })).toEqual([])
  expect(bootOrder({})).toEqual([])
})

test('UUID and MAC addresses are found where Proxmox writes them', () => {
  expect(uuidOf({ smbios1: 'base64=1,uuid=339277F8-cf87-43ee-aa15-c7ef22fdd7fc' })).toBe(
    '339277f8-cf87-43ee-aa15-c7ef22fdd7fc',
  )
  expect(uuidOf({})).toBeUndefined()
  expect(
    macsOf({ net10: 'virtio=BC:24:11:00:00:10', net2: 'e1000=BC:24:11:00:00:02,bridge=vmbr0', network: 'x' }),
  ).toEqual(['BC:24:11:00:00:02', 'BC:24:11:00:00:10'])
})
