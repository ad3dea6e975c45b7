import { deadline } from '../../core/deadline.ts'
import { isNciError, NciError } from '../../core/errors.ts'
import type { Context } from '../../core/step.ts'
import type { Address } from '../../ssh/address-map.ts'
import { openSession, type Session } from '../../ssh/session.ts'
import type { Reached } from '../../ssh/wait.ts'
import { Guest, type SystemLoginOptions, systemLogin } from '../ssh/guest.ts'
import { type Target, waitForGuest } from '../ssh/wait.ts'
import { checkHealth, type SystemState } from './health.ts'
import { installedSystem } from './remote.ts'

/** What a system was seen to be. */
export interface Proof {
  /** `/run/current-system` */
  readonly system: string | undefined
  readonly hostKey: string
  /** As the machine has it. */
  readonly address: Address
  readonly user: string
  readonly state: SystemState
}

/** What the system must be. */
export interface Claim {
  /** Public host key that it must show, where it is known. */
  readonly hostKey: string | undefined
  /** Store path of the system that was sent, where it is known. */
  readonly system: string | undefined
  /** Seconds until it lets us in. */
  readonly seconds: number
}

/**
 * Logs in to the installed system, with the host key that it must have; it must be the one that was sent, run from its
 * disk, and have come up.
 *
 * @throws {NciError} `SSH_NOT_READY`, `SSH_WRONG_SYSTEM`, `SSH_HOST_KEY_MISMATCH`, `INSTALL_UNPROVEN`,
 *   `INSTALL_UNHEALTHY`
 */
export async function proveSystem(
  options: SystemLoginOptions,
  context: Context,
  target: Target,
  { hostKey, system, seconds }: Claim,
): Promise<Proof> {
  const login = systemLogin(options, hostKey)
  const guest = new Guest(login, target, (message) => context.emit({ type: 'warning', message }))
  const began = performance.now()
  const wanted = {
    expect: 'system' as const,
    timeout: seconds,
    ...(login.ssh_host === undefined ? {} : { ssh_host: login.ssh_host }),
    ...(system === undefined ? {} : { system }),
  }
  const { reached, output } = await waitForBoot(wanted, context, guest, target)
  const address = { host: output.host, port: output.port }
  const seen = { system: reached.facts.system, hostKey: reached.hostKey, address, user: guest.user }
  // Without a key to log in with no more is to be seen of it.
  if (reached.proof === 'host-key') return { ...seen, state: 'unknown' }
  const left = seconds - (performance.now() - began) / 1000
  await using session = await reopen(guest, reached, context.signal)
  const state = await checkHealth(session, address, context, left)
  return { ...seen, state }
}

const wayBack =
  'If it does not come up at all, destroy the VM and provision it anew, or boot it from the installer ISO, with its cloud-init drive, and run this again with `reinstall: true`.'

async function waitForBoot(
  wanted: Parameters<typeof waitForGuest>[0],
  context: Context,
  guest: Guest,
  target: Target,
): ReturnType<typeof waitForGuest> {
  using limit = deadline(context.signal, wanted.timeout, 'the boot of the new system')
  try {
    return await waitForGuest(wanted, { ...context, signal: limit.signal }, guest, target)
  } catch (error) {
    if (!isNciError(error, 'SSH_NOT_READY', 'SSH_WRONG_SYSTEM')) throw error
    throw Object.assign(error.withDetails({}), { hint: `${error.hint} ${wayBack}` })
  }
}

/**
 * The installer is still up: the disk must name the system that was sent.
 *
 * @throws {NciError} `INSTALL_UNPROVEN`
 */
export async function proveMounted(
  session: Session,
  wanted: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  const system = await installedSystem(session, signal)
  if (system === undefined) {
    throw new NciError('INSTALL_UNPROVEN', { reason: 'the disk names no installed system' })
  }
  if (wanted !== undefined && system !== wanted) {
    throw new NciError('INSTALL_UNPROVEN', { reason: `the disk has ${system}, and ${wanted} was sent` })
  }
  return system
}

/** Another session with a machine that was logged in to. */
export async function reopen(
  guest: Guest,
  { address, hostKey }: Pick<Reached, 'address' | 'hostKey'>,
  signal: AbortSignal,
): Promise<Session> {
  return openSession(await guest.login(address, hostKey), signal)
}
