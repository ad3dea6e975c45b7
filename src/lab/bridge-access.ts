import type { Access } from './access.ts'
import type { Identity } from './authentication.ts'
import type { Cluster } from './cluster.ts'
import { requirePrivileges } from './permissions.ts'
import { splitPropertyString } from './property-strings.ts'
import type { Options } from './vm-config.ts'

/** Throws the 403 unless the caller may use the bridges of these network cards, or the VLANs on them that they take. */
export function checkBridges({ access }: Cluster, identity: Identity, options: Options): void {
  for (const name of Object.keys(options).sort()) {
    if (!/^net\d+$/.test(name)) continue
    for (const path of pathsOf(options[name] ?? '')) requirePrivileges(access, identity, path, ['SDN.Use'])
  }
}

/** Whether the caller finds the bridge in lists: one VLAN with an entry of its own in the access control list is enough. */
export function maySeeBridge(access: Access, { id }: Identity, bridge: string): boolean {
  const path = pathOf(bridge)
  const vlans = access
    .listedPaths()
    .filter((listed) => listed.startsWith(`${path}/`) && !listed.slice(path.length + 1).includes('/'))
  return [path, ...vlans].some((one) => access.allows(id, one, ['SDN.Audit', 'SDN.Use'], true))
}

function pathOf(bridge: string): string {
  return `/sdn/zones/localnetwork/${bridge}`
}

/** Where a card's use is looked for: at each VLAN that it is given, else at the bridge; nowhere where it has none. */
function pathsOf(card: string): string[] {
  const { bridge, tag, trunks } = splitPropertyString(card, { model: { default_key: 1 } })
  if (bridge === undefined) return []
  const vlans = [...(tag === undefined ? [] : [tag]), ...(trunks === undefined ? [] : vlansOf(trunks))]
  return vlans.length === 0 ? [pathOf(bridge)] : vlans.map((vlan) => `${pathOf(bridge)}/${vlan}`)
}

/** The VLANs of `10;20-30`, each once, in the order of text. A range that ends before it begins is its beginning alone. */
function vlansOf(trunks: string): string[] {
  const vlans = trunks.split(';').flatMap((trunk) => {
    const [first = 0, last = first] = trunk.split('-').map(Number)
    return Array.from({ length: Math.max(1, last - first + 1) }, (_, index) => String(first + index))
  })
  return [...new Set(vlans)].sort()
}
