import type { NciError } from '../../core/errors.ts'
import type { StepEvent } from '../../core/events.ts'
import type { ProxmoxClient } from '../../proxmox/client.ts'
import { type Cluster, chooseNode, type VmSummary } from '../../proxmox/cluster.ts'
import { credentialsOf } from '../../proxmox/credentials.ts'
import { assertSettable } from '../../proxmox/root-options.ts'
import { thinStorages } from '../../proxmox/thin.ts'
import { hardwareOptions } from '../../proxmox/vm-options.ts'
import { assertInstallable } from '../../steps/nixos/preflight.ts'
import {
  findVm,
  ignoring,
  requireBridges,
  requireIsos,
  requireOwned,
  requirePools,
  requireStorages,
} from './cluster-checks.ts'
import type { Host } from './conflicts.ts'
import { type Demand, demandOf } from './demand.ts'
import { examineFlakes } from './flakes.ts'
import { requireIsoFiles, requireKeys } from './local-checks.ts'
import { Problems } from './problems.ts'
import { crowdedRanges } from './vmid-ranges.ts'

/** The hosts that are for one cluster, and what there is of it. */
export interface ClusterHosts {
  readonly client: ProxmoxClient
  readonly cluster: Cluster
  readonly hosts: readonly Host[]
}

export interface PreflightOptions {
  readonly signal: AbortSignal
  emit(event: StepEvent): void
  /** Hosts that have a VM and are known not to be installed yet. */
  readonly unfinished?: ReadonlySet<string>
}

/** What was found out before anything is begun. */
export interface Findings {
  /** By host. */
  readonly problems: ReadonlyMap<string, readonly NciError[]>
  readonly warnings: readonly string[]
  /** Of the VMs that are yet to be created. */
  readonly demand: Demand['demand']
  /** Hosts that have no VM yet. */
  readonly newHosts: ReadonlySet<string>
}

/**
 * Looks for what hosts would fail of later: of all of them, and of each all that is wrong. Asks for what hosts have in
 * common once: requests grow with the number of nodes, storages and pools that they name.
 */
export async function preflight(
  groups: readonly ClusterHosts[],
  options: PreflightOptions,
): Promise<Findings> {
  const { signal, unfinished } = options
  const problems = new Problems()
  const looked = groups.map((group) => lookUp(group, problems))
  const newHosts = new Set(looked.flatMap(({ toCreate }) => toCreate.map(({ name }) => name)))
  // What has a VM may be installed already; where it is not, its own run finds out before it begins.
  const toInstall = groups
    .flatMap(({ hosts }) => hosts)
    .filter(({ name }) => newHosts.has(name) || unfinished?.has(name))
  for (const { name, input } of toInstall) problems.try(name, () => assertInstallable(input, 'provision'))
  const here = { problems, signal }
  await requireIsoFiles(
    here,
    toInstall.filter(({ name }) => newHosts.has(name)),
  )
  await requireKeys(here, toInstall)
  const [flakes, ...clusters] = await Promise.all([
    examineFlakes(toInstall, options),
    ...looked.map((group) => examineCluster(group, problems, signal)),
  ])
  problems.addAll(flakes.problems)
  return {
    problems: problems.byHost,
    warnings: [...flakes.warnings, ...clusters.flatMap(({ warnings }) => warnings)],
    demand: clusters.flatMap(({ demand }) => demand),
    newHosts,
  }
}

/** The hosts of a cluster, with the VMs that they have already. */
interface LookedUp extends ClusterHosts {
  readonly found: readonly { readonly host: Host; readonly vm: VmSummary | undefined }[]
  readonly toCreate: readonly Host[]
}

function lookUp(group: ClusterHosts, problems: Problems): LookedUp {
  const { cluster, hosts } = group
  const found = hosts.map((host) => ({ host, vm: findVm(cluster, host, problems) }))
  return { ...group, found, toCreate: found.filter(({ vm }) => vm === undefined).map(({ host }) => host) }
}

async function examineCluster(
  { client, cluster, found, toCreate }: LookedUp,
  problems: Problems,
  signal: AbortSignal,
): Promise<Pick<Demand, 'demand' | 'warnings'>> {
  const placed = toCreate.flatMap((host) => {
    const { name, input } = host
    problems.try(name, () => assertSettable(hardwareOptions(input), credentialsOf(input)))
    const node = problems.try(name, () => chooseNode(cluster, input.node))
    return node === undefined ? [] : [{ ...host, node }]
  })
  for (const host of placed) requireStorages(cluster, host, problems)
  problems.addAll(crowdedRanges(toCreate, cluster))
  const asking = { client, problems, signal }
  const [thin] = await Promise.all([
    thinStorages(client).catch(ignoring(signal)),
    requireOwned(asking, cluster, found),
    requireBridges(asking, placed),
    requireIsos(asking, cluster, placed),
    requirePools(asking, toCreate),
  ])
  const { demand, warnings, problems: lacking } = demandOf(toCreate, cluster, thin)
  problems.addAll(lacking)
  return { demand, warnings }
}
