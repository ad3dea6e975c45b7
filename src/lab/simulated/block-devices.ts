/** The guest's block devices: names as Linux gives them, content as the disks' files hold it. */
import type { GuestDisk, GuestHardware } from '../guest.ts'
import { blankDisk, type DiskContent, readDiskContent, writeDiskContent } from './disk-content.ts'

export interface Disk {
  /** `/dev/sda` */
  readonly path: string
  readonly source: GuestDisk
  readonly model: string
  readonly transport: string
  /** The link below /dev/disk/by-id, where Proxmox's devices have one. */
  readonly byId: string | undefined
  content: DiskContent
}

/** One row of `lsblk`. */
export interface BlockDevice {
  readonly path: string
  readonly disk: Disk
  /** `0` is the whole disk. */
  readonly partition: number
  readonly sizeBytes: number
}

export async function openDisks(hardware: GuestHardware): Promise<Disk[]> {
  const letters = { sd: 0, vd: 0 }
  const disks: Disk[] = []
  for (const source of [...hardware.disks].sort(byController)) {
    const bus = busOf(source.key)
    const series = bus === 'virtio' ? 'vd' : 'sd'
    const letter = String.fromCharCode(97 + letters[series]++)
    disks.push({
      path: `/dev/${series}${letter}`,
      source,
      model: bus === 'virtio' ? '' : 'QEMU HARDDISK',
      transport: { scsi: '', virtio: 'virtio', sata: 'sata', ide: 'ata' }[bus] ?? '',
      byId: byIdOf(bus, source.key),
      content: await readDiskContent(source.path),
    })
  }
  return disks
}

/** Changes what is on a disk, in memory and in its file. */
export async function changeDisk(disk: Disk, content: DiskContent): Promise<void> {
  disk.content = content
  await writeDiskContent(disk.source.path, content)
}

export async function wipeDisk(disk: Disk): Promise<void> {
  await changeDisk(disk, blankDisk)
}

export function partitionsOf(disk: Disk): BlockDevice[] {
  return (disk.content.partitionTable?.partitions ?? []).map((one) => ({
    path: `${disk.path}${one.number}`,
    disk,
    partition: one.number,
    sizeBytes: one.sectors * 512,
  }))
}

export function wholeDisk(disk: Disk): BlockDevice {
  return { path: disk.path, disk, partition: 0, sizeBytes: disk.source.sizeBytes }
}

export function findDevice(disks: readonly Disk[], path: string): BlockDevice | undefined {
  return disks
    .flatMap((disk) => [wholeDisk(disk), ...partitionsOf(disk)])
    .find((device) => device.path === path)
}

export function fileSystemOn(device: BlockDevice) {
  return device.disk.content.fileSystems?.[String(device.partition)]
}

function busOf(key: string): string {
  return key.replace(/\d+$/, '')
}

/** Linux numbers SCSI disks before SATA and IDE ones here, each by its number. */
function byController(a: GuestDisk, b: GuestDisk): number {
  const order = ['scsi', 'virtio', 'sata', 'ide']
  const rank = (disk: GuestDisk) =>
    order.indexOf(busOf(disk.key)) * 100 + Number(/\d+$/.exec(disk.key)?.[0] ?? 0)
  return rank(a) - rank(b)
}

function byIdOf(bus: string, key: string): string | undefined {
  const number = Number(/\d+$/.exec(key)?.[0] ?? 0)
  if (bus === 'scsi') return `/dev/disk/by-id/scsi-0QEMU_QEMU_HARDDISK_drive-${key}`
  if (bus === 'sata') return `/dev/disk/by-id/ata-QEMU_HARDDISK_QM${String(5 + number * 2).padStart(5, '0')}`
  if (bus === 'ide') return `/dev/disk/by-id/ata-QEMU_HARDDISK_QM${String(1 + number).padStart(5, '0')}`
  return undefined
}
