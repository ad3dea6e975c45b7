import { isIPv6 } from 'node:net'
import type { OptionValue } from './option-value.ts'

/** An address in its one spelling: `2001:DB8:0::1` is `2001:db8::1`; what is no IPv6 address in lower case. */
export function canonicalAddress(text: string): string {
  // A zone belongs to one machine and has no place in a configuration.
  if (!isIPv6(text) || text.includes('%')) return text.toLowerCase()
  return new URL(`http://[${text}]`).hostname.slice(1, -1)
}

/** `nameserver`: addresses, the first to be asked first. */
export const addresses: OptionValue<readonly string[]> = {
  parse: (text) =>
    text
      .split(/[;,\s]+/)
      .filter((address) => address !== '')
      .map(canonicalAddress),
  write: (value) => value.join(' '),
  merge: (_, wanted) => wanted,
}
