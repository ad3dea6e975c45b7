import { isNciError, NciError, toNciError } from '../../core/errors.ts'
import type { Context, ListingAge } from '../../core/step.ts'
import type { ProxmoxClient } from '../../proxmox/client.ts'
import type { Cluster, VmSummary } from '../../proxmox/cluster.ts'
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
  /** What tells it apart, on this machine and on others. */
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
  return { hosts: await readNotes(known, context.signal), problems: problems.byHost }
}

async function readSite({ input }: Host, context: Context): Promise<Site> {
  const [{ connectProxmox }, { readSettledCluster }, { clusterKey }] = await Promise.all([
    import('../../proxmox/client.ts'),
    import('../../proxmox/cluster.ts'),
    import('../../proxmox/cluster-key.ts'),
  ])
  const client = connectProxmox(input, context)
  const cluster = await readSettledCluster(client, context)
  const nodes = cluster.nodes.map(({ node }) => node)
  return { client, cluster, key: clusterKey(nodes, input) }
}

function place(host: Host, site: Site, journal: Journal | undefined): Surveyed {
  const { input } = host
  const { cluster } = site
  const key = JSON.stringify([site.key, input.name])
  const spec = specOf(host)
  const entry = journal?.get(key)
  const vm = vmOf(host, cluster)
  const isSame =
    entry !== undefined &&
    entry.spec === spec &&
    entry.vmid === vm?.vmid &&
    entry.mark === cluster.marks.get(vm.vmid)
  // What the note of the VM says is read later.
  const progress = vm === undefined ? 'new' : isSame && !input.reinstall ? 'done' : 'begun'
  const [only] = cluster.nodes.length === 1 ? cluster.nodes : []
  return { host, site, progress, node: vm?.node ?? input.node ?? only?.node, entry, key, spec }
}

/** The VM of a host, as far as the listing tells; a contradiction is for its own run to report. */
function vmOf({ input }: Host, { vms }: Cluster): VmSummary | undefined {
  const named = vms.filter(({ name }) => name === input.name)
  const [vm] = input.vmid === undefined ? named : named.filter(({ vmid }) => vmid === input.vmid)
  return vm
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
