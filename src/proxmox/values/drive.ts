import {
  type Properties,
  parseProperties,
  sortedProperties,
  withSwitches,
  writeProperties,
} from '../property-string.ts'
import type { OptionValue } from './option-value.ts'
import { parseSize } from './size.ts'

/** `scsi0`, `ide2`, `efidisk0`, `tpmstate0`, … */
export interface DriveValue {
  /** A volume id, `none`, or what is to be made: `local-lvm:32` (GiB), `local-lvm:cloudinit`. */
  readonly volume: string
  /** `discard`, `media`, `size`, … */
  readonly properties: Properties
}

const switches = new Set([
  ...['backup', 'detect_zeroes', 'iothread', 'pre-enrolled-keys', 'replicate', 'ro'],
  ...['scsiblock', 'shared', 'snapshot', 'ssd'],
])
/** What a request tells of how the volume is to be made. */
const madeFrom = new Set(['format', 'import-from', 'media', 'size'])

export function parseDrive(text: string): DriveValue {
  const properties = new Map(withSwitches(parseProperties(text, 'file'), switches))
  const volume = properties.get('file') ?? properties.get('volume') ?? ''
  for (const key of ['file', 'volume']) properties.delete(key)
  return { volume, properties }
}

/** As Proxmox gives them back: the volume first, the other properties by name. */
export function writeDrive({ volume, properties }: DriveValue): string {
  return writeProperties([['file', volume], ...sortedProperties(properties)], 'file')
}

/** A cloud-init drive, made or still to be made: `local-lvm:vm-101-cloudinit`, with a suffix on storages of files. */
export function isCloudInitVolume(volume: string): boolean {
  return /(^|[:/])vm-\d+-cloudinit(\.\w+)?$/.test(volume) || /:cloudinit$/.test(volume)
}

/**
 * Another volume takes the place of the one that is there, its own properties with it. But a request for a new one is
 * met by the one that was made for it, and a disk is never exchanged for an empty one.
 */
export const drive: OptionValue<DriveValue> = {
  parse: parseDrive,
  write: writeDrive,
  merge(now, wanted) {
    const made = now.volume !== wanted.volume
    if (made && !isMade(now, wanted.volume)) return wanted
    const asked = [...wanted.properties].filter(([key]) => !made || !madeFrom.has(key))
    return { volume: now.volume, properties: new Map([...now.properties, ...asked]) }
  },
}

/** Whether a drive has the volume that a request such as `local-lvm:32` or `local-lvm:cloudinit` is for. */
function isMade(now: DriveValue, request: string): boolean {
  const [, what] = /^[^:]+:(\d{1,30}(?:\.\d{1,30})?|cloudinit)$/.exec(request) ?? []
  if (what === undefined || !now.volume.includes(':')) return false
  if (isCloudInitVolume(now.volume)) return what === 'cloudinit'
  return now.properties.get('media') !== 'cdrom'
}

/**
 * In what a disk that was made differs from what is asked for: `storage`, `size`, `format`, or a property. Firmware
 * variables and TPM state have sizes of their own, and an imported disk has its image's.
 */
export function deviations(key: string, now: DriveValue, wanted: DriveValue): string[] {
  const [storage, gib = ''] = wanted.volume.split(':')
  const format = wanted.properties.get('format')
  const hasOwnSize = /^(efidisk|tpmstate)/.test(key) || wanted.properties.has('import-from')
  const bytes = hasOwnSize ? undefined : parseSize(`${gib}G`)
  const suffix = /\.(\w+)$/.exec(now.volume)?.[1]
  const kept = [...wanted.properties].filter(([name]) => !madeFrom.has(name))
  return [
    ...(now.volume.split(':')[0] === storage ? [] : ['storage']),
    ...(bytes === undefined || parseSize(now.properties.get('size') ?? '') === bytes ? [] : ['size']),
    ...(format === undefined || suffix === undefined || suffix === format ? [] : ['format']),
    ...kept.filter(([name, value]) => now.properties.get(name) !== value).map(([name]) => name),
  ]
}
