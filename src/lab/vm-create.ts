import { randomUUID } from 'node:crypto'
import { ApiError, failed, messageOf } from './api-error.ts'
import type { Cluster } from './cluster.ts'
import { createDisks } from './disk-maker.ts'
import { defaultBootOrder, isDriveName } from './drives.ts'
import { pause } from './latency.ts'
import { checkBalloon, rewriteOptions } from './option-values.ts'
import type { TaskContext } from './tasks.ts'
import { emptyConfig, type Options } from './vm-config.ts'
import type { Vm } from './vms.ts'

/** QEMU's version, as `meta` tells it. */
const qemuVersion = '10.1.2'

/** Makes the disks and the configuration of a VM that is locked for its creation; removes it if that fails. */
export async function createVm(cluster: Cluster, vm: Vm, given: Options, task: TaskContext): Promise<void> {
  try {
    checkBalloon(given)
    await pause(cluster.latency.createMs, task.signal)
    const rewritten = rewriteOptions(cluster, given, {}, true)
    const { options: disks, volumes } = await createDisks(cluster, vm, rewritten, task)
    try {
      task.signal.throwIfAborted()
      vm.config = emptyConfig(completeOptions(cluster, { ...rewritten, ...disks }))
      vm.save()
    } catch (error) {
      for (const { storage, name } of volumes) storage.remove(name)
      throw error
    }
  } catch (error) {
    cluster.vms.remove(vm)
    const interrupted = task.signal.aborted && !(error instanceof ApiError)
    throw failed(`unable to create VM ${vm.vmid} - ${interrupted ? 'received interrupt' : messageOf(error)}`)
  }
}

/** Adds what every VM has: a boot order, identifiers, and when it was made. */
function completeOptions(cluster: Cluster, options: Options): Options {
  const { vmgenid } = options
  // Only PCs have a device that tells the system that it was copied.
  const needsGeneration = (vmgenid === undefined || vmgenid === '1') && options.arch !== 'aarch64'
  return {
    ...options,
    boot: options.boot ?? defaultBootOrder(cluster.schema, options),
    smbios1: withUuid(options.smbios1),
    ...(needsGeneration ? { vmgenid: randomUUID() } : {}),
    meta: creationMeta(),
  }
}

/** When and with which QEMU a VM was made. */
export function creationMeta(): string {
  return `creation-qemu=${qemuVersion},ctime=${Math.floor(Date.now() / 1000)}`
}

function withUuid(smbios: string | undefined): string {
  if (smbios === undefined) return `uuid=${randomUUID()}`
  return smbios.includes('uuid=') ? smbios : `${smbios},uuid=${randomUUID()}`
}

/** Removes a VM with the disks that belong to it. */
export function destroyVm(cluster: Cluster, vm: Vm, unreferencedToo: boolean): void {
  const referenced = new Set<string>()
  for (const options of [vm.config.options, vm.config.pending]) {
    for (const [name, value] of Object.entries(options)) {
      if (isDriveName(name) || /^unused\d+$/.test(name)) referenced.add(value.split(',')[0] ?? '')
    }
  }
  for (const storage of cluster.storages.on(vm.node)) {
    for (const volume of storage.volumes()) {
      if (volume.vmid !== vm.vmid || volume.content !== 'images') continue
      if (unreferencedToo || referenced.has(volume.volid))
        storage.remove(volume.volid.slice(storage.id.length + 1))
    }
  }
  cluster.vms.remove(vm)
}
