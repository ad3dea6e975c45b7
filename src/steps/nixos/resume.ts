import { NciError } from '../../core/errors.ts'
import type { Context } from '../../core/step.ts'
import { updateNote } from '../../proxmox/note-store.ts'
import type { Note } from '../../proxmox/ownership.ts'
import type { SystemLoginOptions } from '../ssh/guest.ts'
import type { Target } from '../ssh/wait.ts'
import { type Running, whatRuns } from './running.ts'

type Installed = NonNullable<Note['installed']>

/**
 * What became of an installation that was begun and not noted as done: the VM is still in the installer (`undefined`), or
 * it runs the very system that was sent. Then the note says so, and the installation need not be done again. On anything
 * else nothing may be done: somebody may be using it.
 *
 * @param begun the note of the run that began it
 * @param seconds that it may take until the VM says what it runs
 * @throws {NciError} `INSTALL_UNCERTAIN`
 */
export async function adoptInstalledSystem(
  target: Target,
  options: SystemLoginOptions & { readonly flake?: string },
  begun: Pick<Note, 'host_key' | 'system'>,
  seconds: number,
  context: Context,
): Promise<Installed | undefined> {
  const shippedKey = begun.host_key?.startsWith('ssh-') ? begun.host_key : undefined
  const running = await whatRuns(target, options, shippedKey, seconds, context)
  if (running.kind === 'installer') return undefined
  if (running.kind === 'unknown')
    throw uncertain(target, `what it runs could not be seen within ${seconds} seconds`)
  const { facts } = running
  if (facts.system === undefined || !isWanted(running, begun, shippedKey)) {
    const found = `it runs another system than the one that was sent: \`${facts.os}\` (${facts.hostname}, ${facts.system ?? 'no NixOS'})`
    throw uncertain(target, found)
  }
  const installed = {
    at: new Date().toISOString(),
    rebooted: true,
    system: facts.system,
    ...(shippedKey === undefined ? {} : { host_key: shippedKey }),
    ...(options.flake === undefined ? {} : { flake: options.flake }),
  }
  const { client, summary } = target
  await updateNote(client, context, summary, ({ created, uuid }) => ({ created, uuid, installed }))
  return installed
}

/** The host key was made for this system, and nobody else has it; the closure is the one that was sent. */
function isWanted(
  { facts, hostKey }: Extract<Running, { kind: 'system' }>,
  { system }: Pick<Note, 'system'>,
  shippedKey: string | undefined,
): boolean {
  return hostKey === shippedKey && (system === undefined || facts.system === system)
}

function uncertain({ summary: { vmid, name } }: Target, found: string): NciError {
  return new NciError('INSTALL_UNCERTAIN', { vmid, name: String(name), found })
}
