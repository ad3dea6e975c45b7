import type { Options } from '../vm-config.ts'
import { type Card, cards, dnsOf, type HostDns, keysOf, namesOf, present, splitV4 } from './values.ts'

/** OpenNebula's `context.sh`. The MAC addresses are empty, as Proxmox writes them. */
export function contextScript(options: Options, vmid: number, dns: HostDns): string {
  const { nameservers, searches } = dnsOf(options, dns)
  const password = present(options.cipassword)
  const keys = keysOf(options)
  const network = cards(options).flatMap(cardLines)
  const lines = [
    `USERNAME=${present(options.ciuser) ?? 'root'}`,
    // A line of base64 ends with a line feed of its own.
    ...(password === undefined ? [] : [`CRYPTED_PASSWORD_BASE64=${base64(password)}\n`]),
    ...(keys.length === 0 ? [] : [`SSH_PUBLIC_KEY="${keys.join('\n')}"`]),
    `SET_HOSTNAME=${namesOf(options, vmid).hostname}`,
    ...(nameservers.length === 0 ? [] : [`DNS="${nameservers.join(' ')}"`]),
    ...(searches.length === 0 ? [] : [`SEARCH_DOMAIN="${searches.join(' ')}"`]),
    ...network,
    ...(network.length === 0 ? [] : ['NETWORK=YES']),
  ]
  return lines.map((line) => `${line}\n`).join('')
}

function cardLines({ name, mtu, ip, gw, ip6, gw6 }: Card): string[] {
  const key = name.toUpperCase()
  const last = mtu === undefined ? [] : [`${key}_MTU=${mtu}`]
  const lines: string[] = []
  if (ip === 'dhcp') lines.push(`${key}_DHCP=YES`, ...last)
  else if (ip !== undefined) {
    const [address, mask] = splitV4(ip)
    lines.push(`${key}_IP=${address}`, `${key}_MASK=${mask}`, `${key}_MAC=`)
    if (gw !== undefined) lines.push(`${key}_GATEWAY=${gw}`)
    lines.push(...last)
  }
  if (ip6 === 'dhcp') lines.push(`${key}_DHCP6=YES`, ...last)
  else if (ip6 === 'auto') lines.push(`${key}_AUTO6=YES`, ...last)
  else if (ip6 !== undefined) {
    const [address, bits] = ip6.split('/')
    lines.push(`${key}_IP6=${address}`, `${key}_MASK6=${bits}`, `${key}_MAC6=`)
    if (gw6 !== undefined) lines.push(`${key}_GATEWAY6=${gw6}`)
    lines.push(...last)
  }
  return lines
}

/** In lines of 76 characters, as Perl's. */
function base64(text: string): string {
  return Buffer.from(text)
    .toString('base64')
    .replace(/(.{76})(?=.)/g, '$1\n')
}
