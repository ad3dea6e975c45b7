import type { Context, Inputs } from '../../core/step.ts'
import type { ProxmoxClient } from '../../proxmox/client.ts'
import type { VmSummary } from '../../proxmox/cluster.ts'
import { runTask } from '../../proxmox/tasks.ts'
import { parseDrive } from '../../proxmox/values/drive.ts'
import { parseSize } from '../../proxmox/values/size.ts'
import { enlargedDisks } from '../../proxmox/vm-options.ts'
import { type VmConfig, vmPath } from '../../proxmox/vms.ts'

/** A disk and the size that it is to have. */
export type Enlargement = ReturnType<typeof enlargedDisks>[number]

/** Imported disks that are smaller than wanted: an import takes the image's size, and a run may end before the rest. */
export function smallDisks(current: VmConfig, input: Inputs['vm.create']): Enlargement[] {
  return enlargedDisks(input).filter(({ key, size }) => {
    if (current[key] === undefined) return false
    const now = parseSize(parseDrive(String(current[key])).properties.get('size') ?? '')
    const wanted = parseSize(size)
    return now !== undefined && wanted !== undefined && now < wanted
  })
}

/** Gives disks their size. Never makes one smaller: Proxmox refuses that. */
export async function enlargeDisks(
  client: ProxmoxClient,
  context: Context,
  vm: VmSummary,
  disks: readonly Enlargement[],
): Promise<void> {
  for (const { key: disk, size } of disks) {
    context.emit({ type: 'phase', phase: `enlarging ${disk} of VM ${vm.vmid}` })
    await runTask(client, context, () =>
      client.put<string>(`${vmPath(vm)}/resize`, `enlarge ${disk} of VM ${vm.vmid}`, { disk, size }),
    )
  }
}
