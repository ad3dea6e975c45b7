import type { GuestNic } from '../guest.ts'
import { readFileIfPresent, writeFileAtomically } from '../persistence.ts'

type Given = Pick<GuestNic, 'gateway' | 'ip'>

interface Known {
  /** Of the VM: another one may get its number later. */
  readonly uuid: string
  /** By MAC address. */
  readonly cards: Readonly<Record<string, Given>>
}

/**
 * Cards with the addresses that they were once given. A system keeps its own when the configuration has none any more, as
 * after the cloud-init drive is detached: the network around it has to stay the same.
 *
 * @param file where they are kept, of the VM's number
 * @param uuid of the VM
 */
export function withKnownAddresses(file: string, uuid: string, nics: readonly GuestNic[]): GuestNic[] {
  const known = read(file, uuid)
  const all = nics.map((nic) => (nic.ip === undefined ? { ...nic, ...known[nic.mac] } : nic))
  const given = all.flatMap(({ mac, ip, gateway }): [string, Given][] =>
    ip === undefined ? [] : [[mac, { ip, gateway }]],
  )
  const next: Known = { uuid, cards: { ...known, ...Object.fromEntries(given) } }
  writeFileAtomically(file, JSON.stringify(next))
  return all
}

function read(file: string, uuid: string): Known['cards'] {
  const text = readFileIfPresent(file)
  if (text === undefined) return {}
  const known = JSON.parse(text) as Known
  return known.uuid === uuid ? known.cards : {}
}
