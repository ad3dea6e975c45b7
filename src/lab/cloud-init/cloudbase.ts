/** What Windows gets: cloudbase-init reads another network file, and password and keys from the metadata. */
import type { Options } from '../vm-config.ts'
import { cards, dnsOf, type HostDns, keysOf, present, splitV4 } from './values.ts'

/** The interfaces file, without loopback, and with the DNS servers at each static address. */
export function cloudbaseInterfaces(options: Options, dns: HostDns): string {
  const { nameservers } = dnsOf(options, dns)
  const servers = nameservers.length > 0 ? `        dns-nameservers ${nameservers.join(' ')}\n` : ''
  return cards(options)
    .map(({ name, ip, gw, ip6, gw6 }) => {
      let text = `auto ${name}\n`
      if (ip === 'dhcp') text += `iface ${name} inet dhcp\n`
      else if (ip !== undefined)
        text += `iface ${name} inet static\n${addressLines(splitV4(ip), gw)}${servers}`
      if (ip6 === 'dhcp' || ip6 === 'auto') text += `iface ${name} inet6 ${ip6}\n`
      else if (ip6 !== undefined)
        text += `iface ${name} inet6 static\n${addressLines(ip6.split('/'), gw6)}${servers}`
      return text
    })
    .join('')
}

function addressLines([address, mask]: readonly string[], gateway: string | undefined): string {
  const last = gateway === undefined ? '' : `        gateway ${gateway}\n`
  return `        address ${address}\n        netmask ${mask}\n${last}`
}

/** Proxmox writes it in an order that differs from run to run. */
export function cloudbaseMeta(options: Options, instance: string): string {
  const password = present(options.cipassword)
  const keys = keysOf(options)
  return JSON.stringify({
    ...(password === undefined ? {} : { admin_pass: password }),
    ...(keys.length === 0
      ? {}
      : { public_keys: Object.fromEntries(keys.map((key, index) => [`key-${index}`, key])) }),
    network_config: { content_path: '/content/0000' },
    uuid: instance,
  })
}
