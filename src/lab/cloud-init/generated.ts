import { createHash } from 'node:crypto'
import type { Options } from '../vm-config.ts'
import { cloudInitType } from './options.ts'
import { cards, dnsOf, type HostDns, keysOf, namesOf, present, splitV4 } from './values.ts'

/** The three files that can be looked at. */
export interface CloudInitFiles {
  readonly user: string
  readonly network: string
  readonly meta: string
}

/** Generates the files that Proxmox shows: of each kind of drive but `nocloud` those of `configdrive2` for Linux. */
export function cloudInitFiles(options: Options, vmid: number, dns: HostDns): CloudInitFiles {
  const user = userData(options, vmid)
  const isNocloud = cloudInitType(options) === 'nocloud'
  const network = isNocloud ? networkConfig(options, dns) : interfacesFile(options, dns)
  const instance = instanceOf(user, network)
  return { user, network, meta: isNocloud ? nocloudMeta(instance) : configDriveMeta(instance) }
}

/** What cloud-init knows an instance by: another one is set up anew. */
export function instanceOf(user: string, network: string): string {
  return createHash('sha1')
    .update(user + network)
    .digest('hex')
}

export function nocloudMeta(instance: string): string {
  return `instance-id: ${instance}\n`
}

export function configDriveMeta(instance: string): string {
  return `{\n     "uuid": "${instance}",\n     "network_config": { "content_path": "/content/0000" }\n}\n`
}

export function userData(options: Options, vmid: number): string {
  const { hostname, fqdn } = namesOf(options, vmid)
  const user = present(options.ciuser)
  const lines = ['#cloud-config', `hostname: ${hostname}`, 'manage_etc_hosts: true', `fqdn: ${fqdn}`]
  if (user !== undefined) lines.push(`user: ${user}`)
  if (user === 'root') lines.push('disable_root: False')
  const password = present(options.cipassword)
  if (password !== undefined) lines.push(`password: ${password}`)
  const keys = keysOf(options)
  if (keys.length > 0) lines.push('ssh_authorized_keys:', ...keys.map((key) => `  - ${key}`))
  lines.push('chpasswd:', '  expire: False')
  if (user !== 'root') lines.push('users:', '  - default')
  if (options.ciupgrade !== '0') lines.push('package_upgrade: true')
  return `${lines.join('\n')}\n`
}

/** Network configuration version 1. A card without `ipconfig` is left out. */
export function networkConfig(options: Options, dns: HostDns): string {
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
export function interfacesFile(options: Options, dns: HostDns): string {
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
