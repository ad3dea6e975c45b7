import { failed, parameterErrors } from './api-error.ts'
import type { Identity } from './authentication.ts'
import { isCloudInitOption } from './cloud-init.ts'
import type { Cluster } from './cluster.ts'
import { createDisks, detachDrive, removeOwnVolume } from './disks.ts'
import { bootOrderOf, isCdrom, isCloudInit, isDriveName, parseDrive, printBootOrder } from './drives.ts'
import { splitList } from './formats.ts'
import { bridgesOf } from './hardware.ts'
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

/** These take effect on a running VM at once. */
const immediate = new Set([
  'lock',
  'name',
  'onboot',
  'shares',
  'startup',
  'description',
  'protection',
  'vmstatestorage',
  'hookscript',
  'tags',
  'hotplug',
  'cpuunits',
  'cpulimit',
  'balloon',
  'tablet',
])

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
  const errors = vm.running ? applyWhileRunning(cluster, vm) : applyPending(cluster, vm, task)
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
    checkDrivePrivileges(cluster, vm, name, value, identity)
    if (wasPending !== undefined) detachDrive(cluster, vm, name, wasPending)
  }
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

/** Takes over everything that is pending: what a stopped VM does. */
export function applyPending(cluster: Cluster, vm: Vm, task?: TaskContext): Record<string, string> {
  const { config } = vm
  for (const mark of [...config.pendingDelete]) {
    const name = mark.replace(/^!/, '')
    applyDelete(cluster, vm, name, mark.startsWith('!'))
  }
  let newDrive = false
  for (const name of Object.keys(config.pending)) {
    const drive = config.pending[name]
    if (isDriveName(name) && drive !== undefined)
      newDrive ||= isCloudInit(parseDrive(cluster.schema, name, drive))
    applySet(cluster, vm, name)
  }
  if (newDrive) task?.log('generating cloud-init ISO')
  return {}
}

/** Takes over what can be changed while the VM runs; the rest stays pending. */
function applyWhileRunning(cluster: Cluster, vm: Vm): Record<string, string> {
  const { config } = vm
  const errors: Record<string, string> = {}
  for (const mark of [...config.pendingDelete]) {
    const name = mark.replace(/^!/, '')
    if (!canUnplug(vm, name)) continue
    if (isDriveName(name)) vm.guest?.eject(name)
    applyDelete(cluster, vm, name, mark.startsWith('!'))
  }
  for (const name of Object.keys(config.pending)) {
    const value = config.pending[name] ?? ''
    if (!canHotplug(cluster, vm, name, value)) continue
    const error = hotplugError(cluster, vm, name, value)
    if (error !== undefined) {
      errors[name] = `hotplug problem - ${error}\n`
      continue
    }
    if (isDriveName(name) && value.startsWith('none,')) vm.guest?.eject(name)
    recordCloudInitChange(vm, name, value)
    applySet(cluster, vm, name)
  }
  return errors
}

function canUnplug(vm: Vm, name: string): boolean {
  if (immediate.has(name) || isCloudInitOption(name)) return true
  if (/^net\d+$/.test(name)) return hotplugs(vm, 'network')
  // IDE and SATA cannot be unplugged.
  if (/^(?:scsi|virtio)\d+$/.test(name)) return hotplugs(vm, 'disk')
  return false
}

function canHotplug(cluster: Cluster, vm: Vm, name: string, value: string): boolean {
  if (immediate.has(name) || isCloudInitOption(name)) return true
  if (/^net\d+$/.test(name)) return hotplugs(vm, 'network')
  if (!isDriveName(name)) return false
  const old = vm.config.options[name]
  if (old !== undefined) {
    const before = parseDrive(cluster.schema, name, old)
    const after = parseDrive(cluster.schema, name, value)
    // Changing a medium always works; exchanging a disk does not.
    if (isCdrom(before) && isCdrom(after)) return true
    return before.file === after.file
  }
  return /^(?:scsi|virtio)\d+$/.test(name) && hotplugs(vm, 'disk')
}

function hotplugError(cluster: Cluster, vm: Vm, name: string, value: string): string | undefined {
  if (!/^net\d+$/.test(name)) return undefined
  const node = cluster.nodes.find((candidate) => candidate.name === vm.node)
  const [bridge = ''] = bridgesOf({ [name]: value })
  if (bridge === '' || node?.bridges.includes(bridge) !== false) return undefined
  return `VM ${vm.vmid} qmp command 'netdev_add' failed - network script /usr/libexec/qemu-server/pve-bridge-hotplug failed with status 512`
}

function hotplugs(vm: Vm, feature: string): boolean {
  const value = vm.config.options.hotplug ?? 'network,disk,usb'
  return value === '1' || splitList(value).includes(feature)
}

function applyDelete(cluster: Cluster, vm: Vm, name: string, force: boolean): void {
  const { config } = vm
  const value = config.options[name]
  if (value !== undefined && isDriveName(name)) detachDrive(cluster, vm, name, value, force)
  if (vm.running && isCloudInitOption(name) && value !== undefined) config.cloudInit[name] ??= value
  delete config.options[name]
  keep(config, name)
}

function applySet(cluster: Cluster, vm: Vm, name: string): void {
  const { config } = vm
  const value = config.pending[name]
  if (value === undefined) return
  const old = config.options[name]
  if (isDriveName(name) && old !== undefined) {
    const before = parseDrive(cluster.schema, name, old)
    const after = parseDrive(cluster.schema, name, value)
    if (before.file !== after.file) detachDrive(cluster, vm, name, old)
  }
  // A description without text leaves no lines in the file.
  if (name === 'description' && value === '') delete config.options[name]
  else config.options[name] = value
  delete config.pending[name]
  dropUnused(config.options, value)
}

/** A disk that is attached again is no longer unused. */
function dropUnused(options: Options, value: string): void {
  const file = value.split(',')[0]
  for (const [name, volume] of Object.entries(options)) {
    if (/^unused\d+$/.test(name) && volume === file) delete options[name]
  }
}

/** Remembers what the drive still says, until it is made anew. */
function recordCloudInitChange(vm: Vm, name: string, value: string): void {
  if (!isCloudInitOption(name)) return
  const { cloudInit, options } = vm.config
  const recorded = cloudInit[name]
  if (recorded === value) delete cloudInit[name]
  else if (recorded === undefined && options[name] !== value) cloudInit[name] = options[name] ?? ''
}
