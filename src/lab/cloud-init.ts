import { createHash } from 'node:crypto'
import { byNumber } from './drives.ts'
import type { CloudInitDrive } from './guest.ts'
import { splitPropertyString } from './property-strings.ts'
import type { Options } from './vm-config.ts'

/** The node's resolv.conf: what a VM without DNS settings gets. */
export interface HostDns {
  readonly nameservers: readonly string[]
  readonly search: string | undefined
}

/** The options that the cloud-init drive is made from. */
export const cloudInitOptions = new Set([
  'cicustom',
  'cipassword',
  'citype',
  'ciupgrade',
  'ciuser',
  'nameserver',
  'searchdomain',
  'sshkeys',
  'name',
])

/** Whether the cloud-init drive has to be made anew when this option changes. */
export function isCloudInitOption(name: string): boolean {
  return cloudInitOptions.has(name) || /^ipconfig\d+$/.test(name)
}

/** The three files that can be looked at, as Proxmox generates them. */
export interface CloudInitFiles {
  readonly user: string
  readonly network: string
  readonly meta: string
}

/** Generates the files; `snippet` reads what `cicustom` names. */
export function cloudInitFiles(options: Options, vmid: number, dns: HostDns): CloudInitFiles {
  const user = userData(options, vmid)
  if (cloudInitType(options) === 'nocloud') {
    const network = networkConfig(options, dns)
    return { user, network, meta: `instance-id: ${sha1(user + network)}\n` }
  }
  const network = interfacesFile(options, dns)
  const uuid = sha1(user + network)
  return {
    user,
    network,
    meta: `{\n     "uuid": "${uuid}",\n     "network_config": { "content_path": "/content/0000" }\n}\n`,
  }
}

/** The drive as the guest sees it, with the files of `cicustom` in place of the generated ones. */
export function cloudInitDrive(
  options: Options,
  vmid: number,
  dns: HostDns,
  snippet: (volid: string) => string,
): Omit<CloudInitDrive, 'key' | 'path'> {
  const files = cloudInitFiles(options, vmid, dns)
  const custom = splitPropertyString(options.cicustom ?? '', {})
  const pick = (kind: string, generated: string) => {
    const volid = custom[kind]
    return volid === undefined ? generated : snippet(volid)
  }
  return {
    type: cloudInitType(options),
    userData: pick('user', files.user),
    metaData: pick('meta', files.meta),
    networkConfig: pick('network', files.network),
    vendorData: pick('vendor', ''),
  }
}

/** `citype`, or what follows from the system's kind. */
export function cloudInitType(options: Options): string {
  const type = options.citype
  if (type !== undefined) return type
  return /^(?:w|win)/.test(options.ostype ?? '') ? 'configdrive2' : 'nocloud'
}

function userData(options: Options, vmid: number): string {
  const name = options.name ?? `VM${vmid}`
  const hostname = name.split('.')[0] ?? name
  const search = options.searchdomain
  const fqdn = name.includes('.') || search === undefined ? name : `${name}.${search}`
  const user = present(options.ciuser)
  const lines = ['#cloud-config', `hostname: ${hostname}`, 'manage_etc_hosts: true', `fqdn: ${fqdn}`]
  if (user !== undefined) lines.push(`user: ${user}`)
  if (user === 'root') lines.push('disable_root: False')
  const password = present(options.cipassword)
  if (password !== undefined) lines.push(`password: ${password}`)
  const keys = decodeURIComponent(present(options.sshkeys) ?? '')
    .split('\n')
    .filter((key) => key.trim() !== '')
  if (keys.length > 0) lines.push('ssh_authorized_keys:', ...keys.map((key) => `  - ${key}`))
  lines.push('chpasswd:', '  expire: False')
  if (user !== 'root') lines.push('users:', '  - default')
  if (options.ciupgrade !== '0') lines.push('package_upgrade: true')
  return `${lines.join('\n')}\n`
}

/** Network configuration version 1. A card without `ipconfig` is left out. */
function networkConfig(options: Options, dns: HostDns): string {
  let text = 'version: 1\nconfig:\n'
  for (const card of cards(options)) {
    text += `    - type: physical\n      name: ${card.name}\n      mac_address: '${card.mac}'\n      subnets:\n`
    const { ip, gw, ip6, gw6 } = card
    if (ip === 'dhcp') text += '      - type: dhcp4\n'
    else if (ip !== undefined) {
      const [address, mask] = splitV4(ip)
      text += `      - type: static\n        address: '${address}'\n        netmask: '${mask}'\n`
      if (gw !== undefined) text += `        gateway: '${gw}'\n`
    }
    if (ip6 === 'dhcp') text += '      - type: dhcp6\n'
    else if (ip6 === 'auto') text += '      - type: ipv6_slaac\n'
    else if (ip6 !== undefined) {
      text += `      - type: static6\n        address: '${ip6}'\n`
      if (gw6 !== undefined) text += `        gateway: '${gw6}'\n`
    }
  }
  const { nameservers, searches } = dnsOf(options, dns)
  if (nameservers.length > 0 || searches.length > 0) {
    text += '    - type: nameserver\n'
    if (nameservers.length > 0)
      text += `      address:\n${nameservers.map((item) => `      - '${item}'\n`).join('')}`
    if (searches.length > 0)
      text += `      search:\n${searches.map((item) => `      - '${item}'\n`).join('')}`
  }
  return text
}

/** The Debian interfaces file that the other kinds of drives carry. */
function interfacesFile(options: Options, dns: HostDns): string {
  const { nameservers, searches } = dnsOf(options, dns)
  let text = 'auto lo\niface lo inet loopback\n\n'
  if (nameservers.length > 0) text += `        dns_nameservers ${nameservers.join(' ')}\n`
  if (searches.length > 0) text += `        dns_search ${searches.join(' ')}\n`
  for (const { name, ip, gw, ip6, gw6 } of cards(options)) {
    text += `auto ${name}\n`
    if (ip === 'dhcp') text += `iface ${name} inet dhcp\n`
    else if (ip !== undefined) {
      const [address, mask] = splitV4(ip)
      text += `iface ${name} inet static\n        address ${address}\n        netmask ${mask}\n`
      if (gw !== undefined) text += `        gateway ${gw}\n`
    }
    if (ip6 === 'dhcp' || ip6 === 'auto') text += `iface ${name} inet6 ${ip6}\n`
    else if (ip6 !== undefined) {
      const [address, bits] = ip6.split('/')
      text += `iface ${name} inet6 static\n        address ${address}\n        netmask ${bits}\n`
      if (gw6 !== undefined) text += `        gateway ${gw6}\n`
    }
  }
  return text
}

interface Card {
  readonly name: string
  readonly mac: string
  readonly ip: string | undefined
  readonly gw: string | undefined
  readonly ip6: string | undefined
  readonly gw6: string | undefined
}

function cards(options: Options): Card[] {
  const found: Card[] = []
  for (const key of Object.keys(options)
    .filter((name) => /^net\d+$/.test(name))
    .sort(byNumber)) {
    const number = key.slice(3)
    const config = options[`ipconfig${number}`]
    if (config === undefined) continue
    const { ip, gw, ip6, gw6 } = splitPropertyString(config, {})
    const mac = /[0-9A-F]{2}(?::[0-9A-F]{2}){5}/i.exec(options[key] ?? '')?.[0].toLowerCase() ?? ''
    found.push({ name: `eth${number}`, mac, ip, gw, ip6, gw6 })
  }
  return found
}

function dnsOf(options: Options, dns: HostDns): { nameservers: string[]; searches: string[] } {
  const nameservers = present(options.nameserver)?.split(/[\s,;]+/) ?? [...dns.nameservers]
  const searches = (present(options.searchdomain) ?? dns.search ?? '').split(/[\s,;]+/)
  const filled = (items: string[]) => items.filter((item) => item !== '')
  return { nameservers: filled(nameservers), searches: filled(searches) }
}

function splitV4(cidr: string): [string, string] {
  const [address = '', bits = '32'] = cidr.split('/')
  const mask = (0xffffffff << (32 - Number(bits))) >>> 0
  return [address, [24, 16, 8, 0].map((shift) => (mask >>> shift) & 255).join('.')]
}

/** A value that is not the blank that an empty option comes back as. */
function present(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}
