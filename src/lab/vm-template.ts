import { renameSync } from 'node:fs'
import type { Cluster } from './cluster.ts'
import { drivesOf, isCdrom, printDrive } from './drives.ts'
import type { Vm } from './vms.ts'

/** Makes a VM a template: it cannot be started any more, its disks become base volumes. */
export function makeTemplate(cluster: Cluster, vm: Vm): void {
  const { options } = vm.config
  for (const [name, drive] of drivesOf(cluster.schema, options)) {
    if (isCdrom(drive) || !drive.file.includes(':')) continue
    const { storage, name: volume } = cluster.storages.split(vm.node, drive.file)
    const base = volume.replace(/(^|\/)vm-/, '$1base-')
    renameSync(storage.fileOf(volume), storage.fileOf(base))
    options[name] = printDrive({ ...drive, file: `${storage.id}:${base}` })
  }
  options.template = '1'
  vm.save()
}
