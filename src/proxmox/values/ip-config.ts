import { parseProperties, propertiesOf, writeProperties } from '../property-string.ts'
import { canonicalAddress } from './address.ts'
import type { OptionValue } from './option-value.ts'

/** `ipconfigN`: what cloud-init gives a network card. */
export interface IpConfig {
  /** `192.0.2.21/24`, `dhcp` */
  readonly ip?: string | undefined
  readonly gw?: string | undefined
  /** `2001:db8::21/64`, `dhcp`, `auto` */
  readonly ip6?: string | undefined
  readonly gw6?: string | undefined
}

export function parseIpConfig(text: string): IpConfig {
  const properties = parseProperties(text)
  return Object.fromEntries(
    (['ip', 'gw', 'ip6', 'gw6'] as const).flatMap((key) => {
      const value = properties.get(key)
      return value === undefined ? [] : [[key, canonical(value)]]
    }),
  )
}

export function writeIpConfig({ ip, gw, ip6, gw6 }: IpConfig): string {
  return writeProperties(propertiesOf({ ip, gw, ip6, gw6 }))
}

/** A card has the addresses that are asked for and no others. */
export const ipConfig: OptionValue<IpConfig> = {
  parse: parseIpConfig,
  write: writeIpConfig,
  merge: (_, wanted) => wanted,
}

/** `2001:DB8::1/64` is `2001:db8::1/64`. */
function canonical(value: string): string {
  const slash = value.lastIndexOf('/')
  if (slash < 0) return canonicalAddress(value)
  return canonicalAddress(value.slice(0, slash)) + value.slice(slash)
}
