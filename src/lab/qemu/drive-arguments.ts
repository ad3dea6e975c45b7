/** Drives as QEMU's options: every one has its configuration key as id, `scsi0` or `ide2`, as on Proxmox. */
import type { GuestHardware } from '../guest.ts'
import { imageFormat } from './images.ts'

interface Drive {
  readonly key: string
  readonly path: string
  readonly kind: 'disk' | 'cdrom'
}

/** The controllers that the drives hang on, and the drives. */
export function driveArguments(hardware: GuestHardware): string[] {
  const drives: Drive[] = [
    ...hardware.disks.map(({ key, path }): Drive => ({ key, path, kind: 'disk' })),
    ...hardware.isos.map(({ key, path }): Drive => ({ key, path, kind: 'cdrom' })),
    ...(hardware.cloudInit === undefined ? [] : [{ ...hardware.cloudInit, kind: 'cdrom' } as const]),
  ]
  const controllers = new Set(drives.flatMap(({ key }) => controllerOf(hardware, key)))
  return [
    ...[...controllers].flatMap((one) => ['-device', one]),
    ...drives.flatMap((one) => drive(hardware, one)),
  ]
}

function drive(hardware: GuestHardware, { key, path, kind }: Drive): string[] {
  const id = `drive-${key}`
  const format = imageFormat(path)
  // What was written is in this machine's memory, and outlives QEMU; but qcow2 has tables to be brought in order.
  const cache = format === 'qcow2' ? 'writeback' : 'unsafe'
  const image = [
    'if=none',
    `id=${id}`,
    `format=${format}`,
    ...(kind === 'cdrom' ? ['media=cdrom', 'readonly=on'] : ['discard=unmap', `cache=${cache}`]),
    `file=${escaped(path)}`,
  ]
  const order = hardware.bootOrder.indexOf(key)
  const device = [
    ...deviceOf(hardware, key, kind),
    `drive=${id}`,
    `id=${key}`,
    ...(order === -1 ? [] : [`bootindex=${100 + order}`]),
  ]
  return ['-drive', image.join(','), '-device', device.join(',')]
}

function deviceOf(hardware: GuestHardware, key: string, kind: Drive['kind']): string[] {
  const number = numberOf(key)
  switch (busOf(key)) {
    case 'virtio':
      return ['virtio-blk-pci']
    case 'sata':
      return [kind === 'disk' ? 'ide-hd' : 'ide-cd', `bus=ahci0.${number}`]
    case 'ide': {
      const type = kind === 'disk' ? 'ide-hd' : 'ide-cd'
      // The old chipset has two channels with two places each, the newer one a channel for each.
      if (hardware.machine === 'q35') return [type, `bus=ide.${number}`]
      return [type, `bus=ide.${Math.floor(number / 2)}`, `unit=${number % 2}`]
    }
    default: {
      const type = kind === 'disk' ? 'scsi-hd' : 'scsi-cd'
      // Guests make the name in /dev/disk/by-id of it.
      const name = `device_id=drive-${key}`
      if (hardware.scsiController === 'virtio-scsi-single')
        return [type, `bus=virtioscsi${number}.0`, 'channel=0,scsi-id=0,lun=0', name]
      if (hardware.scsiController === 'virtio-scsi-pci')
        return [type, 'bus=scsihw0.0', `channel=0,scsi-id=0,lun=${number}`, name]
      return [type, `bus=scsihw${Math.floor(number / 7)}.0`, `scsi-id=${number % 7}`, name]
    }
  }
}

function controllerOf(hardware: GuestHardware, key: string): string[] {
  switch (busOf(key)) {
    case 'sata':
      return ['ahci,id=ahci0']
    case 'scsi': {
      const { scsiController } = hardware
      if (scsiController === 'virtio-scsi-single') return [`virtio-scsi-pci,id=virtioscsi${numberOf(key)}`]
      if (scsiController === 'virtio-scsi-pci') return ['virtio-scsi-pci,id=scsihw0']
      return [`${scsiController},id=scsihw${Math.floor(numberOf(key) / 7)}`]
    }
    default:
      return []
  }
}

function busOf(key: string): string {
  return key.replace(/\d+$/, '')
}

function numberOf(key: string): number {
  return Number(/\d+$/.exec(key)?.[0] ?? 0)
}

/** A path in an option: commas separate options. */
export function escaped(path: string): string {
  return path.replaceAll(',', ',,')
}
