import { isNciError, NciError } from '../../core/errors.ts'
import { formatBytes } from '../../core/format.ts'
import type { Outputs } from '../../core/step.ts'
import { type Cluster, type ClusterNode, chooseNode, type Storage } from '../../proxmox/cluster.ts'
import { tooSmall } from '../../proxmox/storage-full.ts'
import { isThin } from '../../proxmox/thin.ts'
import { parseSize } from '../../proxmox/values/size.ts'
import { biosOf } from '../../proxmox/vm-options.ts'
import type { Host } from './conflicts.ts'
import { listNames } from './names.ts'
import { Problems } from './problems.ts'

type Input = Host['input']
type NodeDemand = NonNullable<Outputs['batch']['demand']>[number]

/** What VMs that are not there yet ask of a cluster. */
export interface Demand {
  /** By node. */
  readonly demand: readonly NodeDemand[]
  /** By host: what surely fails. */
  readonly problems: ReadonlyMap<string, readonly NciError[]>
  /** What may fail, or will one day. */
  readonly warnings: readonly string[]
}

/** A host with the node that its VM is created on. */
interface Placed extends Host {
  readonly node: string
}

const mebibyte = 1024 ** 2

/**
 * What the VMs of hosts ask of their nodes and storages. A host whose node is not known is left out.
 *
 * A VM with more cores or memory than its whole node has does not start; memory that is only not free at the moment is
 * a warning, as memory is shared and given back. So is space on storages that give it only to what is written; on the
 * others the creation fails.
 *
 * @param toCreate hosts of one cluster that have no VM yet
 * @param thin whether storages are thin, where more is known of it than their types tell
 */
export function demandOf(
  toCreate: readonly Host[],
  cluster: Cluster,
  thin: ReadonlyMap<string, boolean> = new Map(),
): Demand {
  const problems = new Problems()
  const warnings: string[] = []
  const placed = toCreate.flatMap((host): Placed[] => {
    const node = nodeFor(cluster, host.input)
    return node === undefined ? [] : [{ ...host, node }]
  })
  const demand = [...Map.groupBy(placed, ({ node }) => node)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, hosts]) => {
      const node = cluster.nodes.find((one) => one.node === name)
      for (const host of hosts) problems.add(host.name, ...tooLarge(host, node))
      warnings.push(...overcommitted(hosts, node))
      return nodeDemand(name, hosts, node, cluster, thin)
    })
  for (const { storage, bytes, hosts } of demandByStorage(placed, cluster)) {
    if (storage === undefined || bytes <= storage.available) continue
    const isKnownThin = thin.get(storage.storage) ?? isThin(storage.type)
    if (isKnownThin === false)
      for (const host of hosts) problems.add(host.name, full(storage, bytes, hosts, host))
    else warnings.push(overbooked(storage, bytes, hosts, isKnownThin === true))
  }
  return { demand, problems: problems.byHost, warnings }
}

function nodeFor(cluster: Cluster, { node }: Input): string | undefined {
  try {
    return chooseNode(cluster, node)
  } catch (error) {
    if (isNciError(error, 'PVE_NODE_REQUIRED', 'PVE_NODE_UNKNOWN', 'PVE_NODE_OFFLINE')) return undefined
    throw error
  }
}

function nodeDemand(
  name: string,
  hosts: readonly Placed[],
  node: ClusterNode | undefined,
  cluster: Cluster,
  thin: ReadonlyMap<string, boolean>,
): NodeDemand {
  const free = freeMemory(node)
  return {
    node: name,
    vms: hosts.length,
    cores: sum(hosts, ({ input }) => coresOf(input)),
    ...(node?.cores === undefined ? {} : { cores_of_node: node.cores }),
    memory: sum(hosts, ({ input }) => input.memory),
    ...(free === undefined ? {} : { memory_free: Math.floor(free / mebibyte) }),
    storages: demandByStorage(hosts, cluster).map(({ name: storage, bytes, storage: found }) => {
      const isKnownThin = thin.get(storage) ?? isThin(found?.type)
      return {
        storage,
        bytes,
        ...(found === undefined ? {} : { free: Math.max(0, found.available) }),
        ...(isKnownThin === undefined ? {} : { thin: isKnownThin }),
      }
    }),
  }
}

function tooLarge({ input, name }: Placed, node: ClusterNode | undefined): NciError[] {
  if (node === undefined) return []
  const refuse = (available: string, needed: string, property: string): NciError =>
    new NciError('PVE_NODE_TOO_SMALL', { node: node.node, name, available, needed, property })
  const cores = coresOf(input)
  const memory = input.memory * mebibyte
  return [
    ...(node.cores !== undefined && cores > node.cores
      ? [refuse(`${node.cores} cores`, `${cores}`, 'cores')]
      : []),
    ...(node.memory !== undefined && memory > node.memory
      ? [refuse(`${formatBytes(node.memory)} of memory`, formatBytes(memory), 'memory')]
      : []),
  ]
}

function overcommitted(hosts: readonly Placed[], node: ClusterNode | undefined): string[] {
  const free = freeMemory(node)
  const wanted = sum(hosts, ({ input }) => input.memory) * mebibyte
  if (node === undefined || free === undefined || wanted <= free) return []
  return [
    `The new VMs of ${node.node} (${some(hosts)}) get ${formatBytes(wanted)} of memory, and ${formatBytes(free)} are free there: starts may fail.`,
  ]
}

function freeMemory(node: ClusterNode | undefined): number | undefined {
  if (node?.memory === undefined || node.memoryUsed === undefined) return undefined
  return Math.max(0, node.memory - node.memoryUsed)
}

function coresOf({ cores, sockets }: Input): number {
  return cores * sockets
}

/** What hosts ask of a storage: of one that nodes share, all of them together. */
interface StorageDemand {
  readonly name: string
  /** Absent where the node has none of that name. */
  readonly storage: Storage | undefined
  readonly bytes: number
  readonly hosts: readonly Placed[]
}

function demandByStorage(hosts: readonly Placed[], cluster: Cluster): StorageDemand[] {
  const found = new Map(cluster.storages.map((one) => [`${one.node} ${one.storage}`, one]))
  const drives = hosts.flatMap((host) =>
    drivesOf(host.input).map((drive) => {
      const storage = found.get(`${host.node} ${drive.storage}`)
      const place = storage?.shared ? '' : host.node
      return { ...drive, host, found: storage, key: `${drive.storage} ${place}` }
    }),
  )
  return [...Map.groupBy(drives, ({ key }) => key).values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const bytes = sum(group, (drive) => drive.bytes)
    return [
      { name: first.storage, storage: first.found, bytes, hosts: [...new Set(group.map((one) => one.host))] },
    ]
  })
}

const small = 4 * mebibyte
const largeEfi = 64 * mebibyte

/** The drives that are allocated for a VM. An imported image is as large as it is, which is not known here. */
function drivesOf(input: Input): { readonly storage: string; readonly bytes: number }[] {
  const { disks, storage: usual, efi_storage, tpm, tpm_storage, cloud_init_storage } = input
  const drive = (storage = usual, bytes = small) => ({ storage, bytes })
  return [
    ...disks.map(({ storage, size = '0' }) => drive(storage, parseSize(size))),
    ...(biosOf(input) === 'ovmf'
      ? [drive(efi_storage, input.architecture === 'aarch64' ? largeEfi : small)]
      : []),
    ...(tpm === undefined ? [] : [drive(tpm_storage)]),
    drive(cloud_init_storage),
  ]
}

function full(storage: Storage, bytes: number, hosts: readonly Placed[], host: Placed): NciError {
  const { storage: name, node, available } = storage
  const needed = `${formatBytes(bytes)}${hosts.length > 1 ? ` for ${hosts.length} hosts` : ''}`
  return tooSmall(
    { storage: name, node: storage.shared ? host.node : node, property: 'storage' },
    available,
    needed,
  )
}

function overbooked(
  { storage, node, shared, available }: Storage,
  bytes: number,
  hosts: readonly Placed[],
  thin: boolean,
): string {
  const where = shared ? '' : ` of ${node}`
  const risk = thin ? 'when they are filled, writes fail' : 'their creation may fail'
  return `The disks of ${some(hosts)} have ${formatBytes(bytes)} on ${storage}${where}, and ${formatBytes(Math.max(0, available))} are free there: ${risk}.`
}

function some(hosts: readonly Host[]): string {
  return listNames(
    hosts.slice(0, 3).map(({ name }) => name),
    hosts.length,
  )
}

function sum<Item>(items: readonly Item[], amount: (item: Item) => number): number {
  return items.reduce((total, item) => total + amount(item), 0)
}
