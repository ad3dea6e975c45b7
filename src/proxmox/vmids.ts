import { NciError } from '../core/errors.ts'
import type { ProxmoxClient } from './client.ts'
import { readCluster } from './cluster.ts'

/** Who wants a free id, and where to look for it: anywhere, or in a range. */
export interface VmidRange {
  /** Of the VM. */
  readonly name: string
  readonly vmid_min?: number
  readonly vmid_max?: number
}

const [lowest, highest] = [100, 999_999_999]

/**
 * A free id above `after`, in the wanted range; without a range, Proxmox's own choice, which knows ids that this user
 * may not see. Proxmox reserves nothing: whoever creates first has it. The hosts of a batch leave each other's alone.
 *
 * @throws {NciError} `PVE_VMID_RANGE_FULL`
 */
export async function freeVmid(client: ProxmoxClient, range: VmidRange, after = 0): Promise<number> {
  const { name, vmid_min, vmid_max } = range
  const isFree = (vmid: number): boolean => (client.reservedIds.get(vmid) ?? name) === name
  const chosen = (vmid: number): number => {
    client.reservedIds.set(vmid, name)
    return vmid
  }
  let min = Math.max(vmid_min ?? lowest, after + 1)
  if (vmid_min === undefined && vmid_max === undefined) {
    const next = Number(await client.get<string>('/cluster/nextid', 'find a free VM id'))
    if (next > after && isFree(next)) return chosen(next)
    // Proxmox may have been told to begin somewhere else.
    min = Math.max(min, next)
  }
  const max = vmid_max ?? highest
  const { takenIds: taken } = await readCluster(client)
  for (let vmid = min; vmid <= max; vmid++) if (!taken.has(vmid) && isFree(vmid)) return chosen(vmid)
  throw new NciError('PVE_VMID_RANGE_FULL', { min: vmid_min ?? lowest, max })
}
