/** What a VM runs, where an earlier run may have left anything. Changes nothing. */
import { delay } from '../../core/deadline.ts'
import type { Context } from '../../core/step.ts'
import { agentFile } from '../../proxmox/agent.ts'
import { uuidOf } from '../../proxmox/vms.ts'
import { type Facts, readFacts } from '../../ssh/facts.ts'
import { openSession, type Session } from '../../ssh/session.ts'
import { Guest, type GuestOptions, type SystemLoginOptions, systemLogin } from '../ssh/guest.ts'
import type { Target } from '../ssh/wait.ts'

const firstPause = 1000
const longestPause = 5000

/** The installer, some system, or nothing that could be told apart. */
export type Running =
  | { readonly kind: 'installer' }
  | { readonly kind: 'system'; readonly facts: Facts; readonly hostKey: string }
  | { readonly kind: 'unknown' }

/**
 * Asks until the VM says what it runs: through its guest agent, as the installer, and as the system that was to be
 * installed, with the host key that this has.
 *
 * @param shippedKey public host key of that system, where it is known
 * @param seconds after which it is unknown
 */
export async function whatRuns(
  target: Target,
  options: SystemLoginOptions,
  shippedKey: string | undefined,
  seconds: number,
  context: Context,
): Promise<Running> {
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(seconds * 1000)])
  try {
    for (let pause = firstPause; ; pause = Math.min(longestPause, pause * 1.5)) {
      const found =
        (await runsInstaller(target)) ??
        (shippedKey === undefined
          ? undefined
          : await ask(target, systemLogin(options, shippedKey), signal)) ??
        (await ask(target, options, signal))
      if (found !== undefined) return found
      await delay(pause, signal)
    }
  } catch {
    context.signal.throwIfAborted()
    return { kind: 'unknown' }
  }
}

/** The agent belongs to this VM, whoever has its address. */
async function runsInstaller({ client, summary }: Target): Promise<Running | undefined> {
  const release = await agentFile(client, summary, '/etc/os-release')
  return /^VARIANT_ID="?installer"?$/m.test(release ?? '') ? { kind: 'installer' } : undefined
}

async function ask(target: Target, options: GuestOptions, signal: AbortSignal): Promise<Running | undefined> {
  return withGuest(target, options, signal, async (facts, { hostKey }) => {
    const uuid = uuidOf(target.config)
    if (facts.installer) return facts.uuid === uuid ? { kind: 'installer' } : undefined
    if (facts.uuid !== undefined && facts.uuid !== uuid) return undefined
    return { kind: 'system', facts, hostKey }
  })
}

/** Does something on a machine that lets us in at once. `undefined` where it does not. */
export async function withGuest<Value>(
  target: Target,
  options: GuestOptions,
  signal: AbortSignal,
  work: (facts: Facts, session: Session) => Promise<Value | undefined>,
): Promise<Value | undefined> {
  const guest = new Guest(options, target)
  try {
    const [address, hostKey] = await Promise.all([guest.address(), guest.hostKey()])
    if (address === undefined) return undefined
    const login = await guest.login(await guest.reachable(address), hostKey?.key)
    await using session = await openSession(login, signal)
    const facts = await readFacts(session, signal)
    return facts && (await work(facts, session))
  } catch {
    signal.throwIfAborted()
    return undefined
  }
}
