import { isIPv4, isIPv6 } from 'node:net'
import { privileges } from './privileges.ts'

/** Checks a value; returns Proxmox's complaint, `undefined` if the value is good. */
type Format = (value: string) => string | undefined

const configId = /^[a-z][a-z0-9_-]+$/i
const dnsLabel = '(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)'
const dnsName = new RegExp(`^${dnsLabel}(?:\\.${dnsLabel})*$`)
const storageId = /^[a-z][a-z0-9\-_.]*[a-z0-9]$/i
const volumeId = /^[a-z][a-z0-9\-_.]*[a-z0-9]:\S+$/i
const mac = /^[a-f0-9][02468ace](?::[a-f0-9]{2}){5}$/i
const bootDevice =
  /^(?:(?:ide[0-3])|(?:sata[0-5])|(?:scsi(?:[12]?\d|30))|(?:virtio(?:1[0-5]|\d))|(?:net\d+)|(?:usb\d+)|(?:hostpci\d+))$/

/** The content types of a storage. */
export const contentTypes = ['images', 'rootdir', 'vztmpl', 'iso', 'backup', 'snippets', 'import', 'none']

const formats: Readonly<Record<string, Format>> = {
  'pve-node': matches(
    /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/,
    'value does not look like a valid node name',
  ),
  'pve-vmid': (value) =>
    /^[1-9][0-9]{2,8}$/.test(value) ? undefined : 'value does not look like a valid VM ID',
  'dns-name': matches(dnsName, 'value does not look like a valid DNS name'),
  'pve-configid': (value) => (configId.test(value) ? undefined : `invalid configuration ID '${value}'`),
  'pve-configid-list': each((value) =>
    configId.test(value) ? undefined : `invalid configuration ID '${value}'`,
  ),
  'pve-storage-id': (value) =>
    storageId.test(value) ? undefined : `storage ID '${value}' contains illegal characters`,
  'pve-volume-id': (value) => (volumeId.test(value) ? undefined : `unable to parse volume ID '${value}'`),
  'pve-volume-id-or-qm-path': (value) =>
    value === 'none' || value === 'cdrom' || value.startsWith('/') || volumeId.test(value)
      ? undefined
      : `unable to parse volume ID '${value}'`,
  'pve-volume-id-or-absolute-path': (value) =>
    value.startsWith('/') || volumeId.test(value) ? undefined : `unable to parse volume ID '${value}'`,
  'disk-size': matches(/^(?:\d+(?:\.\d+)?)(?:[KMGT])?$/, 'unable to parse size'),
  urlencoded: (value) =>
    /^[-%a-zA-Z0-9_.!~*'()]*$/.test(value) ? undefined : `invalid urlencoded string: ${value}`,
  'mac-addr': (value) =>
    mac.test(value) ? undefined : 'value does not look like a valid unicast MAC address',
  'pve-bridge-id': matches(/^[-_.\w\d]+$/, 'invalid bridge'),
  'pve-qm-bootdev-list': each((value) =>
    bootDevice.test(value) ? undefined : `invalid boot device '${value}'`,
  ),
  'pve-qm-bootdisk': (value) => (bootDevice.test(value) ? undefined : `invalid boot disk '${value}'`),
  'pve-ipv4-config': (value) =>
    value === 'dhcp' || isCidr(value, 4)
      ? undefined
      : 'value does not look like a valid ipv4 network configuration',
  'pve-ipv6-config': (value) =>
    value === 'dhcp' || value === 'auto' || isCidr(value, 6)
      ? undefined
      : 'value does not look like a valid ipv6 network configuration',
  ipv4: (value) => (isIPv4(value) ? undefined : 'value does not look like a valid IPv4 address'),
  ipv6: (value) => (isIPv6(value) ? undefined : 'value does not look like a valid IPv6 address'),
  'address-list': each((value) =>
    isIPv4(value) || isIPv6(value) || dnsName.test(value)
      ? undefined
      : 'value does not look like a valid address: ',
  ),
  'pve-tag-list': each((value) =>
    /^[a-z0-9_][a-z0-9_\-+.]*$/i.test(value) ? undefined : 'invalid characters in tag',
  ),
  'pve-startup-order': (value) => (isStartupOrder(value) ? undefined : 'unable to parse startup options'),
  'pve-hotplug-features': (value) =>
    /^(?:0|1|(?:network|disk|cpu|memory|usb|cloudinit)(?:[,;\s](?:network|disk|cpu|memory|usb|cloudinit))*)$/.test(
      value,
    )
      ? undefined
      : 'unable to parse hotplug option',
  'pve-storage-content': (value) =>
    contentTypes.includes(value) ? undefined : `invalid content type '${value}'`,
  'pve-storage-content-list': each((value) =>
    contentTypes.includes(value) ? undefined : `invalid content type '${value}'`,
  ),
  'pve-poolid': (value) =>
    /^[A-Za-z0-9._\-/]+$/.test(value) ? undefined : `poolid '${value}' contains illegal characters`,
  'pve-priv-list': each((value) =>
    privileges(9).includes(value) || privileges(8).includes(value)
      ? undefined
      : `invalid privilege '${value}'`,
  ),
  'pve-userid': (value) =>
    /^[^\s:/]+@[A-Za-z][A-Za-z0-9.\-_]+$/.test(value) ? undefined : `user name '${value}' is invalid`,
  'pve-task-status-type-list': each((value) =>
    ['ok', 'error', 'warning', 'unknown'].includes(value) ? undefined : `invalid status '${value}'`,
  ),
}

/** Checks a value against one of Proxmox's named formats; formats that the lab does not know accept anything. */
export function checkFormat(format: string, value: string): string | undefined {
  return formats[format]?.(value)
}

/** Splits as Proxmox splits lists: at commas, semicolons, spaces and NUL bytes. */
export function splitList(list: string): string[] {
  return list.split(/[,;\s\0]+/).filter((item) => item !== '')
}

function matches(pattern: RegExp, complaint: string): Format {
  return (value) => (pattern.test(value) ? undefined : complaint)
}

function each(format: Format): Format {
  return (value) =>
    splitList(value)
      .map(format)
      .find((complaint) => complaint !== undefined)
}

function isCidr(value: string, family: 4 | 6): boolean {
  const [address = '', length = ''] = value.split('/')
  const bits = Number(length)
  if (!/^\d+$/.test(length)) return false
  return family === 4
    ? isIPv4(address) && bits >= 8 && bits <= 32
    : isIPv6(address) && bits >= 8 && bits <= 128
}

function isStartupOrder(value: string): boolean {
  return value
    .split(',')
    .map((part) => part.trim())
    .every((part) => part === '' || /^(?:(?:order=)?\d+|up=\d+|down=\d+)$/.test(part))
}
