import type { Context } from '../core/step.ts'
import type { VmSummary } from './cluster.ts'
import type { VmState } from './vms.ts'

/** What a run knows of a VM because it has just brought it about. */
export interface KnownVm {
  readonly vm: VmSummary
  readonly status: 'running' | 'stopped'
  readonly state?: VmState
  /** The settings are those that were sent: Proxmox writes volumes and MAC addresses in its own way. */
  readonly asSent?: boolean
}

/** No longer than the time that passes anyway between reading a state and changing it. */
const lifetime = 10_000

class VmMemory implements AsyncDisposable {
  readonly known = new Map<number, KnownVm & { readonly at: number }>()

  async [Symbol.asyncDispose](): Promise<void> {}
}

/**
 * Notes what this run has just made of a VM, so that its next step need not ask for it.
 *
 * @param at when the oldest part of it was read, as `performance.now()` has it
 */
export function remember(context: Context, known: KnownVm, at = performance.now()): void {
  memoryOf(context).known.set(known.vm.vmid, { ...known, at })
}

/** Forgets a VM: it was changed in a way that only Proxmox knows the result of. */
export function forget(context: Context, { vmid }: { readonly vmid: number }): void {
  memoryOf(context).known.delete(vmid)
}

/** What this run made of the VM within the last seconds. */
export function recall(
  context: Context,
  { vmid, name, node }: { readonly vmid?: number; readonly name?: string; readonly node?: string },
): (KnownVm & { readonly at: number }) | undefined {
  const known = vmid === undefined ? undefined : memoryOf(context).known.get(vmid)
  if (known === undefined || performance.now() - known.at > lifetime) return undefined
  const isMeant =
    (name === undefined || name === known.vm.name) && (node === undefined || node === known.vm.node)
  return isMeant ? known : undefined
}

function memoryOf({ resources }: Context): VmMemory {
  return resources.get('vm-memory', () => new VmMemory())
}
