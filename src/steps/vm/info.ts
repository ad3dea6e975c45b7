import { step } from '../../core/step.ts'
import { agentAddresses } from '../../proxmox/agent.ts'
import { connectProxmox } from '../../proxmox/client.ts'
import { drivesOf } from '../../proxmox/drives.ts'
import { isOurs, readNote } from '../../proxmox/ownership.ts'
import { findVm } from '../../proxmox/vm-lookup.ts'
import { readVm, uuidOf } from '../../proxmox/vms.ts'

/** What is known of a VM. Reads only. */
export const vmInfo = step('vm.info', async (input, context) => {
  const client = connectProxmox(input, context)
  const { vm, status, lock } = await findVm(client, context, input)
  const { current, pending } = await readVm(client, vm)
  const addresses = status === 'running' ? await agentAddresses(client, vm) : undefined
  const drives = drivesOf(current)
  const iso = drives.find(({ kind, volume }) => kind === 'cdrom' && volume !== 'none')?.volume
  const cloudInit = drives.find(({ kind }) => kind === 'cloud-init')?.volume
  const uuid = uuidOf(current)
  // Which boot of the installer it was is of use to the installation alone.
  const { boot: _, ...installed } = readNote(current)?.installed ?? {}
  const { cipassword, ...config } = current
  return {
    changed: false,
    output: {
      vmid: vm.vmid,
      node: vm.node,
      name: vm.name,
      status,
      owned: isOurs(current),
      addresses: addresses ?? [],
      agent: addresses !== undefined,
      config: cipassword === undefined ? config : { ...config, cipassword: '********' },
      pending: [...pending],
      ...(uuid === undefined ? {} : { uuid }),
      ...(lock === undefined ? {} : { lock }),
      ...('at' in installed ? { installed } : {}),
      ...(iso === undefined ? {} : { iso }),
      ...(cloudInit === undefined ? {} : { cloud_init_drive: cloudInit }),
    },
  }
})
