import { NciError } from '../../core/errors.ts'
import { type Inputs, type Outputs, type Plan, step } from '../../core/step.ts'
import { connectProxmox } from '../../proxmox/client.ts'
import { readSettledCluster } from '../../proxmox/cluster.ts'
import { assertConsistent } from '../../proxmox/vm-consistency.ts'
import { readExistingVm } from '../../proxmox/vm-lookup.ts'
import { planCreation } from './creation.ts'
import { planUpdate } from './update.ts'

/** Creates the VM, or brings the settings of one that this tool created to the wanted values; never its disks. */
export const vmCreate = step('vm.create', async (input, context): Promise<Plan<Outputs['vm.create']>> => {
  assertFreeOptions(input)
  assertConsistent(input)
  const client = connectProxmox(input, context)
  const cluster = await readSettledCluster(client, context)
  const existing = await readExistingVm(client, cluster, input)
  return existing === undefined
    ? planCreation(client, cluster, input, context)
    : planUpdate(client, existing, input, context)
})

/** Options that this tool looks after itself: given raw, they would undo its work or be allocated at every run. */
const ownedOption =
  /^(vmid|name|node|description|tags|boot|smbios1|delete|revert|force|archive|digest|lock|template|skiplock|start|unique|pool|storage|cdrom|bwlimit|ha-managed|import-working-storage|live-restore|sshkeys|ci(user|password|type|custom|upgrade)|nameserver|searchdomain|((ide|sata|scsi|virtio|net|ipconfig|unused|efidisk|tpmstate)\d+))$/

/** @throws {NciError} `INPUT_INVALID` */
function assertFreeOptions({ options = {} }: Inputs['vm.create']): void {
  const owned = Object.keys(options).filter((key) => ownedOption.test(key))
  if (owned.length === 0) return
  const problems = owned.map(
    (key) => `\`/options/${key}\` is not for raw options, as it has properties of its own`,
  )
  throw new NciError('INPUT_INVALID', { problems: problems.join('; '), step: 'vm.create' })
}
