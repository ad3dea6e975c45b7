import { failed } from './api-error.ts'
import type { Cluster } from './cluster.ts'
import { applyPending } from './config-apply.ts'
import { hardwareOf, hasAgent, nicsOf } from './hardware.ts'
import { pause, pauseForever } from './latency.ts'
import { qemuRefusal } from './qemu-refusals.ts'
import type { TaskContext } from './tasks.ts'
import type { Vm } from './vms.ts'

const networkScript = '/usr/libexec/qemu-server/pve-bridge'
const qemuFailed = 'start failed: QEMU exited with code 1'

/** Switches a VM on; the lock is held by the caller. */
export async function startVm(cluster: Cluster, vm: Vm, task: TaskContext, skipLock = false): Promise<void> {
  if (vm.config.options.template === '1') throw failed("you can't start a vm if it's a template")
  if (!skipLock) vm.requireUnlocked()
  if (vm.running) throw failed(`VM ${vm.vmid} already running`)
  applyPending(cluster, vm)
  vm.save()
  checkHost(cluster, vm, task)
  const hardware = hardwareOf(cluster, vm)
  if (hardware.cloudInit !== undefined) {
    task.log('generating cloud-init ISO')
    clearCloudInitChanges(vm)
  }
  const { bios, efidisk0 } = vm.config.options
  if (bios === 'ovmf' && efidisk0 === undefined)
    task.warn('no efidisk configured! Using temporary efivars disk.')
  const refusal = qemuRefusal(cluster.schema, vm.config.options, nodeOf(cluster, vm))
  if (refusal !== undefined) {
    task.log(refusal)
    throw failed(qemuFailed)
  }
  await pause(cluster.latency.startMs, task.signal)
  const guest = cluster.vms.guestOf(vm)
  try {
    await guest.powerOn(hardware)
  } catch (error) {
    task.log(error instanceof Error ? error.message : String(error))
    throw failed(qemuFailed)
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
  await askAgent(vm, task)
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

/** A system with an agent is asked through it; one whose agent is silent through its power button. */
async function askAgent(vm: Vm, task: TaskContext): Promise<void> {
  if (!hasAgent(vm.config.options)) return
  try {
    await Promise.race([vm.guest?.agent('ping', {}), pauseForever(task.signal)])
  } catch (error) {
    if (task.signal.aborted) throw error
    task.log(`QEMU Guest Agent is not running - VM ${vm.vmid} qga command 'guest-ping' failed - got timeout`)
  }
}

async function shutsDownInTime(vm: Vm, signal: AbortSignal, milliseconds: number): Promise<boolean> {
  const timer = new AbortController()
  const given = pause(milliseconds, AbortSignal.any([signal, timer.signal])).then(() => false)
  const off = Promise.resolve(vm.guest?.shutdown()).then(() => true)
  try {
    return await Promise.race([off, given])
  } catch (error) {
    // Whoever talks to the agent does not hear that he is to stop, and is killed.
    throw signal.aborted && !hasAgent(vm.config.options) ? failed('received interrupt') : error
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

function checkHost(cluster: Cluster, vm: Vm, task: TaskContext): void {
  const node = nodeOf(cluster, vm)
  const { options } = vm.config
  const cores = Number(options.cores ?? 1) * Number(options.sockets ?? 1)
  if (node !== undefined && cores > node.cpus)
    throw failed(`MAX ${node.cpus} vcpus allowed per VM on this node`)
  for (const nic of nicsOf(options)) {
    if (nic.bridge === '' || node?.bridges.includes(nic.bridge) !== false) continue
    const missing = `bridge '${nic.bridge}' does not exist`
    if (cluster.schema.major === 9) throw failed(missing)
    // PVE 8 leaves it to QEMU to find out.
    const tap = `type=tap,id=${nic.key},ifname=tap${vm.vmid}i${nic.key.slice(3)}`
    const scripts = ['script', 'downscript'].map(
      (kind) => `${kind}=${networkScript}${kind === 'script' ? '' : 'down'}`,
    )
    task.log(missing)
    task.log(
      `kvm: -netdev ${tap},${scripts.join(',')}: network script ${networkScript} failed with status 512`,
    )
    throw failed(qemuFailed)
  }
}

function nodeOf(cluster: Cluster, vm: Vm): Cluster['nodes'][number] | undefined {
  return cluster.nodes.find(({ name }) => name === vm.node)
}
