import { failed, parameterErrors } from './api-error.ts'
import type { Identity } from './authentication.ts'
import { checkBridges } from './bridge-access.ts'
import type { Cluster } from './cluster.ts'
import { applyPending } from './config-apply.ts'
import { createDisks } from './disk-maker.ts'
import { detachDrive, removeOwnVolume } from './disks.ts'
import { bootOrderOf, isCdrom, isCloudInit, isDriveName, parseDrive, printBootOrder } from './drives.ts'
import { applyWhileRunning } from './hotplug.ts'
import { requirePrivileges } from './permissions.ts'
import type { TaskContext } from './tasks.ts'
import { cleanUpPending, digestOf, keep, normalize, type Options } from './vm-config.ts'
import type { Vm } from './vms.ts'

/** A change of a configuration, as the API gets it. */
export interface ConfigChange {
  readonly set: Options
  readonly delete: readonly string[]
  readonly revert: readonly string[]
  readonly force: boolean
}

/** Throws if the configuration is not the one that the caller has seen. */
export function requireDigest(vm: Vm, digest: string | undefined): void {
  if (digest !== undefined && digest !== digestOf(vm.config)) {
    throw failed('checksum mismatch (file change by other user?)')
  }
}

/**
 * Changes a configuration: all changes are first pending; a stopped VM takes them over at once, a running one
 * those that can be changed while it runs.
 */
export async function updateConfig(
  cluster: Cluster,
  vm: Vm,
  change: ConfigChange,
  task: TaskContext,
  identity: Identity,
): Promise<void> {
  const { config } = vm
  const bootOrder = bootOrderOf(config.options.boot)
  for (const name of change.revert) {
    delete config.pending[name]
    keep(config, name)
  }
  for (const name of change.delete) markDeleted(cluster, vm, name, change.force, bootOrder, identity)
  for (const [name, value] of Object.entries(change.set)) {
    await setPending(cluster, vm, name, value, change, bootOrder, task, identity)
    keep(config, name)
  }
  cleanUpPending(config)
  const errors = vm.running ? await applyWhileRunning(cluster, vm) : {}
  if (!vm.running) applyPending(cluster, vm, task)
  vm.save()
  if (Object.keys(errors).length > 0) throw parameterErrors(errors)
}

function markDeleted(
  cluster: Cluster,
  vm: Vm,
  name: string,
  force: boolean,
  bootOrder: string[] | undefined,
  identity: Identity,
): void {
  const { config } = vm
  const value = config.options[name] ?? config.pending[name]
  if (value === undefined) return
  const wasPending = config.pending[name]
  delete config.pending[name]
  if (wasPending === undefined && bootOrder?.includes(name)) {
    bootOrder.splice(bootOrder.indexOf(name), 1)
    config.pending.boot = printBootOrder(bootOrder)
  }
  if (/^unused\d+$/.test(name)) {
    removeOwnVolume(cluster, vm, value)
    delete config.options[name]
    return
  }
  if (isDriveName(name)) {
    if (config.options.protection === '1') {
      throw failed(`can't remove drive '${name}' - protection mode enabled`)
    }
    // Removing asks in another order than setting.
    if (isCloudInit(parseDrive(cluster.schema, name, value))) {
      requirePrivileges(cluster.access, identity, `/vms/${vm.vmid}`, ['VM.Config.Cloudinit'])
    }
    checkDrivePrivileges(cluster, vm, name, value, identity)
    if (wasPending !== undefined) detachDrive(cluster, vm, name, wasPending)
  }
  checkPresentCard(cluster, vm, name, identity)
  config.pendingDelete.add(force ? `!${name}` : name)
}

async function setPending(
  cluster: Cluster,
  vm: Vm,
  name: string,
  value: string,
  change: ConfigChange,
  bootOrder: string[] | undefined,
  task: TaskContext,
  identity: Identity,
): Promise<void> {
  const { config } = vm
  if (config.pending[name] === value) return
  if (isDriveName(name)) {
    const old = config.options[name]
    if (old !== undefined) checkDrivePrivileges(cluster, vm, name, old, identity)
    checkDrivePrivileges(cluster, vm, name, value, identity)
    const abandoned = config.pending[name]
    if (abandoned !== undefined) detachDrive(cluster, vm, name, abandoned)
    const created = await createDisks(cluster, vm, { [name]: value }, task)
    Object.assign(config.pending, created.options)
    const drive = parseDrive(cluster.schema, name, value)
    // A new CD-ROM becomes bootable; the cloud-init drive does not.
    if (bootOrder !== undefined && isCdrom(drive) && !isCloudInit(drive) && !bootOrder.includes(name)) {
      bootOrder.push(name)
      config.pending.boot = printBootOrder(bootOrder)
    }
    return
  }
  if (name === 'boot') checkBootOrder(vm, value, change)
  checkPresentCard(cluster, vm, name, identity)
  config.pending[name] = normalize(name, value)
}

function checkBootOrder(vm: Vm, boot: string, change: ConfigChange): void {
  for (const device of bootOrderOf(boot) ?? []) {
    const exists = vm.config.options[device] ?? vm.config.pending[device] ?? change.set[device]
    if (exists === undefined || change.delete.includes(device)) {
      throw failed(`invalid bootorder: device '${device}' does not exist'`)
    }
  }
}

/** Whoever changes or removes a network card must be allowed to use the bridge that it is on. */
function checkPresentCard(cluster: Cluster, vm: Vm, name: string, identity: Identity): void {
  const present = vm.config.options[name]
  if (present !== undefined) checkBridges(cluster, identity, { [name]: present })
}

function checkDrivePrivileges(
  cluster: Cluster,
  vm: Vm,
  name: string,
  value: string,
  identity: Identity,
): void {
  const path = `/vms/${vm.vmid}`
  const drive = parseDrive(cluster.schema, name, value)
  if (isCloudInit(drive)) {
    requirePrivileges(cluster.access, identity, path, ['VM.Config.CDROM'])
    requirePrivileges(cluster.access, identity, path, ['VM.Config.Cloudinit'])
  } else if (isCdrom(drive)) {
    requirePrivileges(cluster.access, identity, path, ['VM.Config.CDROM'])
  } else {
    requirePrivileges(cluster.access, identity, path, ['VM.Config.Disk'])
  }
}
