import { NciError } from '../../core/errors.ts'
import { step } from '../../core/step.ts'
import { connectProxmox } from '../../proxmox/client.ts'
import { findVm } from '../../proxmox/vm-lookup.ts'
import { setPower } from '../../proxmox/vms.ts'

/** Starts the VM, where it does not run. */
export const vmStart = step('vm.start', async (input, context) => {
  const client = connectProxmox(input, context)
  const { vm, status, lock } = await findVm(client, context, input)
  const output = { vmid: vm.vmid, node: vm.node, name: vm.name, status: 'running' } as const
  if (status === 'running') return { changed: false, output }
  if (lock !== undefined) throw new NciError('PVE_VM_LOCKED', { vmid: vm.vmid, lock })
  return {
    changed: true,
    diff: [{ what: 'status', before: status, after: 'running' }],
    expected: output,
    async apply() {
      context.emit({ type: 'phase', phase: `starting VM ${vm.vmid}` })
      await setPower(client, context, vm, 'start')
      return output
    },
  }
})
