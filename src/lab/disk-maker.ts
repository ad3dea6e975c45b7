import { existsSync, statSync } from 'node:fs'
import { failed } from './api-error.ts'
import type { Cluster } from './cluster.ts'
import {
  cloudInitDriveName,
  type Drive,
  drivesOf,
  formatSize,
  isCdrom,
  isCloudInit,
  printDrive,
  volumeToMake,
} from './drives.ts'
import { pause } from './latency.ts'
import { qcow2Size } from './qcow2.ts'
import { formatting, readableSize } from './qemu-img.ts'
import { copySparsely } from './sparse-copy.ts'
import type { Storage } from './storage.ts'
import type { TaskContext } from './tasks.ts'
import type { Options } from './vm-config.ts'
import type { Vm } from './vms.ts'

const cloudInitBytes = 4 * 1024 ** 2

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
  return await allOrNothing(maker, drivesOf(cluster.schema, wanted), (name, drive) => maker.make(name, drive))
}

/** Where copies go and what they are like, if not as their originals. */
export interface CopyTarget {
  readonly storage: string | undefined
  readonly format: string | undefined
}

/** Copies the volumes of another VM's drives for this one, and rewrites the options; CD-ROMs are shared. */
export async function copyDisks(
  cluster: Cluster,
  vm: Vm,
  drives: Options,
  target: CopyTarget,
  task: TaskContext,
): Promise<CreatedDisks> {
  const maker = new DiskMaker(cluster, vm, drives, task)
  return await allOrNothing(maker, drivesOf(cluster.schema, drives), (name, drive) =>
    maker.copy(name, drive, target),
  )
}

async function allOrNothing(
  maker: DiskMaker,
  drives: readonly (readonly [string, Drive])[],
  make: (name: string, drive: Drive) => Promise<string>,
): Promise<CreatedDisks> {
  try {
    const options: Options = {}
    for (const [name, drive] of drives) options[name] = await make(name, drive)
    return { options, volumes: maker.volumes }
  } catch (error) {
    for (const { storage, name } of maker.volumes) storage.remove(name)
    throw error
  }
}

interface FileCopy {
  readonly from: string
  readonly shownFrom: string
  readonly storage: Storage
  readonly format: string
  readonly isVolume: boolean
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
    const made = volumeToMake(drive.file)
    if (made !== undefined) return this.#empty(name, drive, made.storage, made.gibibytes)
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
    const { format = 'raw', 'import-from': _, size: __, ...kept } = drive
    const isVolume = !source.startsWith('/')
    if (isVolume) this.#task.log(`create full clone of drive (${source})`)
    const copy = { from, shownFrom: this.#shownSource(source), storage, format, isVolume }
    const { file, bytes } = await this.#copyFile(copy, `cannot import from '${source}'`)
    const made = printDrive({ ...kept, file, size: formatSize(bytes) })
    this.#task.log(`${name}: successfully created disk '${made}'`)
    return made
  }

  async copy(name: string, drive: Drive, target: CopyTarget): Promise<string> {
    if (isCdrom(drive) && !isCloudInit(drive)) return printDrive(drive)
    const { storages } = this.#cluster
    const original = storages.split(this.#vm.node, drive.file)
    const storage =
      target.storage === undefined ? original.storage : storages.get(this.#vm.node, target.storage)
    this.#task.log(`create full clone of drive ${name} (${drive.file})`)
    if (isCloudInit(drive)) {
      const file = this.#allocate(storage, target.format ?? 'qcow2', cloudInitBytes, 'cloudinit')
      return printDrive({ ...drive, file })
    }
    const volume = storages.find(this.#vm.node, drive.file)
    if (volume === undefined) throw failed(`clone failed: volume '${drive.file}' does not exist`)
    const shownFrom = original.storage.shownFile(original.name)
    const format = target.format ?? volume.format
    const copy = { from: volume.file, shownFrom, storage, format, isVolume: true }
    const { file, bytes } = await this.#copyFile(copy, 'clone failed')
    return printDrive({ ...drive, file, size: formatSize(bytes) })
  }

  async #copyFile(copy: FileCopy, failure: string): Promise<{ file: string; bytes: number }> {
    const { from, shownFrom, storage, format, isVolume } = copy
    const virtual = qcow2Size(from)
    if (virtual !== undefined && !(storage.isDirectory && format === 'qcow2'))
      throw failed(`${failure} - the lab copies images in the format qcow2 to volumes in that format only`)
    const bytes = virtual ?? statSync(from).size
    const file = this.#allocate(storage, format, bytes, 'disk')
    if (isVolume && this.#cluster.schema.major === 9) this.#task.log(`allocated target volume '${file}'`)
    const name = file.slice(storage.id.length + 1)
    const command = `/usr/bin/qemu-img convert -p -n -f raw -O ${format} ${shownFrom} zeroinit:${storage.shownFile(name)}`
    const copyFailed = (how: string) =>
      failed(`${failure} - copy failed: command '${command}' failed: ${how}`)
    if (bytes > storage.available) {
      this.#task.log('qemu-img: error while writing at byte 0: No space left on device')
      throw copyFailed('exit code 1')
    }
    try {
      await copySparsely(from, storage.fileOf(name), this.#task.signal)
      await pause(this.#cluster.latency.copyMs, this.#task.signal)
    } catch (error) {
      throw this.#task.signal.aborted ? copyFailed('received interrupt') : error
    }
    this.#logTransfer(bytes)
    return { file, bytes }
  }

  #shownSource(source: string): string {
    if (source.startsWith('/')) return source
    const { storage, name } = this.#cluster.storages.split(this.#vm.node, source)
    return storage.shownFile(name)
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
