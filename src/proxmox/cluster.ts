import { delay } from '../core/deadline.ts'
import { isNciError, NciError } from '../core/errors.ts'
import type { Context } from '../core/step.ts'
import type { ProxmoxClient } from './client.ts'

/** A storage as a node sees it. */
export interface Storage {
  readonly storage: string
  readonly node: string
  readonly content: readonly string[]
  /** All nodes that have it see the same volumes. */
  readonly shared: boolean
  /** Kind of storage: `dir`, `lvmthin`, … */
  readonly type?: string
  /** Bytes. */
  readonly available: number
  /** Bytes, used or not. */
  readonly total: number
}

/** A node as the cluster lists it. Without Sys.Audit nobody sees how large it is. */
export interface ClusterNode {
  readonly node: string
  readonly online: boolean
  readonly cores?: number
  /** Bytes, used or not. */
  readonly memory?: number
  /** Bytes. */
  readonly memoryUsed?: number
}

/** A VM as the cluster lists it. */
export interface VmSummary {
  readonly vmid: number
  readonly node: string
  readonly name: string
  /** The resource pool that it is in. */
  readonly pool?: string
  readonly tags?: readonly string[]
  /** The HA manager starts and stops it: a task of ours only asks it to. */
  readonly ha?: boolean
}

/** What there is, in one request: nodes, storages, VMs that the user may see. */
export interface Cluster {
  readonly nodes: readonly ClusterNode[]
  readonly storages: readonly Storage[]
  readonly vms: readonly VmSummary[]
  /** VMs whose name nobody knows, as their node is down. */
  readonly nameless: readonly { readonly vmid: number; readonly node: string }[]
  /** VMs that are being created: until they are there, nothing but their ids is known of them. */
  readonly creating: readonly number[]
  /** All that the list says of each VM that stays the same while nobody changes it, in a word to compare. */
  readonly marks: ReadonlyMap<number, string>
  /**
   * Since when VMs run, in milliseconds since 1970: some seconds too late, as the list is that old. Those that are off, and
   * those of which that is not known yet, are absent.
   */
  readonly runningSince: ReadonlyMap<number, number>
  /** The ids of VMs and containers. */
  readonly takenIds: ReadonlySet<number>
}

interface Row {
  readonly type: string
  readonly node: string
  readonly status?: string
  readonly name?: string
  readonly vmid?: number
  readonly storage?: string
  readonly content?: string
  readonly disk?: number
  readonly maxdisk?: number
  readonly shared?: number
  readonly pool?: string
  readonly lock?: string
  readonly hastate?: string
  readonly tags?: string
  readonly plugintype?: string
  readonly maxcpu?: number
  readonly template?: number
  readonly maxmem?: number
  readonly mem?: number
  /** Seconds. */
  readonly uptime?: number
}

const settlePause = 500
const settleAttempts = 120

/**
 * The cluster once no VM is being created any more, so that one whose creation an interrupted run began is found under
 * its name, and not created twice. Gives up waiting after a minute: the creation may be somebody else's, and long.
 */
export async function readSettledCluster(client: ProxmoxClient, { signal, emit }: Context): Promise<Cluster> {
  let after = 0
  for (let attempt = 0; ; attempt++) {
    const cluster = await readCluster(client, after)
    // Those that other hosts of the batch create are known.
    const isSettled = cluster.creating.every((vmid) => client.creatingIds.has(vmid))
    if (isSettled || attempt >= settleAttempts) return cluster
    if (attempt === 0) emit({ type: 'phase', phase: 'waiting for a VM that is being created' })
    // What another host of the batch reads meanwhile is new enough: they do not all ask.
    after = performance.now()
    await delay(settlePause, signal)
  }
}

/**
 * The cluster as it is, or in a batch as it was some seconds ago.
 *
 * @param after the moment after which it is to be read in any case, as `performance.now()` has it
 */
export function readCluster(client: ProxmoxClient, after = 0): Promise<Cluster> {
  return client.listing('cluster', () => listCluster(client), after)
}

async function listCluster(client: ProxmoxClient): Promise<Cluster> {
  const rows = await withNames(
    client,
    await client.get<Row[]>('/cluster/resources', 'list what the cluster has'),
  )
  const online = onlineNodes(rows)
  return {
    nameless: rows.flatMap((row) =>
      row.type === 'qemu' && row.vmid !== undefined && !isNamed(row) && !online.has(row.node)
        ? [{ vmid: row.vmid, node: row.node }]
        : [],
    ),
    nodes: rows.flatMap((row) => (row.type === 'node' ? [nodeOf(row)] : [])),
    storages: rows.flatMap(({ type, node, storage, content = '', disk = 0, maxdisk = 0, ...row }) =>
      type === 'storage' && storage !== undefined && row.status === 'available'
        ? [
            {
              storage,
              node,
              content: content.split(','),
              shared: row.shared === 1,
              ...(row.plugintype === undefined ? {} : { type: row.plugintype }),
              available: maxdisk - disk,
              total: maxdisk,
            },
          ]
        : [],
    ),
    creating: rows.flatMap((row) =>
      row.type === 'qemu' && row.vmid !== undefined && row.lock === 'create' && !isNamed(row)
        ? [row.vmid]
        : [],
    ),
    marks: new Map(rows.flatMap((row) => (row.type === 'qemu' && row.vmid ? [[row.vmid, markOf(row)]] : []))),
    runningSince: new Map(
      rows.flatMap(({ type, vmid, status, uptime }) =>
        type === 'qemu' && vmid && status === 'running' && uptime ? [[vmid, Date.now() - uptime * 1000]] : [],
      ),
    ),
    takenIds: new Set(rows.flatMap(({ vmid }) => vmid ?? [])),
    vms: rows.flatMap(({ type, node, vmid, name, pool, hastate, tags }) =>
      type === 'qemu' && vmid !== undefined
        ? [
            {
              vmid,
              node,
              name: name ?? `VM ${vmid}`,
              ...(pool === undefined ? {} : { pool }),
              ...(hastate === undefined ? {} : { ha: true }),
              ...(tags === undefined ? {} : { tags: tags.split(/[;,\s]+/) }),
            },
          ]
        : [],
    ),
  }
}

function nodeOf({ node, status, maxcpu: cores, maxmem: memory, mem: memoryUsed }: Row): ClusterNode {
  return {
    node,
    online: status === 'online',
    ...(cores === undefined ? {} : { cores }),
    ...(memory === undefined ? {} : { memory }),
    ...(memoryUsed === undefined ? {} : { memoryUsed }),
  }
}

function markOf({ name, status, tags, pool, maxcpu, maxmem, maxdisk, template }: Row): string {
  return JSON.stringify([name, status, tags, pool, maxcpu, maxmem, maxdisk, template])
}

/** Proxmox makes a name up for a VM whose configuration has none. */
function isNamed({ name, vmid }: Row): boolean {
  return name !== undefined && name !== `VM ${vmid}`
}

/**
 * The cluster's list takes names from statistics that nodes send every ten seconds or so: a VM that is younger has
 * none, or one that was made up while it was created. Its node knows it from its configuration.
 */
async function withNames(client: ProxmoxClient, rows: readonly Row[]): Promise<Row[]> {
  const online = onlineNodes(rows)
  const nodes = new Set(rows.flatMap((row) => (row.type === 'qemu' && !isNamed(row) ? [row.node] : [])))
  // A node that is down, or went down a moment ago, says nothing; its VMs stay without a name.
  const own = await Promise.all(
    [...nodes].filter((node) => online.has(node)).map((node) => listOf(client, node)),
  )
  const known = new Map(own.flat().map((row) => [row.vmid, row]))
  return rows.map((row) => {
    const from = row.type === 'qemu' && !isNamed(row) ? known.get(row.vmid) : undefined
    const { name, lock } = { ...row, ...from }
    const { name: _, lock: __, ...rest } = row
    return { ...rest, ...(name ? { name } : {}), ...(lock === undefined ? {} : { lock }) }
  })
}

function onlineNodes(rows: readonly Row[]): ReadonlySet<string> {
  return new Set(
    rows.flatMap(({ type, node, status }) => (type === 'node' && status === 'online' ? [node] : [])),
  )
}

async function listOf(client: ProxmoxClient, node: string): Promise<Row[]> {
  try {
    return await client.get<Row[]>(`/nodes/${node}/qemu`, `list the VMs of node ${node}`)
  } catch (error) {
    if (isNciError(error, 'PVE_NODE_OFFLINE', 'PVE_FORBIDDEN')) return []
    throw error
  }
}

/** The node to use: the one asked for, or the cluster's only one. @throws {NciError} `PVE_NODE_…` */
export function chooseNode(cluster: Cluster, wanted: string | undefined): string {
  const nodes = listed(cluster.nodes.map(({ node }) => node))
  if (wanted === undefined && cluster.nodes.length !== 1) throw new NciError('PVE_NODE_REQUIRED', { nodes })
  const found = cluster.nodes.find(({ node }) => wanted === undefined || node === wanted)
  if (found === undefined) throw new NciError('PVE_NODE_UNKNOWN', { node: wanted ?? '', nodes })
  if (!found.online) throw new NciError('PVE_NODE_OFFLINE', { node: found.node })
  return found.node
}

/**
 * The storage that a property names, checked to be on the node and to take this kind of content.
 *
 * @throws {NciError} `PVE_STORAGE_UNKNOWN`, `PVE_STORAGE_CONTENT`
 */
export function requireStorage(
  cluster: Cluster,
  wanted: {
    readonly node: string
    readonly storage: string
    readonly content: 'iso' | 'images'
    readonly property: string
  },
): Storage {
  const { node, storage, content, property } = wanted
  const onNode = cluster.storages.filter((one) => one.node === node)
  const found = onNode.find((one) => one.storage === storage)
  if (found === undefined) {
    const storages = listed(onNode.map((one) => one.storage))
    const details = { node, storage, property, storages }
    if (onNode.length > 0) throw new NciError('PVE_STORAGE_UNKNOWN', details)
    const hint = `A user without Datastore.Audit or Datastore.AllocateSpace on \`/storage/${storage}\` does not see it: \`nci doctor\` with the same document prints the commands that grant what is missing.`
    throw new NciError('PVE_STORAGE_UNKNOWN', details, { hint })
  }
  if (!found.content.includes(content)) {
    const suitable = listed(onNode.filter((one) => one.content.includes(content)).map((one) => one.storage))
    const allowed = found.content.join(',')
    throw new NciError('PVE_STORAGE_CONTENT', { storage, content, property, allowed, suitable })
  }
  return found
}

export interface Volume {
  readonly volid: string
  /** Bytes. */
  readonly size: number
  /** When it was put there, in seconds since 1970; not every kind of storage knows. */
  readonly ctime?: number
  /** The VM that a disk belongs to. */
  readonly vmid?: number
}

/** The volumes of one kind on a storage, of one VM or of all. */
export function listVolumes(
  client: ProxmoxClient,
  node: string,
  storage: string,
  content: string,
  vmid?: number,
): Promise<Volume[]> {
  return client.get(`/nodes/${node}/storage/${storage}/content`, `list the content of storage ${storage}`, {
    content,
    vmid,
  })
}

function listed(names: readonly string[]): string {
  return [...new Set(names)].sort().join(', ') || 'none that this user may see'
}
