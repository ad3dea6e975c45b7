import { isNciError, NciError } from '../core/errors.ts'
import { formatBytes } from '../core/format.ts'
import type { ProxmoxClient } from './client.ts'
import type { Storage } from './cluster.ts'

interface Space {
  /** Bytes. */
  readonly avail: number
  /** Bytes. */
  readonly total: number
}

/**
 * An upload is first kept whole in /var/tmp of the node that takes it, and then copied to the storage: on a storage in
 * the node's own file system it is there twice for a moment. Looks whether there is room for that, as far as the user may
 * know (`Sys.Audit`).
 *
 * @param nodes all nodes of the cluster
 * @param size bytes of the file
 * @throws {NciError} `PVE_TEMP_FULL`
 */
export async function requireSpoolSpace(
  client: ProxmoxClient,
  nodes: readonly string[],
  storage: Storage,
  size: number,
): Promise<void> {
  const node = nodes.length === 1 ? nodes[0] : await answeringNode(client)
  const space = node === undefined ? undefined : await rootSpace(client, node)
  if (node === undefined || space === undefined) return
  const isSame = node === storage.node && !storage.shared && space.total === storage.total
  const needed = isSame ? 2 * size : size
  if (space.avail >= needed) return
  throw new NciError('PVE_TEMP_FULL', {
    node,
    available: formatBytes(space.avail),
    needed: formatBytes(needed),
  })
}

/** The node behind the endpoint: what it is sent for others, it takes itself. `undefined` where the user may not know. */
export async function answeringNode(client: ProxmoxClient): Promise<string | undefined> {
  const rows = await ifAllowed(
    client.get<{ type: string; name: string; local?: number }[]>('/cluster/status', 'ask which node answers'),
  )
  return rows?.find(({ type, local }) => type === 'node' && local === 1)?.name
}

async function rootSpace(client: ProxmoxClient, node: string): Promise<Space | undefined> {
  const status = await ifAllowed(
    client.get<{ rootfs?: Space }>(`/nodes/${node}/status`, `ask for the free space of node ${node}`),
  )
  return status?.rootfs
}

async function ifAllowed<Data>(request: Promise<Data>): Promise<Data | undefined> {
  try {
    return await request
  } catch (error) {
    if (isNciError(error, 'PVE_FORBIDDEN', 'PVE_REQUEST_FAILED', 'PVE_BUSY', 'PVE_NODE_OFFLINE'))
      return undefined
    throw error
  }
}
