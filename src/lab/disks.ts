import { copyFileSync, existsSync, statSync } from 'node:fs'
import { failed, parameterErrors } from './api-error.ts'
import type { Identity } from './authentication.ts'
import type { Cluster } from './cluster.ts'
import {
  cloudInitDriveName,
  type Drive,
  drivesOf,
  formatSize,
  isCdrom,
  isCloudInit,
  isIsoVolume,
  parseDrive,
  parseSize,
  printDrive,
} from './drives.ts'
import { pause } from './latency.ts'
import { requirePrivileges } from './permissions.ts'
import type { Storage } from './storage.ts'
import type { TaskContext } from './tasks.ts'
import type { Options } from './vm-config.ts'
import type { Vm } from './vms.ts'

const newVolume = /^([^/:\s]+):(\d+(?:\.\d+)?)$/
const cloudInitBytes = 4 * 1024 ** 2

/** Checks before any work begins: storages exist, allow images, and the caller may use them. */
export function checkDrives(cluster: Cluster, identity: Identity, node: string, options: Options): void {
  for (const [name, drive] of drivesOf(cluster.schema, options)) {
    if (drive.file === 'none' || drive.file === 'cdrom' || drive.file.startsWith('/')) continue
    const { storage, name: volume } = cluster.storages.split(node, drive.file)
    if (volume === 'cloudinit') continue
    if (newVolume.test(drive.file)) {
      requirePrivileges(cluster.access, identity, `/storage/${storage.id}`, ['Datastore.AllocateSpace'])
      if (!storage.supports('images')) {
        throw parameterErrors({ storage: `storage '${storage.id}' does not support vm images` })
      }
      continue
    }
    storage.fileOf(volume)
    checkVolumeAccess(cluster, identity, storage)
    if (isIsoVolume(drive.file) && drive.media !== 'cdrom') {
      throw parameterErrors({ [name]: "explicit 'media=cdrom' is required for iso images" })
    }
  }
}

/** What a new volume was made for; so that a failed create can take it back. */
export interface CreatedDisks {
  readonly options: Options
  readonly volumes: readonly { readonly storage: Storage; readonly name: string }[]
}

/** Makes the volumes that drive options ask for, and rewrites the options. Takes its work back if it fails. */
export async function createDisks(
  cluster: Cluster,
  vm: Vm,
  wanted: Options,
  task: TaskContext,
): Promise<CreatedDisks> {
  const maker = new DiskMaker(cluster, vm, wanted, task)
  try {
    const options: Options = {}
    for (const [name, drive] of drivesOf(cluster.schema, wanted))
      options[name] = await maker.make(name, drive)
    return { options, volumes: maker.volumes }
  } catch (error) {
    for (const { storage, name } of maker.volumes) storage.remove(name)
    throw error
  }
}

class DiskMaker {
  readonly volumes: { storage: Storage; name: string }[] = []
  readonly #cluster: Cluster
  readonly #vm: Vm
  readonly #wanted: Options
  readonly #task: TaskContext

  constructor(cluster: Cluster, vm: Vm, wanted: Options, task: TaskContext) {
    this.#cluster = cluster
    this.#vm = vm
    this.#wanted = wanted
    this.#task = task
  }

  async make(name: string, drive: Drive): Promise<string> {
    if (drive.file === 'none' || drive.file === 'cdrom') return printDrive(drive)
    if (/:cloudinit$/.test(drive.file)) return this.#cloudInit(name, drive)
    if (drive['import-from'] !== undefined) return await this.#import(name, drive, drive['import-from'])
    const [, storage, size] = newVolume.exec(drive.file) ?? []
    if (storage !== undefined && size !== undefined) return this.#empty(name, drive, storage, Number(size))
    return this.#existing(drive)
  }

  #existing(drive: Drive): string {
    if (drive.file.startsWith('/')) return printDrive(drive)
    const volume = this.#cluster.storages.find(this.#vm.node, drive.file)
    if (volume === undefined) throw failed(`volume '${drive.file}' does not exist`)
    if (isCloudInit(drive)) return printDrive({ ...drive, media: 'cdrom' })
    return printDrive({ ...drive, size: formatSize(volume.size) })
  }

  #cloudInit(name: string, drive: Drive): string {
    const present = cloudInitDriveName(this.#cluster.schema, this.#vm.config.options)
    if (present !== undefined && present !== name) {
      throw failed(`${name} - cloud-init drive is already attached at '${present}'`)
    }
    const { storage } = this.#cluster.storages.split(this.#vm.node, drive.file)
    const file = this.#allocate(storage, drive.format ?? 'qcow2', cloudInitBytes, 'cloudinit')
    const made = printDrive({ file, media: 'cdrom' })
    this.#task.log(`${name}: successfully created disk '${made}'`)
    return made
  }

  #empty(name: string, drive: Drive, storageId: string, gibibytes: number): string {
    const storage = this.#cluster.storages.get(this.#vm.node, storageId)
    // Proxmox counts in whole KiB, rounded up.
    let bytes = Math.ceil(gibibytes * 1024 * 1024) * 1024
    if (name === 'efidisk0') bytes = this.#firmwareBytes(drive)
    if (name === 'tpmstate0') bytes = 4 * 1024 ** 2
    const { format = 'raw', size: _, ...kept } = drive
    const file = this.#allocate(storage, format, bytes, 'disk')
    if (name === 'efidisk0') this.#logTransfer(bytes)
    const made = printDrive({ ...kept, file, size: formatSize(bytes) })
    this.#task.log(`${name}: successfully created disk '${made}'`)
    return made
  }

  async #import(name: string, drive: Drive, source: string): Promise<string> {
    const from = this.#sourceFile(source)
    const { storage } = this.#cluster.storages.split(this.#vm.node, drive.file)
    const bytes = statSync(from).size
    const { format = 'raw', 'import-from': _, size: __, ...kept } = drive
    if (!source.startsWith('/')) this.#task.log(`create full clone of drive (${source})`)
    const file = this.#allocate(storage, format, bytes, 'disk')
    if (!source.startsWith('/')) this.#task.log(`allocated target volume '${file}'`)
    if (bytes > storage.available) {
      const shown = storage.shownFile(file.slice(storage.id.length + 1))
      throw failed(
        `cannot import from '${source}' - copy failed: command '/usr/bin/qemu-img convert -p -n -f raw -O ${format} ${source} zeroinit:${shown}' failed: exit code 1`,
      )
    }
    copyFileSync(from, storage.fileOf(file.slice(storage.id.length + 1)))
    await pause(this.#cluster.latency.copyMs, this.#task.signal)
    this.#logTransfer(bytes)
    const made = printDrive({ ...kept, file, size: formatSize(bytes) })
    this.#task.log(`${name}: successfully created disk '${made}'`)
    return made
  }

  #sourceFile(source: string): string {
    const { storages } = this.#cluster
    if (source.startsWith('/')) {
      const local = storages.on(this.#vm.node).find((storage) => source.startsWith(`${storage.shownPath}/`))
      const file = local === undefined ? source : local.folder + source.slice(local.shownPath.length)
      if (local === undefined || !existsSync(file)) throw failed(`failed to stat '${source}'`)
      return file
    }
    const { storage, name } = storages.split(this.#vm.node, source)
    const file = storage.fileOf(name)
    if (!existsSync(file)) throw failed(`failed to stat '${storage.shownFile(name)}'`)
    return file
  }

  #allocate(storage: Storage, format: string, bytes: number, kind: string): string {
    storage.requireEnabled()
    const name = storage.allocate(this.#vm.vmid, format, bytes, kind)
    this.volumes.push({ storage, name })
    const shown = storage.shownFile(name)
    if (storage.isDirectory) this.#task.log(`Formatting '${shown}', ${formatting(format, bytes)}`)
    else this.#task.log(`  Logical volume "${name}" created.`)
    // A sparse raw file fits anywhere; the others begin with a header.
    if (format === 'qcow2' && storage.available === 0) {
      throw failed(
        `unable to create image: qemu-img: ${shown}: Could not write qcow2 header: No space left on device`,
      )
    }
    return `${storage.id}:${name}`
  }

  #firmwareBytes(drive: Drive): number {
    const arm = (this.#wanted.arch ?? this.#vm.config.options.arch) === 'aarch64'
    if (arm) return 64 * 1024 ** 2
    return drive.efitype === '4m' ? 528 * 1024 : 128 * 1024
  }

  #logTransfer(bytes: number): void {
    const total = readableSize(bytes)
    this.#task.log(`transferred 0.0 B of ${total} (0.00%)`)
    this.#task.log(`transferred ${total} of ${total} (100.00%)`)
    this.#task.log(`transferred ${total} of ${total} (100.00%)`)
  }
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

function formatting(format: string, bytes: number): string {
  if (format === 'qcow2') {
    return `fmt=qcow2 cluster_size=65536 extended_l2=off preallocation=metadata compression_type=zlib size=${bytes} lazy_refcounts=off refcount_bits=16`
  }
  if (format === 'vmdk') return `fmt=vmdk size=${bytes} compat6=off hwversion=undefined`
  return `fmt=${format} size=${bytes} preallocation=off`
}

function readableSize(bytes: number): string {
  let value = bytes
  for (const unit of ['B', 'KiB', 'MiB', 'GiB']) {
    if (value < 1024 || unit === 'GiB') return `${value.toFixed(1)} ${unit}`
    value /= 1024
  }
  return `${value.toFixed(1)} TiB`
}
