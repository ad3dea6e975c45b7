import { failed, parameterErrors } from '../api-error.ts'
import { isRoot } from '../authentication.ts'
import { notEmulated } from '../not-emulated.ts'
import { shutDownVm, startVm, stopVm } from '../power.ts'
import type { Call, Routes } from '../router.ts'
import type { TaskContext } from '../tasks.ts'
import { vmStatus } from '../vm-status.ts'
import type { Vm } from '../vms.ts'

const path = '/nodes/{node}/qemu/{vmid}/status'

/** Switching VMs on and off. */
export const qemuStatusRoutes: Routes = {
  [`GET ${path}`]: () =>
    ['current', 'start', 'stop', 'reset', 'shutdown', 'suspend', 'resume', 'reboot'].map((subdir) => ({
      subdir,
    })),
  [`GET ${path}/current`]: ({ cluster, node, vmid }) => vmStatus(cluster, cluster.vms.get(node, vmid)),
  [`POST ${path}/start`]: (call) => {
    const skipLock = skipsLock(call)
    return inTask(call, 'qmstart', (vm, task) => startVm(call.cluster, vm, task, skipLock))
  },
  [`POST ${path}/stop`]: stop,
  [`POST ${path}/shutdown`]: (call) => {
    const options = { ...shutdownOptions(call), skipLock: skipsLock(call) }
    return inTask(call, 'qmshutdown', (vm, task) => shutDownVm(call.cluster, vm, task, options))
  },
  [`POST ${path}/reboot`]: (call) => {
    requireRunning(call)
    const options = shutdownOptions(call)
    return inTask(call, 'qmreboot', async (vm, task) => {
      await shutDownVm(call.cluster, vm, task, options)
      await startVm(call.cluster, vm, task)
    })
  },
  [`POST ${path}/reset`]: (call) => {
    requireRunning(call)
    return inTask(call, 'qmreset', async (vm) => {
      await vm.guest?.reset()
      call.cluster.addressMap.refresh()
    })
  },
  [`POST ${path}/suspend`]: (call) => {
    requireRunning(call)
    if (call.parameters.flag('todisk'))
      throw notEmulated(
        call.cluster,
        'POST',
        `/nodes/${call.node}/qemu/${call.vmid}/status/suspend`,
        'todisk=1',
      )
    return inTask(call, 'qmpause', (vm) => {
      vm.paused = true
    })
  },
  [`POST ${path}/resume`]: (call) => {
    requireRunning(call)
    return inTask(call, 'qmresume', (vm) => {
      vm.paused = false
    })
  },
}

/** Runs work on a VM as a task. A VM that does not exist is the task's problem. */
function inTask(
  { cluster, identity, node, vmid }: Call,
  type: string,
  work: (vm: Vm, task: TaskContext) => Promise<void> | void,
): string {
  return cluster.tasks.start(node, type, String(vmid), identity.id, (task) =>
    cluster.vms.lock(vmid).run(() => work(cluster.vms.get(node, vmid), task), task.log),
  )
}

function stop(call: Call): string {
  const { cluster, node, vmid, parameters } = call
  const skipLock = skipsLock(call)
  const shutdowns = parameters.flag('overrule-shutdown') ? runningShutdowns(call) : []
  for (const upid of shutdowns) cluster.tasks.stop(upid)
  return inTask(call, 'qmstop', async (vm, task) => {
    if (shutdowns.length > 0) task.log(`overruled qmshutdown tasks: ${shutdowns.join(', ')}`)
    if (vm.node === node && vm.vmid === vmid) await stopVm(cluster, vm, task, skipLock)
  })
}

function runningShutdowns({ cluster, vmid }: Call): string[] {
  return cluster.tasks
    .list()
    .filter((task) => task.type === 'qmshutdown' && task.id === String(vmid) && task.exitstatus === undefined)
    .map((task) => task.upid)
}

function shutdownOptions({ parameters }: Call): { timeoutSeconds: number | undefined; forceStop: boolean } {
  return { timeoutSeconds: parameters.number('timeout'), forceStop: parameters.flag('forceStop') }
}

function skipsLock({ identity, parameters }: Call): boolean {
  if (!parameters.flag('skiplock')) return false
  if (!isRoot(identity)) throw parameterErrors({ skiplock: 'Only root may use this option.' })
  return true
}

function requireRunning({ cluster, node, vmid }: Call): void {
  if (!cluster.vms.get(node, vmid).running) throw failed(`VM ${vmid} not running`)
}
