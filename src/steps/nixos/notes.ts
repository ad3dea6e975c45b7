/** What the VM's description says of its installation, so that any controller can carry on. */
import { NciError } from '../../core/errors.ts'
import type { Context, Inputs } from '../../core/step.ts'
import { updateNote } from '../../proxmox/note-store.ts'
import { isOurs, type Note, readNote } from '../../proxmox/ownership.ts'
import { readVm } from '../../proxmox/vms.ts'
import type { Target } from '../ssh/wait.ts'

/** Whose disks are formatted, and what for. */
interface Begun {
  /** By `diskNames` of the guard. */
  readonly disks: readonly string[]
  /** Public host key that the new system will have, where it is known. */
  readonly hostKey: string | undefined
  /** Store path of the new system, where it is known. */
  readonly system: string | undefined
  /** Boot of the installer: in another one somebody else may have used the disks in between. */
  readonly boot: string
}

/** What is judged before the disks are formatted. */
interface Judged {
  readonly target: Target
  readonly note: Note | undefined
}

/**
 * The VM as it is now: the build may have taken an hour, and somebody else may have come meanwhile.
 *
 * @throws {NciError} `INSTALL_MACHINE_CHANGED`
 */
export async function lookAgain({ target, note }: Judged, address: string): Promise<Judged> {
  const { current: config } = await readVm(target.client, target.summary)
  const now = isOurs(config) ? readNote(config) : undefined
  assertSame(note, now, address)
  return { target: { ...target, config }, note: now }
}

function assertSame(judged: Note | undefined, now: Note | undefined, address: string): void {
  if (JSON.stringify(judged) === JSON.stringify(now)) return
  const what = "has another note in its VM's description"
  throw new NciError('INSTALL_MACHINE_CHANGED', { address, what })
}

/**
 * From here on the disks are formatted. The note says so: what a later run then finds on them is ours, and it may begin
 * anew. Of two runs that judged the same machine only one gets to write this.
 *
 * @throws {NciError} `INSTALL_MACHINE_CHANGED`
 */
export function noteStart(
  { target: { client, summary }, note: judged }: Judged,
  context: Context,
  address: string,
  { disks, hostKey, system, boot }: Begun,
): Promise<void> {
  return updateNote(client, context, summary, (note) => {
    if (judged !== undefined) assertSame(judged, note, address)
    const { created, uuid } = note
    return {
      created,
      uuid,
      disks,
      boot,
      ...(system === undefined ? {} : { system }),
      ...(hostKey === undefined ? {} : { host_key: hostKey }),
    }
  })
}

/** What is installed now. */
export interface Finished {
  readonly system: string | undefined
  readonly hostKey: string | undefined
  readonly flake: Inputs['nixos.install']['flake']
  /** Boot of the installer that installed it, where that is known. */
  readonly boot?: string | undefined
  /** The machine stays in the installer, reboots into the system, or was seen to run it. */
  readonly state: 'in the installer' | 'rebooting' | 'proved'
}

export function noteEnd(
  { client, summary }: Target,
  context: Context,
  { system, hostKey, flake, boot, state }: Finished,
): Promise<void> {
  const at = new Date().toISOString()
  const installed = {
    at,
    ...(state === 'proved' ? { proved: at } : {}),
    ...(state === 'in the installer' ? {} : { rebooted: true }),
    ...(system === undefined ? {} : { system }),
    ...(flake === undefined ? {} : { flake }),
    ...(boot === undefined ? {} : { boot }),
    ...(hostKey === undefined ? {} : { host_key: hostKey }),
  }
  return updateNote(client, context, summary, ({ created, uuid }) => ({ created, uuid, installed }))
}
