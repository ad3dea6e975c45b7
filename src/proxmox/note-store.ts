import { isNciError } from '../core/errors.ts'
import type { Context } from '../core/step.ts'
import type { ProxmoxClient } from './client.ts'
import type { VmSummary } from './cluster.ts'
import { type Note, readNote, writeNote } from './ownership.ts'
import { forget } from './vm-memory.ts'
import { readVm, vmPath } from './vms.ts'

const attempts = 3

/**
 * Changes the note in a VM's description; leaves a VM without one as it is. Somebody who edits the description at the
 * same moment loses nothing: Proxmox refuses a change of what was not read.
 */
export async function updateNote(
  client: ProxmoxClient,
  context: Context,
  vm: VmSummary,
  change: (note: Note) => Note,
): Promise<void> {
  forget(context, vm)
  for (let attempt = 1; ; attempt++) {
    const { current } = await readVm(client, vm)
    const note = readNote(current)
    if (note === undefined) return
    const description = writeNote(String(current.description ?? ''), change(note))
    const digest = current.digest === undefined ? {} : { digest: current.digest }
    try {
      await client.put(`${vmPath(vm)}/config`, `note the state of VM ${vm.vmid}`, { description, ...digest })
      return
    } catch (error) {
      if (!isNciError(error, 'PVE_VM_CHANGED') || attempt >= attempts) throw error
    }
  }
}
