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

export function readSeed(drive: CloudInitDrive): Seed {
  const user = asRecord(load(drive.userData))
  const meta = asRecord(load(drive.metaData))
  const keys = [
    ...asStrings(user.ssh_authorized_keys),
    // `users:` is what people write in snippets of their own; Proxmox itself only writes `default` there
    ...asList(user.users)
      .map(asRecord)
      .flatMap((one) => asStrings(one.ssh_authorized_keys)),
  ]
  return {
    instanceId: String(meta['instance-id'] ?? 'nocloud'),
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

/** Applies a network configuration (version 1) to the NICs there are; NICs that it does not name stay without address. */
export function interfacesOf(
  networkConfig: string | undefined,
  nics: readonly GuestNic[],
  vmid: number,
): Interface[] {
  const devices = networkConfig ? asList(asRecord(load(networkConfig)).config).map(asRecord) : []
  return nics.map((nic, index) => {
    const mac = nic.mac.toLowerCase()
    const device = devices.find((one) => String(one.mac_address ?? '').toLowerCase() === mac)
    const subnets = device ? asList(device.subnets).map(asRecord) : []
    return {
      name: String(device?.name ?? `eth${index}`),
      mac,
      addresses: subnets.flatMap((subnet) => addressOf(subnet, vmid, index)),
    }
  })
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
