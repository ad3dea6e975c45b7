import type { Inputs } from '../../core/step.ts'
import type { Cluster } from '../../proxmox/cluster.ts'
import { foundNoRoom, ranFull } from '../../proxmox/storage-full.ts'
import { driveOptions, imageStorages } from '../../proxmox/vm-options.ts'

/** A VM that was to be made. */
interface Wanted {
  readonly cluster: Cluster
  readonly node: string
  readonly input: Inputs['vm.create']
}

/** What a VM's creation ended with: `PVE_STORAGE_FULL` where its task found no room for a disk, else the error as it is. */
export function explainFull(error: unknown, { cluster, node, input }: Wanted): unknown {
  if (!foundNoRoom(error)) return error
  const candidates = storagesToBe(input, (error.details.log as readonly string[] | undefined) ?? [])
  const [storage = input.storage] = candidates.toSorted(
    (one, other) => roomOn(cluster, node, one) - roomOn(cluster, node, other),
  )
  const property = imageStorages(input).find((one) => one.storage === storage)?.property ?? 'storage'
  return ranFull({ storage, node, property }, error)
}

/**
 * The storages of the drives that were yet to be made when the task ended. Proxmox does not name the one that is full, but
 * a path or a volume group on the node: it is the one of these that has the least room.
 */
function storagesToBe(input: Wanted['input'], log: readonly string[]): string[] {
  const made = new Set(log.flatMap((line) => /^(\w+): successfully created disk/.exec(line)?.[1] ?? []))
  return Object.entries(driveOptions(input)).flatMap(([key, value]) =>
    made.has(key) ? [] : (/^([^:]+):(?:[\d.]+(?:,|$)|cloudinit)/.exec(String(value))?.[1] ?? []),
  )
}

/** Bytes; of a storage that the user does not see, any number. */
function roomOn({ storages }: Cluster, node: string, storage: string): number {
  const found = storages.find((one) => one.node === node && one.storage === storage)
  return found?.available ?? Number.POSITIVE_INFINITY
}
