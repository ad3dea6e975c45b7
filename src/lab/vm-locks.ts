import type { Cluster } from './cluster.ts'
import type { Vm } from './vms.ts'

/** VMs whose lock is ours to take away. */
const locked = new WeakSet<Vm>()

/** Puts the locks of the faults in force onto the VMs, and takes them away once a fault is removed. */
export function applyVmLocks({ vms, faults }: Pick<Cluster, 'vms' | 'faults'>): void {
  for (const vm of vms.list()) {
    const wanted = faults.vmLock(vm.vmid)
    const { options } = vm.config
    if (wanted !== undefined && options.lock === undefined) {
      options.lock = wanted
      locked.add(vm)
    } else if (wanted === undefined && locked.delete(vm)) {
      delete options.lock
    }
  }
}
