import { parameterErrors } from './api-error.ts'
import type { Identity } from './authentication.ts'
import type { Cluster } from './cluster.ts'
import {
  drivesOf,
  isCdrom,
  isCloudInit,
  isIsoVolume,
  parseDrive,
  parseSize,
  printDrive,
  volumeToMake,
} from './drives.ts'
import { requirePrivileges } from './permissions.ts'
import type { Storage } from './storage.ts'
import type { Options } from './vm-config.ts'
import type { Vm } from './vms.ts'

/** Checks before any work begins: storages exist, allow images, and the caller may use them. */
export function checkDrives(cluster: Cluster, identity: Identity, node: string, options: Options): void {
  for (const [name, drive] of drivesOf(cluster.schema, options)) {
    if (drive.file === 'none' || drive.file === 'cdrom' || drive.file.startsWith('/')) continue
    const { storage, name: volume } = cluster.storages.split(node, drive.file)
    if (volume === 'cloudinit') continue
    if (volumeToMake(drive.file) !== undefined) {
      requirePrivileges(cluster.access, identity, `/storage/${storage.id}`, ['Datastore.AllocateSpace'])
      if (!storage.supports('images')) {
        throw parameterErrors({ storage: `storage '${storage.id}' does not support vm images` })
      }
      if (drive['import-from'] !== undefined) checkImport(cluster, identity, node, name, drive['import-from'])
      continue
    }
    storage.fileOf(volume)
    checkVolumeAccess(cluster, identity, storage)
    if (isIsoVolume(drive.file) && drive.media !== 'cdrom') {
      throw parameterErrors({ [name]: "explicit 'media=cdrom' is required for iso images" })
    }
  }
}

/** A disk is filled from images alone, and from those only that the caller may read. */
function checkImport(cluster: Cluster, identity: Identity, node: string, key: string, source: string): void {
  if (source.startsWith('/')) return
  const { storage, name } = cluster.storages.split(node, source)
  const kind = /^(iso|vztmpl|snippets)\//.exec(name)?.[1]
  if (kind !== undefined) {
    const complaint = `${source} has wrong type '${kind}' - needs to be 'images' or 'import'`
    throw parameterErrors({ [key]: complaint })
  }
  checkVolumeAccess(cluster, identity, storage)
}

/** Replaces absolute paths of drives by the ids of the volumes that lie there; throws where no storage has them. */
export function withVolumeIds(cluster: Cluster, node: string, options: Options): Options {
  const replaced = { ...options }
  for (const [name, drive] of drivesOf(cluster.schema, options)) {
    // The drives of the host itself can be given to a VM.
    if (!drive.file.startsWith('/') || drive.file.startsWith('/dev/')) continue
    const file = volumeIdOf(cluster, node, drive.file)
    if (file === undefined) {
      throw parameterErrors({ [name]: `unable to associate path '${drive.file}' to any storage` })
    }
    replaced[name] = printDrive({ ...drive, file, ...(isIsoVolume(file) ? { media: 'cdrom' } : {}) })
  }
  return replaced
}

function volumeIdOf(cluster: Cluster, node: string, file: string): string | undefined {
  for (const storage of cluster.storages.on(node)) {
    if (!storage.isDirectory || !file.startsWith(`${storage.shownPath}/`)) continue
    const name = file.slice(storage.shownPath.length + 1).replace(/^(?:template|images)\//, '')
    if (/^[^/]+\/[^/]+$/.test(name)) return `${storage.id}:${name}`
  }
  return undefined
}

/** Removes the volume of a drive that belongs to the VM; ISOs and other VMs' disks stay. */
export function removeOwnVolume(cluster: Cluster, vm: Vm, file: string): void {
  if (!file.includes(':') || file.startsWith('/')) return
  const { storage, name } = cluster.storages.split(vm.node, file)
  if (storage.find(name)?.vmid === vm.vmid) storage.remove(name)
}

/** Takes a drive out of the configuration: its own disk becomes `unusedN`, a cloud-init volume goes. */
export function detachDrive(cluster: Cluster, vm: Vm, name: string, value: string, force = false): void {
  const drive = parseDrive(cluster.schema, name, value)
  if (isCloudInit(drive)) removeOwnVolume(cluster, vm, drive.file)
  else if (!isCdrom(drive)) {
    if (force) removeOwnVolume(cluster, vm, drive.file)
    else registerUnused(cluster, vm, name, drive.file)
  }
}

function registerUnused(cluster: Cluster, vm: Vm, name: string, file: string): void {
  const { options } = vm.config
  if (cluster.storages.find(vm.node, file)?.vmid !== vm.vmid) return
  const inUse = Object.entries(options).some(([key, value]) => key !== name && value.split(',')[0] === file)
  if (inUse) return
  for (let number = 0; number < 256; number++) {
    if (options[`unused${number}`] !== undefined) continue
    options[`unused${number}`] = file
    return
  }
}

/** A disk's new size, from `20G` or `+1G`. */
export function resizedBytes(current: number, size: string): number | undefined {
  const bytes = parseSize(size.replace(/^\+/, ''))
  if (bytes === undefined) return undefined
  return size.startsWith('+') ? current + bytes : bytes
}

function checkVolumeAccess(cluster: Cluster, identity: Identity, storage: Storage): void {
  const wanted = ['Datastore.AllocateSpace', 'Datastore.Audit']
  requirePrivileges(cluster.access, identity, `/storage/${storage.id}`, wanted, true)
}
