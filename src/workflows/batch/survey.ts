import { isNciError, NciError, toNciError } from '../../core/errors.ts'
import type { Context, ListingAge } from '../../core/step.ts'
import type { ProxmoxClient } from '../../proxmox/client.ts'
import type { Cluster, VmSummary } from '../../proxmox/cluster.ts'
import { clusterKey } from '../../proxmox/cluster-key.ts'
import { parseEndpoints } from '../../proxmox/endpoint.ts'
import { ownerTag } from '../../proxmox/ownership.ts'
import { clusterOf, type Host } from './conflicts.ts'
import { type Entry, type Journal, specOf } from './journal.ts'
import { Problems } from './problems.ts'

/** How far a host is, as far as it can be told without asking for each. */
export type Progress =
  /** Provisioned, and nothing has changed since: the journal and the cluster's listing agree. */
  | 'done'
  /** There is NixOS on it, which the run looks after. */
  | 'installed'
  /** The VM is there, and the installation is not. */
  | 'begun'
  | 'new'

/** A cluster that hosts are for. */
export interface Site {
  /** What tells it apart from others in this batch. */
  readonly id: string
  /** What tells it apart for later runs. Nodes of two clusters may well have the same names. */
  readonly key: readonly string[]
  readonly client: ProxmoxClient
  readonly cluster: Cluster
}

export interface Surveyed {
  readonly host: Host
  readonly site: Site
  readonly progress: Progress
  /** Node that has the VM, or will have it, where that is known. */
  readonly node: string | undefined
  /** What an earlier run noted; of the same document, unless the progress is another than `done`. */
  readonly entry: Entry | undefined
  /** Under what the journal knows it. */
  readonly key: string
  readonly spec: string
}

export interface Survey {
  readonly hosts: readonly Surveyed[]
  /** Hosts whose cluster cannot be asked. */
  readonly problems: ReadonlyMap<string, readonly NciError[]>
  readonly warnings: readonly string[]
}

/** VMs that are asked for their settings at once. */
const questions = 8

/**
 * Looks where hosts stand: one listing for each cluster, and the settings of the VMs that the journal does not vouch for.
 *
 * @param journal `undefined` asks for each VM
 * @throws {NciError} that of the connection, where no cluster can be asked
 */
export async function survey(
  hosts: readonly Host[],
  journal: Journal | undefined,
  context: Context,
): Promise<Survey> {
  const problems = new Problems()
  const surveyed: Surveyed[] = []
  const failures: NciError[] = []
  for (const group of Map.groupBy(hosts, ({ input }) => clusterOf(input)).values()) {
    const [first] = group
    if (first === undefined) continue
    try {
      const site = await readSite(first, context)
      surveyed.push(...(await Promise.all(group.map((host) => place(host, site, journal)))))
    } catch (error) {
      context.signal.throwIfAborted()
      const problem = toNciError(error)
      failures.push(problem)
      for (const { name } of group) problems.add(name, problem)
    }
  }
  if (surveyed.length === 0 && failures[0] !== undefined) throw failures[0]
  const order = new Map(hosts.map(({ name }, index) => [name, index]))
  const indexOf = ({ host }: Surveyed): number => order.get(host.name) ?? 0
  const known = surveyed.toSorted((one, other) => indexOf(one) - indexOf(other))
  return {
    hosts: await readNotes(known, context.signal),
    problems: problems.byHost,
    warnings: known.flatMap(renamed),
  }
}

async function readSite({ input }: Host, context: Context): Promise<Site> {
  const [{ connectProxmox }, { readSettledCluster }] = await Promise.all([
    import('../../proxmox/client.ts'),
    import('../../proxmox/cluster.ts'),
  ])
  const client = connectProxmox(input, context)
  const cluster = await readSettledCluster(client, context)
  const nodes = cluster.nodes.map(({ node }) => node)
  const endpoints = parseEndpoints(input.api_host ?? '', input.api_port).map(({ origin }) => origin)
  const key = [...new Set([...endpoints.toSorted(), ...clusterKey(nodes, input)])]
  return { id: clusterOf(input), key, client, cluster }
}

function place(host: Host, site: Site, journal: Journal | undefined): Surveyed {
  const { input } = host
  const { cluster } = site
  const key = JSON.stringify([site.key, input.name])
  const spec = specOf(host)
  const entry = journal?.get(key)
  const vm = vmOf(host, cluster)
  const isDone = !input.reinstall && entry?.spec === spec && isUntouched(entry, vm, cluster)
  // What the note of the VM says is read later.
  const progress = vm === undefined ? 'new' : isDone ? 'done' : 'begun'
  // Hosts that take any id leave it alone.
  if (input.vmid !== undefined) site.client.reservedIds.set(input.vmid, input.name)
  const [only] = cluster.nodes.length === 1 ? cluster.nodes : []
  return { host, site, progress, node: vm?.node ?? input.node ?? only?.node, entry, key, spec }
}

/** Another VM is created for a host whose own got another name: whoever renamed it should know. */
function renamed({ host, site, progress, entry }: Surveyed): string[] {
  const vm = progress === 'new' ? site.cluster.vms.find(({ vmid }) => vmid === entry?.vmid) : undefined
  if (vm === undefined || !vm.tags?.includes(ownerTag)) return []
  return [
    `VM ${vm.vmid}, which was ${host.input.name}, is called ${vm.name} now: ${host.input.name} gets another one.`,
  ]
}

/** Milliseconds by which a listing may be late, and two clocks apart. */
const late = 30_000

/**
 * Whether the VM is the one that was noted. Another one that was given the same id, name and size was started later; so was
 * the same one, where somebody has switched it off and on, and may have done something else to it.
 */
function isUntouched({ vmid, mark, at }: Entry, vm: VmSummary | undefined, cluster: Cluster): boolean {
  const since = cluster.runningSince.get(vmid)
  return vm?.vmid === vmid && cluster.marks.get(vmid) === mark && since !== undefined && since <= at + late
}

/** The VM of a host, as far as the listing tells; a contradiction is for the preflight to report. */
function vmOf({ input }: Host, { vms }: Cluster): VmSummary | undefined {
  const [vm, another] = vms.filter(
    ({ name, vmid }) => name === input.name && (input.vmid === undefined || vmid === input.vmid),
  )
  return another === undefined ? vm : undefined
}

/** Tells the installed ones from those that were only begun. */
async function readNotes(hosts: readonly Surveyed[], signal: AbortSignal): Promise<Surveyed[]> {
  const [{ readVm }, { readNote }, { Places }] = await Promise.all([
    import('../../proxmox/vms.ts'),
    import('../../proxmox/ownership.ts'),
    import('../../core/places.ts'),
  ])
  const places = new Places(questions)
  return Promise.all(
    hosts.map(async (surveyed): Promise<Surveyed> => {
      const { host, site, progress } = surveyed
      const vm = vmOf(host, site.cluster)
      if (progress !== 'begun' || vm === undefined) return surveyed
      using _place = await places.take(0, signal)
      try {
        const note = readNote((await readVm(site.client, vm)).current)
        return note?.installed === undefined ? surveyed : { ...surveyed, progress: 'installed' }
      } catch (error) {
        // Gone, or on another node by now, or not to be read: its run finds out.
        if (isNciError(error) || error instanceof NciError) return surveyed
        throw error
      }
    }),
  )
}

/** How old listings may be that hosts of a batch share. */
export const listings: ListingAge = { most: 5000, after: 0 }
