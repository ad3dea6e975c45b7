import { NciError } from '../core/errors.ts'
import type { Inputs } from '../core/step.ts'
import type { ProxmoxClient } from './client.ts'

/** The bridges of a node, and its virtual networks, as far as the user may see them. */
export async function readBridges(client: ProxmoxClient, node: string): Promise<string[]> {
  const rows = await client.get<{ iface: string }[]>(
    `/nodes/${node}/network`,
    `list the bridges of node ${node}`,
    { type: 'any_bridge' },
  )
  return rows.map(({ iface }) => iface).sort()
}

/**
 * `PVE_BRIDGE_UNKNOWN` for each bridge of a VM that its node does not have: Proxmox takes it, and fails at the start. For
 * who may not see any bridges nothing can be said.
 */
export function unknownBridges(
  node: string,
  bridges: readonly string[],
  { networks }: Pick<Inputs['vm.create'], 'networks'>,
): NciError[] {
  if (bridges.length === 0) return []
  const wanted = new Set(networks.map(({ bridge }) => bridge))
  return [...wanted]
    .filter((bridge) => !bridges.includes(bridge))
    .map((bridge) => new NciError('PVE_BRIDGE_UNKNOWN', { node, bridge, bridges: bridges.join(', ') }))
}
