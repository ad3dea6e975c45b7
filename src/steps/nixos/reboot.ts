import type { Context, Outputs } from '../../core/step.ts'
import { uuidOf } from '../../proxmox/vms.ts'
import { readFacts } from '../../ssh/facts.ts'
import { Guest } from '../ssh/guest.ts'
import type { Target } from '../ssh/wait.ts'
import type { Parts } from './installation.ts'
import { type Finished, noteEnd } from './notes.ts'
import { type Proof, proveSystem, reopen } from './proof.ts'
import { requestReboot } from './remote.ts'

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
  const guest = new Guest(input, target)
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(askSeconds * 1000)])
  try {
    const [address, hostKey] = await Promise.all([guest.address(), guest.hostKey()])
    if (address === undefined || hostKey === undefined) return
    const where = { address: await guest.reachable(address), hostKey: hostKey.key }
    await using session = await reopen(guest, where, signal)
    const facts = await readFacts(session, signal)
    if (facts?.installer && facts.uuid === uuidOf(target.config)) await requestReboot(session, signal)
  } catch {
    context.signal.throwIfAborted()
    // It is on its way.
  }
}
