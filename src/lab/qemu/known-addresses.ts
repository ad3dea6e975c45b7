import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { GuestNic } from '../guest.ts'

type Given = Pick<GuestNic, 'gateway' | 'ip'>

/**
 * Cards with the addresses that they were once given. A system keeps its own when the configuration has none any more, as
 * after the cloud-init drive is detached: the network around it has to stay the same.
 *
 * @param file where they are kept, by MAC address
 */
export function withKnownAddresses(file: string, nics: readonly GuestNic[]): GuestNic[] {
  const known = read(file)
  const all = nics.map((nic) => (nic.ip === undefined ? { ...nic, ...known[nic.mac] } : nic))
  const given = all.flatMap(({ mac, ip, gateway }): [string, Given][] =>
    ip === undefined ? [] : [[mac, { ip, gateway }]],
  )
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify({ ...known, ...Object.fromEntries(given) }))
  return all
}

function read(file: string): Record<string, Given> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, Given>
  } catch {
    return {}
  }
}
