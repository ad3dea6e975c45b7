import { isNciError } from '../../core/errors.ts'
import type { Context } from '../../core/step.ts'
import type { ProxmoxClient } from '../../proxmox/client.ts'
import {
  type Cluster,
  listVolumes,
  type Storage,
  type VmSummary,
  type Volume,
} from '../../proxmox/cluster.ts'

interface Referenced {
  /** The volumes that the VM's configuration names. */
  readonly referenced: readonly string[]
  /** Whether they are to go: then a storage that cannot be listed now is an error. */
  readonly going: boolean
}

/**
 * Volumes that carry the VM's id and that its configuration does not name: somebody's decision, or another cluster's, and
 * left alone unless asked. What this user may not list is not listed. Hosts of a batch share what is on a storage.
 *
 * @throws {NciError} `PVE_NODE_OFFLINE`, `PVE_CONNECTION_LOST` where a storage cannot be listed whose volumes are to go
 */
export async function unreferencedVolumes(
  client: ProxmoxClient,
  context: Context,
  { storages }: Cluster,
  vm: VmSummary,
  { referenced, going }: Referenced,
): Promise<Volume[]> {
  const own = storages.filter(({ node, content }) => node === vm.node && content.includes('images'))
  const list: Lister = async (storage, vmid) => {
    try {
      return await listVolumes(client, storage.node, storage.storage, 'images', vmid)
    } catch (error) {
      if (isNciError(error, 'PVE_FORBIDDEN', 'PVE_REQUEST_FAILED', 'PVE_BUSY')) return []
      // One that hangs may have nothing to do with the VM.
      if (going || !isNciError(error, 'PVE_NODE_OFFLINE', 'PVE_CONNECTION_LOST')) throw error
      const message = `The storage ${storage.storage} of node ${storage.node} cannot be listed now: what VMs leave there is not known.`
      context.emit({ type: 'warning', message })
      return []
    }
  }
  const found = await (context.listings === undefined
    ? Promise.all(own.map((storage) => list(storage, vm.vmid)))
    : sharedVolumes(client, list, own, vm.vmid, referenced))
  // The memory of a snapshot goes with the VM, though only the snapshot names it.
  const memory = `vm-${vm.vmid}-state-`
  return found.flat().filter(({ volid }) => !referenced.includes(volid) && !volid.includes(memory))
}

/** Lists the images on a storage, of one VM or of all. */
type Lister = (storage: Storage, vmid?: number) => Promise<Volume[]>

/**
 * The same from listings that tell of all VMs. Without `Datastore.Audit` and `VM.Config.Disk` these leave out what one for
 * the VM alone would tell, and one that does not know the VM's own disks is not relied on.
 */
async function sharedVolumes(
  client: ProxmoxClient,
  list: Lister,
  storages: readonly Storage[],
  vmid: number,
  referenced: readonly string[],
): Promise<Volume[][]> {
  const shared = await Promise.all(
    storages.map((storage) => {
      const place = storage.shared ? '' : storage.node
      return client.listing(`images of ${storage.storage} ${place}`, () => list(storage))
    }),
  )
  const seen = new Set(shared.flat().map(({ volid }) => volid))
  return Promise.all(
    storages.map((storage, index) => {
      const its = referenced.filter((volid) => volid.startsWith(`${storage.storage}:`))
      const isTold = referenced.some((volid) => seen.has(volid)) && its.every((volid) => seen.has(volid))
      return isTold ? (shared[index] ?? []).filter((volume) => volume.vmid === vmid) : list(storage, vmid)
    }),
  )
}
