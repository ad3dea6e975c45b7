import type { ProxmoxClient } from './client.ts'

/** A storage as the configuration of the cluster has it. */
interface Definition {
  readonly storage: string
  readonly type: string
  /** Of `zfspool`: volumes take no space before it is written to. */
  readonly sparse?: number
  /** Of storages with files: how much of an image is allocated at once. */
  readonly preallocation?: string
}

/** Types whose volumes take all of their size at once. */
const thick = ['lvm', 'iscsidirect']
/** Types whose volumes, or files, take what is written to them. */
const thin = ['lvmthin', 'rbd', 'btrfs', 'dir', 'nfs', 'cifs', 'glusterfs']

/**
 * Whether a storage gives space only to what is written, as far as its type tells; `undefined` where it depends on
 * settings, or the type is not known.
 */
export function isThin(type: string | undefined): boolean | undefined {
  if (type === undefined) return undefined
  return thick.includes(type) ? false : thin.includes(type) ? true : undefined
}

/** The same by storage and with their settings, of those that the user may see: one request. */
export async function thinStorages(client: ProxmoxClient): Promise<ReadonlyMap<string, boolean>> {
  const rows = await client.get<Definition[]>('/storage', 'list the storages of the cluster')
  return new Map(
    rows.flatMap((row): [string, boolean][] => {
      const known = isThinAsSet(row)
      return known === undefined ? [] : [[row.storage, known]]
    }),
  )
}

function isThinAsSet({ type, sparse, preallocation }: Definition): boolean | undefined {
  if (type === 'zfspool') return sparse === 1
  if (preallocation === 'full' || preallocation === 'falloc') return false
  return isThin(type)
}
