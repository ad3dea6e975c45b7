import type { Inputs } from '../../core/step.ts'

type Network = Inputs['doctor']['networks'][number]

/** Beyond this many nobody grants them one by one: it takes a command for each. */
const single = 32

/**
 * Where Proxmox looks for the right to use a network card: at each VLAN that the card is given, be it its own or one of its
 * trunks, else at the bridge. What holds for a bridge holds for its VLANs too.
 *
 * @returns `vmbr0`, or `vmbr0/7` and so on
 */
export function networkPlaces({ bridge, vlan, trunks }: Network): string[] {
  const vlans = new Set([
    ...(vlan === undefined ? [] : [vlan]),
    ...(trunks?.split(';').flatMap(rangeOf) ?? []),
  ])
  // There are no permissions for VLAN 0.
  if (vlans.size === 0 || vlans.size > single || vlans.has(0)) return [bridge]
  return [...vlans].map((one) => `${bridge}/${one}`)
}

/** `7`, or `20-30`; to Proxmox a range that ends before it begins is its beginning alone. */
function rangeOf(trunk: string): number[] {
  const [first = 0, last = first] = trunk.split('-').map(Number)
  return Array.from({ length: Math.max(1, last - first + 1) }, (_, index) => first + index)
}
