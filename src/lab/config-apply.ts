import { isCloudInitOption } from './cloud-init/options.ts'
import type { Cluster } from './cluster.ts'
import { detachDrive } from './disks.ts'
import { isCloudInit, isDriveName, parseDrive } from './drives.ts'
import type { TaskContext } from './tasks.ts'
import { keep, type Options } from './vm-config.ts'
import type { Vm } from './vms.ts'

/** Takes over everything that is pending: what a stopped VM does. */
export function applyPending(cluster: Cluster, vm: Vm, task?: TaskContext): void {
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
}

/** Takes an option away; a disk stays as unused one unless forced. */
export function applyDelete(cluster: Cluster, vm: Vm, name: string, force: boolean): void {
  const { config } = vm
  const value = config.options[name]
  if (value !== undefined && isDriveName(name)) detachDrive(cluster, vm, name, value, force)
  if (vm.running && isCloudInitOption(name) && value !== undefined) config.cloudInit[name] ??= value
  delete config.options[name]
  keep(config, name)
}

/** Takes over the pending value of an option. */
export function applySet(cluster: Cluster, vm: Vm, name: string): void {
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
