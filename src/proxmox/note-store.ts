import type { ProxmoxClient } from './client.ts'
import type { VmSummary } from './cluster.ts'
import { type Note, readNote, writeNote } from './ownership.ts'
import { readVm, vmPath } from './vms.ts'

/** Changes the note in a VM's description; leaves a VM without one as it is. */
export async function updateNote(
  client: ProxmoxClient,
  vm: VmSummary,
  change: (note: Note) => Note,
): Promise<void> {
  const { current } = await readVm(client, vm)
  const note = readNote(current)
  if (note === undefined) return
  const description = writeNote(String(current.description ?? ''), change(note))
  await client.put(`${vmPath(vm)}/config`, `note the state of VM ${vm.vmid}`, { description })
}
