import type { Context, Inputs } from '../../core/step.ts'
import type { ProxmoxClient } from '../../proxmox/client.ts'
import type { VmSummary } from '../../proxmox/cluster.ts'
import { foundNoRoom, ranFull } from '../../proxmox/storage-full.ts'
import { runTask } from '../../proxmox/tasks.ts'
import { parseDrive } from '../../proxmox/values/drive.ts'
import { parseSize } from '../../proxmox/values/size.ts'
import { type Enlargement, enlargedDisks } from '../../proxmox/vm-options.ts'
import { type VmConfig, vmPath } from '../../proxmox/vms.ts'

/** Imported disks that are smaller than wanted: an import takes the image's size, and a run may end before the rest. */
export function smallDisks(current: VmConfig, input: Inputs['vm.create']): Enlargement[] {
  return enlargedDisks(input).flatMap((disk) => {
    if (current[disk.key] === undefined) return []
    const { volume, properties } = parseDrive(String(current[disk.key]))
    const [storage = disk.storage] = volume.split(':')
    const now = parseSize(properties.get('size') ?? '')
    const wanted = parseSize(disk.size)
    if (now === undefined || wanted === undefined || now >= wanted) return []
    // It may have been moved since.
    return [{ ...disk, storage }]
  })
}

/**
 * Gives disks their size. Never makes one smaller: Proxmox refuses that.
 *
 * @throws {NciError} `PVE_STORAGE_FULL`
 */
export async function enlargeDisks(
  client: ProxmoxClient,
  context: Context,
  vm: VmSummary,
  disks: readonly Enlargement[],
): Promise<void> {
  for (const { key: disk, size, storage, property } of disks) {
    context.emit({ type: 'phase', phase: `enlarging ${disk} of VM ${vm.vmid}` })
    await runTask(client, context, () =>
      client.put<string>(`${vmPath(vm)}/resize`, `enlarge ${disk} of VM ${vm.vmid}`, { disk, size }),
    ).catch((error: unknown) => {
      throw foundNoRoom(error) ? ranFull({ storage, node: vm.node, property }, error) : error
    })
  }
}
