import { parseProperties } from './property-string.ts'
import type { VmConfig } from './vms.ts'

/** A drive of a VM's configuration. */
export interface Drive {
  /** `scsi0`, `ide2`, … */
  readonly key: string
  /** Volume id, or `none` for an empty CD-ROM. */
  readonly volume: string
  readonly kind: 'disk' | 'cdrom' | 'cloud-init'
}

const driveKey = /^(ide|sata|scsi|virtio)\d+$/

/** All drives of a configuration, on whatever bus. */
export function drivesOf(config: VmConfig): Drive[] {
  return Object.entries(config)
    .filter(([key]) => driveKey.test(key))
    .map(([key, value]) => {
      const properties = parseProperties(String(value), 'file')
      const volume = properties.get('file') ?? ''
      const kind = properties.get('media') !== 'cdrom' ? 'disk' : isCloudInit(volume) ? 'cloud-init' : 'cdrom'
      return { key, volume, kind } as const
    })
    .sort((a, b) => a.key.localeCompare(b.key, 'en', { numeric: true }))
}

/** The volume of a cloud-init drive is called `vm-101-cloudinit`, with a suffix on storages that hold files. */
function isCloudInit(volume: string): boolean {
  return /(^|[:/])vm-\d+-cloudinit(\.\w+)?$/.test(volume) || /:cloudinit$/.test(volume)
}

/** The devices of `boot: order=scsi0;ide2`. */
export function bootOrder(config: VmConfig): string[] {
  const order = parseProperties(String(config.boot ?? ''), 'legacy').get('order') ?? ''
  return order.split(';').filter((device) => device !== '')
}
