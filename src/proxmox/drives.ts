import { parseBootOrder } from './values/boot.ts'
import { isCloudInitVolume, parseDrive } from './values/drive.ts'
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
    .map(([key, value]) => ({ key, ...contentOf(String(value)) }))
    .sort((a, b) => a.key.localeCompare(b.key, 'en', { numeric: true }))
}

function contentOf(text: string): Pick<Drive, 'volume' | 'kind'> {
  const { volume, properties } = parseDrive(text)
  if (isCloudInitVolume(volume)) return { volume, kind: 'cloud-init' }
  return { volume, kind: properties.get('media') === 'cdrom' ? 'cdrom' : 'disk' }
}

/** The devices of `boot: order=scsi0;ide2`. */
export function bootOrder(config: VmConfig): string[] {
  return parseBootOrder(String(config.boot ?? ''))
}
