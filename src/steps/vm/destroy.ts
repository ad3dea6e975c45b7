import { NciError } from '../../core/errors.ts'
import { type Outputs, type Plan, step } from '../../core/step.ts'
import { connectProxmox } from '../../proxmox/client.ts'
import { lookUpVm, readCluster } from '../../proxmox/cluster.ts'
import { drivesOf } from '../../proxmox/drives.ts'
import { assertOurs } from '../../proxmox/ownership.ts'
import { isOn } from '../../proxmox/property-string.ts'
import { runTask } from '../../proxmox/tasks.ts'
import { assertUnlocked, readStatus, readVm, setPower, vmPath } from '../../proxmox/vms.ts'

/** Destroys a VM that this tool created, with its disks; any other one only with `force`. */
export const vmDestroy = step('vm.destroy', async (input, context): Promise<Plan<Outputs['vm.destroy']>> => {
  const client = connectProxmox(input, context)
  const vm = lookUpVm(await readCluster(client), input)
  if (vm === undefined) {
    const named = input.name === undefined ? {} : { name: input.name }
    const numbered = input.vmid === undefined ? {} : { vmid: input.vmid }
    return { changed: false, output: { existed: false, volumes: [], ...numbered, ...named } }
  }
  const [{ current }, { status }] = await Promise.all([readVm(client, vm), readStatus(client, vm)])
  if (!input.force) assertOurs(vm, current, 'Set `force: true` to destroy it all the same.')
  if (isOn(current.protection)) throw new NciError('PVE_VM_PROTECTED', { vmid: vm.vmid })
  if (status === 'running' && !input.stop) throw new NciError('PVE_VM_RUNNING', { vmid: vm.vmid })
  assertUnlocked(vm, current)
  const volumes = [
    ...drivesOf(current)
      .filter(({ kind }) => kind !== 'cdrom')
      .map(({ volume }) => volume),
    ...Object.entries(current).flatMap(([key, value]) =>
      /^(unused\d+|efidisk0|tpmstate0)$/.test(key) ? [String(value).split(',')[0] ?? ''] : [],
    ),
  ]
  const output = { vmid: vm.vmid, node: vm.node, name: vm.name, existed: true, volumes }
  return {
    changed: true,
    diff: [
      { what: 'vm', before: `${vm.vmid} (${vm.name})` },
      ...volumes.map((volume) => ({ what: 'volume', before: volume })),
    ],
    expected: output,
    async apply() {
      if (status === 'running') {
        context.emit({ type: 'phase', phase: `stopping VM ${vm.vmid}` })
        await setPower(client, context, vm, 'stop')
      }
      context.emit({ type: 'phase', phase: `destroying VM ${vm.vmid}` })
      await runTask(client, context, () =>
        // Volumes that the configuration does not name are somebody's decision, or another cluster's.
        client.delete<string>(vmPath(vm), `destroy the VM ${vm.vmid}`, { purge: true }),
      )
      return output
    },
  }
})
