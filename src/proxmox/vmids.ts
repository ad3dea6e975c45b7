import { NciError } from '../core/errors.ts'
import type { ProxmoxClient } from './client.ts'
import { readCluster } from './cluster.ts'

/** Where to look for a free id: anywhere, or in a range. */
export interface VmidRange {
  readonly vmid_min?: number
  readonly vmid_max?: number
}

const [lowest, highest] = [100, 999_999_999]

/**
 * A free id above `after`, in the wanted range; without a range, Proxmox's own choice, which knows ids that this user
 * may not see. Nothing is reserved: whoever creates first has it.
 *
 * @throws {NciError} `PVE_VMID_RANGE_FULL`
 */
export async function freeVmid(client: ProxmoxClient, range: VmidRange, after = 0): Promise<number> {
  const { vmid_min, vmid_max } = range
  if (vmid_min === undefined && vmid_max === undefined) {
    const next = Number(await client.get<string>('/cluster/nextid', 'find a free VM id'))
    if (next > after) return next
  }
  const min = Math.max(vmid_min ?? lowest, after + 1)
  const max = vmid_max ?? highest
  const { takenIds: taken } = await readCluster(client)
  for (let vmid = min; vmid <= max; vmid++) if (!taken.has(vmid)) return vmid
  throw new NciError('PVE_VMID_RANGE_FULL', { min: vmid_min ?? lowest, max })
}
