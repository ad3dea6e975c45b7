import type { Context, Inputs } from '../../core/step.ts'
import { connectProxmox, type ProxmoxClient } from '../../proxmox/client.ts'
import { type Cluster, chooseNode, readCluster, requireStorage, type Storage } from '../../proxmox/cluster.ts'
import { answeringNode } from '../../proxmox/upload-space.ts'

/** Where the ISO is to be. */
export interface Target {
  readonly client: ProxmoxClient
  readonly context: Context
  readonly storage: Storage
  /** All nodes of the cluster. */
  readonly nodes: readonly string[]
}

/** @throws {NciError} `PVE_NODE_…`, `PVE_STORAGE_UNKNOWN`, `PVE_STORAGE_CONTENT` */
export async function findTarget(input: Inputs['iso.upload'], context: Context): Promise<Target> {
  const client = connectProxmox(input, context)
  const cluster = await readCluster(client)
  const node = chooseNode(cluster, input.node ?? (await anyNode(client, cluster, input.storage)))
  const storage = requireStorage(cluster, {
    node,
    storage: input.storage,
    content: 'iso',
    property: 'storage',
  })
  return { client, context, storage, nodes: cluster.nodes.map((one) => one.node) }
}

/** A shared storage is the same on all nodes that have it; the one that answers need not pass an upload on. */
async function anyNode(
  client: ProxmoxClient,
  { nodes, storages }: Cluster,
  storage: string,
): Promise<string | undefined> {
  if (nodes.length < 2) return undefined
  const online = new Set(nodes.filter((one) => one.online).map(({ node }) => node))
  const having = storages
    .filter((one) => one.storage === storage && one.shared && online.has(one.node))
    .map(({ node }) => node)
    .toSorted()
  if (having.length < 2) return having[0]
  const answering = await answeringNode(client)
  return having.find((node) => node === answering) ?? having[0]
}
