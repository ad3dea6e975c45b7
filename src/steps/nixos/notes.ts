/** What the VM's description says of its installation, so that any controller can carry on. */
import { NciError } from '../../core/errors.ts'
import type { Context, Inputs } from '../../core/step.ts'
import { updateNote } from '../../proxmox/note-store.ts'
import { isOurs, type Note, readNote } from '../../proxmox/ownership.ts'
import { readVm, uuidOf } from '../../proxmox/vms.ts'
import type { Target } from '../ssh/wait.ts'
import { ownEngine } from './engine.ts'

/** Which disks are formatted, and what for. */
interface Begun {
  /** Those that were blank or hold our own work, by `diskName` of the guard. Others are never ours, not even to wipe. */
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
  // Ids are given anew.
  if (uuidOf(config) !== uuidOf(target.config)) throw changed(address, 'belongs to another VM of the same id')
  const now = isOurs(config) ? readNote(config) : undefined
  assertSame(note, now, address)
  return { target: { ...target, config }, note: now }
}

function assertSame(judged: Note | undefined, now: Note | undefined, address: string): void {
  if (JSON.stringify(judged) !== JSON.stringify(now))
    throw changed(address, "has another note in its VM's description")
}

function changed(address: string, what: string): NciError {
  return new NciError('INSTALL_MACHINE_CHANGED', { address, what })
}

/**
 * From here on the disks are formatted. The note says so: what a later run then finds on them is ours, and it may begin
 * anew. Of two runs that judged the same machine only one gets to write this.
 *
 * @returns the note; `undefined` for a VM that has none
 * @throws {NciError} `INSTALL_MACHINE_CHANGED`
 */
export async function noteStart(
  { target: { client, summary }, note: judged }: Judged,
  context: Context,
  address: string,
  { disks, hostKey, system, boot }: Begun,
): Promise<Note | undefined> {
  if (judged === undefined) return undefined
  const engine = ownEngine()
  const begun: Note = {
    created: judged.created,
    uuid: judged.uuid,
    disks,
    boot,
    ...(engine === undefined ? {} : { engine }),
    ...(system === undefined ? {} : { system }),
    ...(hostKey === undefined ? {} : { host_key: hostKey }),
  }
  await updateNote(client, context, summary, (note) => {
    assertSame(judged, note, address)
    return begun
  })
  return begun
}

const forgetSeconds = 10

/**
 * This process is not at work on the VM any more: another one need not wait for its end.
 *
 * @param areTaken the disks are somebody else's by now
 */
export async function noteStop(
  { client, summary }: Target,
  context: Context,
  begun: Note,
  areTaken: boolean,
): Promise<void> {
  const signal = AbortSignal.timeout(forgetSeconds * 1000)
  await updateNote(client.with(signal), { ...context, signal }, summary, (note) => {
    const { engine, ...rest } = note
    if (engine !== begun.engine) return note
    return areTaken ? { ...rest, disks: [] } : rest
  }).catch(() => undefined)
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

/**
 * @param begun the note of this installation, which nobody else may have replaced
 * @throws {NciError} `INSTALL_MACHINE_CHANGED`
 */
export function noteEnd(
  { client, summary }: Target,
  context: Context,
  { system, hostKey, flake, boot, state }: Finished,
  begun?: { readonly note: Note | undefined; readonly address: string },
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
  return updateNote(client, context, summary, (note) => {
    if (begun?.note !== undefined) assertSame(begun.note, note, begun.address)
    return { created: note.created, uuid: note.uuid, installed }
  })
}
