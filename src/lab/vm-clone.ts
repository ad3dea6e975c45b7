import { randomUUID } from 'node:crypto'
import type { Cluster } from './cluster.ts'
import { type CopyTarget, copyDisks } from './disk-maker.ts'
import { isDriveName } from './drives.ts'
import { pause } from './latency.ts'
import { withNewMac } from './option-values.ts'
import type { TaskContext } from './tasks.ts'
import { emptyConfig, type Options } from './vm-config.ts'
import { creationMeta } from './vm-create.ts'
import type { Vm } from './vms.ts'

/** What a clone is like where it differs from its original. */
export interface CloneOptions {
  readonly name: string | undefined
  readonly description: string | undefined
  readonly target: CopyTarget
}

/** Makes a full copy of a VM under the new VM's id: disks, options, but identifiers of its own. */
export async function cloneVm(
  cluster: Cluster,
  original: Vm,
  clone: Vm,
  { name, description, target }: CloneOptions,
  task: TaskContext,
): Promise<void> {
  if (cluster.schema.major === 9) task.log(`creating a clone of VM ${original.vmid} with ID ${clone.vmid}`)
  await pause(cluster.latency.createMs, task.signal)
  const { options } = original.config
  const drives = Object.fromEntries(Object.entries(options).filter(([key]) => isDriveName(key)))
  const copies = await copyDisks(cluster, clone, drives, target, task)
  clone.config = emptyConfig({
    ...copiedOptions(options),
    ...copies.options,
    name: name ?? `Copy-of-VM-${options.name ?? original.vmid}`,
    ...(description === undefined ? {} : { description }),
    ...identifiers(options),
  })
  clone.save()
}

/** All but what belongs to the original: its unused disks, its lock, that it is a template. */
function copiedOptions(options: Options): Options {
  const copied: Options = {}
  for (const [name, value] of Object.entries(options)) {
    if (/^unused\d+$/.test(name) || ['lock', 'template', 'parent', 'snaptime'].includes(name)) continue
    copied[name] = /^net\d+$/.test(name) ? withNewMac(value) : value
  }
  return copied
}

function identifiers({ smbios1, vmgenid }: Options): Options {
  const rest = (smbios1 ?? '').split(',').filter((part) => part !== '' && !part.startsWith('uuid='))
  return {
    smbios1: [`uuid=${randomUUID()}`, ...rest].join(','),
    ...(vmgenid === undefined ? {} : { vmgenid: randomUUID() }),
    meta: creationMeta(),
  }
}
