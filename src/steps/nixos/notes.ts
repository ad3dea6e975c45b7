/** What the VM's description says of its installation, so that any controller can carry on. */
import type { Context, Inputs } from '../../core/step.ts'
import { updateNote } from '../../proxmox/note-store.ts'
import type { Target } from '../ssh/wait.ts'

/** Whose disks are formatted, and what for. */
interface Begun {
  /** By `diskNames` of the guard. */
  readonly disks: readonly string[]
  /** Public host key that the new system will have, where it is known. */
  readonly hostKey: string | undefined
}

/**
 * From here on the disks are formatted. The note says so: what a later run then finds on them is ours, and it may begin
 * anew.
 */
export function noteStart(
  { client, summary }: Target,
  context: Context,
  { disks, hostKey }: Begun,
): Promise<void> {
  return updateNote(client, context, summary, ({ created, uuid }) => ({
    created,
    uuid,
    disks,
    ...(hostKey === undefined ? {} : { host_key: hostKey }),
  }))
}

/** What is installed now. */
export interface Finished {
  readonly system: string | undefined
  readonly hostKey: string | undefined
  readonly flake: Inputs['nixos.install']['flake']
  /** The machine stays in the installer, reboots into the system, or was seen to run it. */
  readonly state: 'in the installer' | 'rebooting' | 'proved'
}

export function noteEnd(
  { client, summary }: Target,
  context: Context,
  { system, hostKey, flake, state }: Finished,
): Promise<void> {
  const at = new Date().toISOString()
  const installed = {
    at,
    ...(state === 'proved' ? { proved: at } : {}),
    ...(state === 'in the installer' ? {} : { rebooted: true }),
    ...(system === undefined ? {} : { system }),
    ...(flake === undefined ? {} : { flake }),
    ...(hostKey === undefined ? {} : { host_key: hostKey }),
  }
  return updateNote(client, context, summary, ({ created, uuid }) => ({ created, uuid, installed }))
}
