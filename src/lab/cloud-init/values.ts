import { byNumber } from '../drives.ts'
import { splitPropertyString } from '../property-strings.ts'
import type { Options } from '../vm-config.ts'

/** The node's resolv.conf: what a VM without DNS settings gets. */
export interface HostDns {
  readonly nameservers: readonly string[]
  readonly search: string | undefined
}

/** A network card with its `ipconfig`. */
export interface Card {
  readonly name: string
  readonly mac: string
  readonly mtu: string | undefined
  readonly ip: string | undefined
  readonly gw: string | undefined
  readonly ip6: string | undefined
  readonly gw6: string | undefined
}

/** Cards without `ipconfig` are left out. */
export function cards(options: Options): Card[] {
  const found: Card[] = []
  for (const key of Object.keys(options)
    .filter((name) => /^net\d+$/.test(name))
    .sort(byNumber)) {
    const number = key.slice(3)
    const config = options[`ipconfig${number}`]
    if (config === undefined) continue
    const { ip, gw, ip6, gw6 } = splitPropertyString(config, {})
    const mac = /[0-9A-F]{2}(?::[0-9A-F]{2}){5}/i.exec(options[key] ?? '')?.[0].toLowerCase() ?? ''
    const mtu = /(?:^|,)mtu=(\d+)/.exec(options[key] ?? '')?.[1]
    found.push({ name: `eth${number}`, mac, mtu, ip, gw, ip6, gw6 })
  }
  return found
}

/** The node's own where the VM has none. */
export function dnsOf(options: Options, dns: HostDns): { nameservers: string[]; searches: string[] } {
  const nameservers = present(options.nameserver)?.split(/[\s,;]+/) ?? [...dns.nameservers]
  const searches = (present(options.searchdomain) ?? dns.search ?? '').split(/[\s,;]+/)
  const filled = (items: string[]) => items.filter((item) => item !== '')
  return { nameservers: filled(nameservers), searches: filled(searches) }
}

/** `192.0.2.1/24` as address and mask. */
export function splitV4(cidr: string): [string, string] {
  const [address = '', bits = '32'] = cidr.split('/')
  const mask = (0xffffffff << (32 - Number(bits))) >>> 0
  return [address, [24, 16, 8, 0].map((shift) => (mask >>> shift) & 255).join('.')]
}

/** A value that is not the blank that an empty option comes back as. */
export function present(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value
}

/** The public keys for the user. */
export function keysOf(options: Options): string[] {
  return decodeURIComponent(present(options.sshkeys) ?? '')
    .split('\n')
    .filter((key) => key.trim() !== '')
}

export function namesOf(options: Options, vmid: number): { hostname: string; fqdn: string } {
  const name = options.name ?? `VM${vmid}`
  const search = options.searchdomain
  const fqdn = name.includes('.') || search === undefined ? name : `${name}.${search}`
  return { hostname: name.split('.')[0] ?? name, fqdn }
}
