/** What a machine boots when it is switched on. */
import { existsSync } from 'node:fs'
import type { GuestHardware } from '../guest.ts'
import { type InstalledSystem, readDiskContent } from './disk-content.ts'

export type BootTarget =
  | { readonly kind: 'installer'; readonly key: string; readonly iso: string }
  | { readonly kind: 'installed'; readonly key: string; readonly installed: InstalledSystem }

/** Goes through the boot order, as the firmware does; `undefined`: "No bootable device". */
export async function findBootTarget(hardware: GuestHardware): Promise<BootTarget | undefined> {
  // Proxmox VE without a boot order tries the disks, then the CD-ROMs.
  const everything = [...hardware.disks, ...hardware.isos].map(({ key }) => key)
  const order = hardware.bootOrder.length > 0 ? hardware.bootOrder : everything
  for (const key of order) {
    const disk = hardware.disks.find((one) => one.key === key)
    if (disk) {
      const { installed, partitionTable } = await readDiskContent(disk.path)
      if (installed && partitionTable) return { kind: 'installed', key, installed }
    }
    const iso = hardware.isos.find((one) => one.key === key)
    if (iso && existsSync(iso.path)) return { kind: 'installer', key, iso: iso.path }
  }
  return undefined
}
