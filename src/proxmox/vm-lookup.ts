import { isNciError, NciError } from '../core/errors.ts'
import type { Context } from '../core/step.ts'
import type { ProxmoxClient } from './client.ts'
import { type Cluster, chooseNode, readCluster, type VmSummary } from './cluster.ts'
import { recall } from './vm-memory.ts'
import { readStatus, readVm, type VmState, type VmStatus } from './vms.ts'

/** The properties that name an existing VM. */
export interface VmReference {
  readonly vmid?: number
  readonly name?: string
  readonly node?: string
}

/** A VM and what it does. */
export type FoundVm = VmStatus & { readonly vm: VmSummary }

/**
 * The VM that already has the wanted name or id.
 *
 * @throws {NciError} `PVE_VMID_TAKEN`, `PVE_NAME_TAKEN` where name and id belong to different VMs;
 * `PVE_NAME_UNCERTAIN`
 */
export function existingVm(
  cluster: Cluster,
  { vmid, name }: { vmid?: number; name: string },
): VmSummary | undefined {
  if (vmid === undefined) {
    const found = lookUpVm(cluster, { name })
    if (found === undefined) assertNamesKnown(cluster, { name })
    return found
  }
  const taken = lookUpVm(cluster, { vmid })
  if (taken !== undefined && taken.name !== name)
    throw new NciError('PVE_VMID_TAKEN', { vmid, name: taken.name })
  if (taken !== undefined) return taken
  const namesake = lookUpVm(cluster, { name })
  if (namesake !== undefined) throw new NciError('PVE_NAME_TAKEN', { name, other: namesake.vmid, vmid })
  return undefined
}

/**
 * The VM that already has the wanted name or id, with its settings: the cluster's names lag some seconds, its own
 * settings do not.
 *
 * @throws {NciError} as {@link existingVm}
 */
export async function readExistingVm(
  client: ProxmoxClient,
  cluster: Cluster,
  wanted: { vmid?: number; name: string },
): Promise<{ readonly vm: VmSummary; readonly state: VmState } | undefined> {
  const vm = existingVm(cluster, wanted)
  if (vm === undefined) return undefined
  const state = await readVm(client, vm)
  const name = state.current.name === undefined ? vm.name : String(state.current.name)
  if (name === wanted.name) return { vm, state }
  if (wanted.vmid !== undefined) throw new NciError('PVE_VMID_TAKEN', { vmid: wanted.vmid, name })
  return undefined
}

/** The VM that a reference means, or `undefined` where there is none. @throws {NciError} `PVE_VM_AMBIGUOUS` */
export function lookUpVm(cluster: Cluster, reference: VmReference): VmSummary | undefined {
  const found = cluster.vms.filter(
    (vm) =>
      (reference.vmid === undefined || vm.vmid === reference.vmid) &&
      (reference.name === undefined || vm.name === reference.name) &&
      (reference.node === undefined || vm.node === reference.node),
  )
  if (found.length > 1) {
    const vmids = found.map(({ vmid }) => vmid).join(', ')
    throw new NciError('PVE_VM_AMBIGUOUS', { name: reference.name ?? '', vmids })
  }
  return found[0]
}

/**
 * The VM that a reference means. Where id and node are given its node is asked, and not the whole cluster; what this
 * run did itself a moment ago is known.
 *
 * @throws {NciError} `PVE_VM_NOT_FOUND`, `PVE_VM_AMBIGUOUS`, `PVE_NODE_UNKNOWN`
 */
export async function findVm(
  client: ProxmoxClient,
  context: Context,
  reference: VmReference,
): Promise<FoundVm> {
  const known = recall(context, reference)
  if (known !== undefined) return { vm: known.vm, status: known.status }
  const { vmid, node } = reference
  if (vmid !== undefined && node !== undefined) return askNode(client, { ...reference, vmid, node })
  const cluster = await readCluster(client)
  const vm = lookUpVm(cluster, reference)
  if (vm === undefined) {
    assertNamesKnown(cluster, reference)
    throw notFound(reference)
  }
  const status = await readStatus(client, vm)
  // The cluster's names lag: one that was renamed a moment ago is not the one that is meant.
  if (reference.name !== undefined && status.name !== undefined && status.name !== reference.name)
    throw notFound(reference)
  return { ...status, vm: withHa(vm, status) }
}

/**
 * A VM of a node that is down may have any name: where nothing of the wanted name is found, it may be that one.
 *
 * @throws {NciError} `PVE_NAME_UNCERTAIN`
 */
export function assertNamesKnown({ nameless }: Cluster, { vmid, name }: VmReference): void {
  if (vmid !== undefined || name === undefined || nameless.length === 0) return
  const nodes = [...new Set(nameless.map(({ node }) => node))].join(', ')
  const vmids = nameless.map((vm) => vm.vmid).join(', ')
  throw new NciError('PVE_NAME_UNCERTAIN', { name, nodes, vmids })
}

function withHa(vm: VmSummary, { ha }: VmStatus): VmSummary {
  return ha ? { ...vm, ha } : vm
}

async function askNode(
  client: ProxmoxClient,
  reference: VmReference & { readonly vmid: number; readonly node: string },
): Promise<FoundVm> {
  const { vmid, node } = reference
  try {
    const status = await readStatus(client, reference)
    const name = status.name ?? `VM ${vmid}`
    if (reference.name !== undefined && reference.name !== name) throw notFound(reference)
    return { ...status, vm: withHa({ vmid, node, name }, status) }
  } catch (error) {
    if (isNciError(error, 'PVE_VM_NOT_FOUND')) throw notFound(reference, error)
    // A node that does not exist is a name that cannot be resolved.
    if (isNciError(error, 'PVE_REQUEST_FAILED', 'PVE_PARAMETER')) chooseNode(await readCluster(client), node)
    throw error
  }
}

function notFound(reference: VmReference, cause?: unknown): NciError {
  const where = reference.node === undefined ? '' : ` on node ${reference.node}`
  return new NciError('PVE_VM_NOT_FOUND', { vm: `${nameOf(reference)}${where}` }, { cause })
}

/** A reference for people: `101`, `web1`, or both. */
function nameOf({ vmid, name }: VmReference): string {
  const called = name === undefined ? '' : `\`${name}\``
  return vmid === undefined ? called : `${vmid}${name === undefined ? '' : ` called ${called}`}`
}
