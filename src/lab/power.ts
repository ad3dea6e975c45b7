import { failed } from './api-error.ts'
import type { Cluster } from './cluster.ts'
import { applyPending } from './config-update.ts'
import { drivesOf } from './drives.ts'
import { bridgesOf, hardwareOf } from './hardware.ts'
import { pause } from './latency.ts'
import type { TaskContext } from './tasks.ts'
import type { Vm } from './vms.ts'

/** Switches a VM on; the lock is held by the caller. */
export async function startVm(cluster: Cluster, vm: Vm, task: TaskContext, skipLock = false): Promise<void> {
  if (vm.config.options.template === '1') throw failed("you can't start a vm if it's a template")
  if (!skipLock) vm.requireUnlocked()
  if (vm.running) throw failed(`VM ${vm.vmid} already running`)
  applyPending(cluster, vm)
  vm.save()
  checkHost(cluster, vm)
  const hardware = hardwareOf(cluster, vm)
  if (hardware.cloudInit !== undefined) {
    task.log('generating cloud-init ISO')
    clearCloudInitChanges(vm)
  }
  const { bios, efidisk0 } = vm.config.options
  if (bios === 'ovmf' && efidisk0 === undefined)
    task.warn('no efidisk configured! Using temporary efivars disk.')
  checkBuses(cluster, vm, task)
  await pause(cluster.latency.startMs, task.signal)
  const guest = cluster.vms.guestOf(vm)
  try {
    await guest.powerOn(hardware)
  } catch (error) {
    task.log(error instanceof Error ? error.message : String(error))
    throw failed('start failed: QEMU exited with code 1')
  }
  cluster.vms.markStarted(vm)
  cluster.addressMap.refresh()
}

/** Pulls the plug; the lock is held by the caller. Pending changes take effect. */
export async function stopVm(cluster: Cluster, vm: Vm, task: TaskContext, skipLock = false): Promise<void> {
  if (!vm.running) return
  if (!skipLock) vm.requireUnlocked()
  await pause(cluster.latency.stopMs, task.signal)
  await vm.guest?.powerOff()
  afterStop(cluster, vm)
}

/** Presses the power button and waits; then pulls the plug, if that is wanted. */
export async function shutDownVm(
  cluster: Cluster,
  vm: Vm,
  task: TaskContext,
  options: {
    readonly timeoutSeconds: number | undefined
    readonly forceStop: boolean
    readonly skipLock?: boolean
  },
): Promise<void> {
  if (!vm.running) return
  if (options.skipLock !== true) vm.requireUnlocked()
  await pause(cluster.latency.stopMs, task.signal)
  if (await shutsDownInTime(vm, task.signal, (options.timeoutSeconds ?? 180) * 1000)) {
    afterStop(cluster, vm)
    return
  }
  if (!options.forceStop) throw failed('VM quit/powerdown failed - got timeout')
  task.log('VM still running - terminating now with SIGTERM')
  await vm.guest?.powerOff()
  afterStop(cluster, vm)
}

/** The drive is made anew: it has what the configuration says. */
export function clearCloudInitChanges(vm: Vm): void {
  for (const name of Object.keys(vm.config.cloudInit)) delete vm.config.cloudInit[name]
  vm.save()
}

async function shutsDownInTime(vm: Vm, signal: AbortSignal, milliseconds: number): Promise<boolean> {
  const timer = new AbortController()
  const given = pause(milliseconds, AbortSignal.any([signal, timer.signal])).then(() => false)
  const off = Promise.resolve(vm.guest?.shutdown()).then(() => true)
  try {
    return await Promise.race([off, given])
  } finally {
    timer.abort()
    given.catch(() => undefined)
    off.catch(() => undefined)
  }
}

function afterStop(cluster: Cluster, vm: Vm): void {
  cluster.vms.markStopped(vm)
  applyPending(cluster, vm)
  vm.save()
  cluster.addressMap.refresh()
}

function checkHost(cluster: Cluster, vm: Vm): void {
  const node = cluster.nodes.find(({ name }) => name === vm.node)
  const { options } = vm.config
  const cores = Number(options.cores ?? 1) * Number(options.sockets ?? 1)
  if (node !== undefined && cores > node.cpus)
    throw failed(`MAX ${node.cpus} vcpus allowed per VM on this node`)
  for (const bridge of bridgesOf(options)) {
    if (bridge !== '' && node?.bridges.includes(bridge) === false)
      throw failed(`bridge '${bridge}' does not exist`)
  }
}

/** QEMU's aarch64 machine has no IDE bus. */
function checkBuses(cluster: Cluster, vm: Vm, task: TaskContext): void {
  if (vm.config.options.arch !== 'aarch64') return
  const [ide] = drivesOf(cluster.schema, vm.config.options).find(([name]) => name.startsWith('ide')) ?? []
  if (ide === undefined) return
  const unit = Number(ide.slice(3)) % 2
  const bus = Math.floor(Number(ide.slice(3)) / 2)
  task.log(
    `qemu-system-aarch64: -device ide-cd,bus=ide.${bus},unit=${unit},drive=drive-${ide},id=${ide}: Bus 'ide.${bus}' not found`,
  )
  throw failed('start failed: QEMU exited with code 1')
}
