import { type Properties, printPropertyString, splitPropertyString } from './property-strings.ts'
import type { ApiSchema } from './schema.ts'
import type { Options } from './vm-config.ts'

/** A drive option, taken apart: `file` is the volume. */
export type Drive = Properties & { file: string }

const buses = { ide: 4, scsi: 31, virtio: 16, sata: 6 }

/** All drive options, in the order in which Proxmox looks through them. */
export const driveNames: readonly string[] = [
  ...Object.entries(buses).flatMap(([bus, count]) => Array.from({ length: count }, (_, n) => `${bus}${n}`)),
  'efidisk0',
  'tpmstate0',
]

const known = new Set(driveNames)

/** Whether an option is a drive. */
export function isDriveName(name: string): boolean {
  return known.has(name)
}

/** Takes a drive option apart. */
export function parseDrive(schema: ApiSchema, name: string, value: string): Drive {
  const properties = splitPropertyString(value, schema.vmOptions[name]?.properties ?? {})
  return { ...properties, file: properties.file ?? '' }
}

/** Writes a drive option: the volume first, the other keys sorted. */
export function printDrive(drive: Drive): string {
  return printPropertyString(drive, 'file')
}

/** What `local:8` asks for: a new volume of so many GiB on a storage; `undefined` for volumes that are there. */
export function volumeToMake(
  file: string,
): { readonly storage: string; readonly gibibytes: number } | undefined {
  const [, storage, size] = /^([^/:\s]+):(\d+(?:\.\d+)?)$/.exec(file) ?? []
  return storage === undefined ? undefined : { storage, gibibytes: Number(size) }
}

/** Whether it is the drive with the cloud-init files, made or still to be made. */
export function isCloudInit(drive: Properties): boolean {
  const file = drive.file ?? ''
  return /[:/](?:vm-\d+-)?cloudinit(?:\.(?:qcow2|raw))?$/.test(file)
}

/** Whether it is a CD-ROM; the cloud-init drive is one too. */
export function isCdrom(drive: Properties): boolean {
  return drive.media === 'cdrom' || isCloudInit(drive)
}

/** Whether the volume is an ISO of a storage. */
export function isIsoVolume(file: string): boolean {
  return /^[^:/]+:iso\//.test(file)
}

/** The drives of a VM by option, in alphabetical order. */
export function drivesOf(schema: ApiSchema, options: Options): [string, Drive][] {
  return Object.keys(options)
    .filter(isDriveName)
    .sort()
    .map((name) => [name, parseDrive(schema, name, options[name] ?? '')])
}

/** The option of the cloud-init drive, if there is one. */
export function cloudInitDriveName(schema: ApiSchema, options: Options): string | undefined {
  return drivesOf(schema, options).find(([, drive]) => isCloudInit(drive))?.[0]
}

/** The boot order that a VM without `boot` gets: its first disk, its first CD-ROM, its first network card. */
export function defaultBootOrder(schema: ApiSchema, options: Options): string {
  const candidates = driveNames.filter(
    (name) => options[name] !== undefined && !/^(?:efidisk|tpmstate)/.test(name),
  )
  const isCd = (name: string) => isCdrom(parseDrive(schema, name, options[name] ?? ''))
  const disk = candidates.find((name) => !isCd(name))
  const cd = candidates.find(isCd)
  const nic = Object.keys(options)
    .filter((name) => /^net\d+$/.test(name))
    .sort(byNumber)[0]
  return printBootOrder([disk, cd, nic].filter((name) => name !== undefined))
}

/** `order=scsi0;ide2` */
export function printBootOrder(devices: readonly string[]): string {
  return devices.length === 0 ? ' ' : `order=${devices.join(';')}`
}

/** The devices of `order=…`; `undefined` where the option is the old kind. */
export function bootOrderOf(boot: string | undefined): string[] | undefined {
  const order = /(?:^|,)order=([^,]*)/.exec(boot ?? '')?.[1]
  return order === undefined ? undefined : order.split(/[;\s\0]+/).filter((device) => device !== '')
}

/** `net2` before `net10` */
export function byNumber(a: string, b: string): number {
  return Number(a.replace(/\D+/g, '')) - Number(b.replace(/\D+/g, ''))
}

const units: Record<string, number> = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3, T: 1024 ** 4 }

/** `8G` in bytes. */
export function parseSize(size: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([KMGT]?)$/.exec(size)
  return match === null ? undefined : Number(match[1]) * (units[match[2] ?? ''] ?? 1)
}

/** The shortest exact form, `1G` or `1536M`; Proxmox writes nothing as `0T`. */
export function formatSize(bytes: number): string {
  for (const unit of ['T', 'G', 'M', 'K']) {
    const count = bytes / (units[unit] ?? 1)
    if (Number.isInteger(count)) return `${count}${unit}`
  }
  return String(bytes)
}
