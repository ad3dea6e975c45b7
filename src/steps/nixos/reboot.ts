import type { Context, Outputs } from '../../core/step.ts'
import { uuidOf } from '../../proxmox/vms.ts'
import type { Facts } from '../../ssh/facts.ts'
import type { Session } from '../../ssh/session.ts'
import type { SystemLoginOptions } from '../ssh/guest.ts'
import type { Target } from '../ssh/wait.ts'
import type { Parts } from './installation.ts'
import { type Finished, noteEnd } from './notes.ts'
import { type Proof, proveSystem } from './proof.ts'
import { requestReboot } from './remote.ts'
import { withGuest } from './running.ts'

/** Seconds in which an installer that is still up answers. */
const askSeconds = 15

/** What was seen of the new system after the reboot. */
export interface Rebooted {
  readonly proof: Proof
  readonly phase: Outputs['nixos.install']['phases'][number]
}

/**
 * Waits for the new system, after the reboot into it was asked for and noted: a run that is killed meanwhile is carried
 * on with this.
 *
 * @throws {NciError} as {@link proveSystem}
 */
export async function waitForReboot(
  { input, context, target }: Pick<Parts, 'input' | 'context' | 'target'>,
  installed: Omit<Finished, 'state'>,
): Promise<Rebooted> {
  const began = performance.now()
  context.emit({ type: 'phase', phase: 'rebooting' })
  const { system, hostKey } = installed
  const proof = await proveSystem(input, context, target, { hostKey, system, seconds: input.boot_timeout })
  await noteEnd(target, context, { ...installed, hostKey: hostKey ?? proof.hostKey, state: 'proved' })
  const seconds = Math.round((performance.now() - began) / 100) / 10
  return { proof, phase: { phase: 'reboot', seconds } }
}

/** A run was killed around the moment at which it asked for the reboot: an installer that is still up is asked again. */
export async function rebootInstaller(
  input: Parts['input'],
  context: Context,
  target: Target,
): Promise<void> {
  await onInstaller(input, context, target, async (_, session) => {
    await requestReboot(session, context.signal)
    return true
  })
}

/** The boot of the installer that the VM runs; `undefined` where no installer answers. */
export function installerBoot(
  input: SystemLoginOptions,
  context: Context,
  target: Target,
): Promise<string | undefined> {
  return onInstaller(input, context, target, async ({ bootId }) => bootId)
}

async function onInstaller<Value>(
  input: SystemLoginOptions,
  context: Context,
  target: Target,
  work: (facts: Facts, session: Session) => Promise<Value>,
): Promise<Value | undefined> {
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(askSeconds * 1000)])
  try {
    return await withGuest(target, input, signal, async (facts, session) =>
      facts.installer && facts.uuid === uuidOf(target.config) ? work(facts, session) : undefined,
    )
  } catch {
    context.signal.throwIfAborted()
    // It is on its way.
    return undefined
  }
}
