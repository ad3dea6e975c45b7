import type { Inputs } from '../core/step.ts'
import { deviations, parseDrive } from './values/drive.ts'
import { driveOptions } from './vm-options.ts'
import type { VmConfig } from './vms.ts'

/**
 * In what the disks of a VM that is there differ from those that are asked for, in words. They are never changed: it is
 * for people to know.
 */
export function diskDifferences(current: VmConfig, spec: Inputs['vm.create']): string[] {
  return Object.entries(driveOptions(spec)).flatMap(([key, wanted]): string[] => {
    const asked = parseDrive(String(wanted))
    const isDisk =
      /^((scsi|virtio|sata)\d+|efidisk0|tpmstate0)$/.test(key) && asked.properties.get('media') !== 'cdrom'
    if (wanted === undefined || !isDisk || asked.volume.endsWith(':cloudinit')) return []
    if (!Object.hasOwn(current, key)) return [`${key} is not there`]
    const names = deviations(key, parseDrive(String(current[key])), asked)
    return names.length === 0 ? [] : [`${key} has another ${names.join(', ')}`]
  })
}
