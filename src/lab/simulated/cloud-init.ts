/** What the installer's cloud-init makes of the drive that Proxmox VE generates. */
import { load } from 'js-yaml'
import type { CloudInitDrive, GuestNic } from '../guest.ts'

export interface Seed {
  readonly instanceId: string
  readonly hostname: string | undefined
  /** The user that gets the keys: `root` unless the drive names another. */
  readonly user: string
  readonly authorizedKeys: readonly string[]
}

/** Where cloud-init looks for what, by the label of the volume. */
const places: Readonly<Record<string, Readonly<Record<Part, string>>>> = {
  cidata: { user: 'user-data', meta: 'meta-data', network: 'network-config' },
  'config-2': {
    user: 'openstack/latest/user_data',
    meta: 'openstack/latest/meta_data.json',
    network: 'openstack/content/0000',
  },
}
type Part = 'meta' | 'network' | 'user'

/** A file of the drive; empty on a drive of a kind that the installer does not look at. */
export function partOf({ label, files }: CloudInitDrive, part: Part): string {
  return files[places[label]?.[part] ?? ''] ?? ''
}

export function readSeed(drive: CloudInitDrive): Seed {
  const user = asRecord(loaded(partOf(drive, 'user')))
  const meta = asRecord(loaded(partOf(drive, 'meta')))
  const keys = [
    ...asStrings(user.ssh_authorized_keys),
    // `users:` is what people write in snippets of their own; Proxmox itself only writes `default` there
    ...asList(user.users)
      .map(asRecord)
      .flatMap((one) => asStrings(one.ssh_authorized_keys)),
  ]
  return {
    instanceId: String(meta['instance-id'] ?? meta.uuid ?? 'nocloud'),
    hostname: firstString(user.hostname, meta['local-hostname']),
    user: firstString(user.user) ?? 'root',
    authorizedKeys: keys.map((key) => key.trim()).filter((key) => key !== ''),
  }
}

/** A NIC with the addresses that the network configuration gives it. */
export interface Interface {
  readonly name: string
  readonly mac: string
  readonly addresses: readonly { readonly address: string; readonly prefix: number; readonly family: 4 | 6 }[]
}

/**
 * Applies a network configuration to the NICs there are: version 1, or Debian's interfaces file. NICs that it does not name
 * stay without address.
 */
export function interfacesOf(
  networkConfig: string | undefined,
  nics: readonly GuestNic[],
  vmid: number,
): Interface[] {
  const devices = devicesOf(networkConfig ?? '')
  return nics.map((nic, index) => {
    const mac = nic.mac.toLowerCase()
    const device = devices.find(({ mac_address: given, name }) =>
      given === undefined ? name === nic.key.replace('net', 'eth') : String(given).toLowerCase() === mac,
    )
    const subnets = device ? asList(device.subnets).map(asRecord) : []
    return {
      name: String(device?.name ?? `eth${index}`),
      mac,
      addresses: subnets.flatMap((subnet) => addressOf(subnet, vmid, index)),
    }
  })
}

function devicesOf(networkConfig: string): Record<string, unknown>[] {
  if (/^auto /m.test(networkConfig)) return interfacesFileDevices(networkConfig)
  return asList(asRecord(loaded(networkConfig)).config).map(asRecord)
}

/** The devices of Debian's interfaces file, in the words of version 1. */
function interfacesFileDevices(text: string): Record<string, unknown>[] {
  const devices = text
    .split(/^iface /m)
    .slice(1)
    .map((stanza) => {
      const [name, family, method] = (stanza.split('\n')[0] ?? '').split(' ')
      const value = (key: string): string | undefined => new RegExp(`^ +${key} (\\S+)`, 'm').exec(stanza)?.[1]
      const isSix = family === 'inet6'
      const type = method === 'auto' ? 'ipv6_slaac' : `${method}${isSix ? '6' : ''}`
      const address = isSix ? `${value('address')}/${value('netmask')}` : value('address')
      return { name, subnets: [{ type, address, netmask: value('netmask') }] }
    })
  // The genuine cloud-init gives up on a file that has a card twice, as for addresses of both families.
  const isOnce = new Set(devices.map(({ name }) => name)).size === devices.length
  return isOnce ? devices : []
}

/** The configuration of a system that asks for an address by DHCP on its first NIC. */
export function dhcpConfig(nics: readonly GuestNic[]): string {
  const mac = nics[0]?.mac.toLowerCase() ?? ''
  return `version: 1\nconfig:\n  - type: physical\n    name: eth0\n    mac_address: '${mac}'\n    subnets:\n      - type: dhcp4\n`
}

function addressOf(
  subnet: Record<string, unknown>,
  vmid: number,
  nic: number,
): { address: string; prefix: number; family: 4 | 6 }[] {
  const [address = '', length] = String(subnet.address ?? '').split('/')
  switch (subnet.type) {
    case 'static':
      return [{ address, prefix: length ? Number(length) : prefixOf(subnet.netmask), family: 4 }]
    case 'static6':
      return [{ address, prefix: Number(length ?? 64), family: 6 }]
    // What a DHCP server or a router would say: made up, but the same at every boot.
    case 'dhcp4':
    case 'dhcp':
      return [
        {
          address: `10.0.${2 + nic + Math.floor(vmid / 200)}.${15 + (vmid % 200)}`,
          prefix: 24,
          family: 4,
        },
      ]
    case 'dhcp6':
    case 'ipv6_slaac':
      return [
        { address: `fd00:${(2 + nic).toString(16)}::${(vmid % 65536).toString(16)}`, prefix: 64, family: 6 },
      ]
    default:
      return []
  }
}

function prefixOf(netmask: unknown): number {
  const bits = String(netmask ?? '255.255.255.0')
    .split('.')
    .map((part) => Number(part).toString(2))
    .join('')
  return [...bits].filter((bit) => bit === '1').length
}

/** An empty file says nothing. */
function loaded(text: string): unknown {
  return text === '' ? undefined : load(text)
}

function asRecord(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function asStrings(value: unknown): string[] {
  return asList(value).filter((one) => typeof one === 'string')
}

function firstString(...values: unknown[]): string | undefined {
  return values.find((one): one is string => typeof one === 'string' && one !== '')
}
