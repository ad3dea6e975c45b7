import { isNciError, NciError } from '../../core/errors.ts'
import { type Context, type Inputs, type Outputs, type Plan, step } from '../../core/step.ts'
import { connectProxmox } from '../../proxmox/client.ts'
import { findVm } from '../../proxmox/vm-lookup.ts'
import { readVm, uuidOf } from '../../proxmox/vms.ts'
import { type Address, formatAddress } from '../../ssh/address-map.ts'
import type { Facts } from '../../ssh/facts.ts'
import type { LoginKey } from '../../ssh/keys.ts'
import type { KnownHost } from '../../ssh/known-hosts.ts'
import type { Stage } from '../../ssh/stream.ts'
import { type Reached, waitForLogin } from '../../ssh/wait.ts'
import { Guest } from './guest.ts'
import { bootsDisk, notReady, stageTexts } from './not-ready.ts'
import type { Target } from './target.ts'

export type { Target }

type Input = Inputs['ssh.wait']
type Output = Outputs['ssh.wait']
type Source = Output['host_key_source']

/**
 * Seconds after the SSH server answers in which the guest agent may still tell the host key: few for who said that the
 * first one seen is good, many for who did not, because whoever is in between needs only to answer first.
 */
const agentGrace = { accepting: 20, usual: 120 }

/** Seconds of the time limit that are left for the login, after waiting for the agent. */
const loginReserve = 30

/** Seconds that cloud-init may take, where nothing else was said. */
const cloudInitSeconds = 120

/** Waits until the guest can be logged in to, and is what it is expected to be. Changes nothing. */
export const sshWait = step('ssh.wait', async (input, context): Promise<Plan<Output>> => {
  const target = await findTarget(input, context)
  const options = input.expect === 'system' ? { ...input, ssh_generate_key: false } : input
  const guest = new Guest(options, target, (message) => context.emit({ type: 'warning', message }))
  await keyFor(input, guest)
  const where = input.ssh_host === undefined ? {} : { host: input.ssh_host }
  const vm = target === undefined ? {} : { vmid: target.summary.vmid, node: target.summary.node }
  return {
    changed: false,
    diff: [],
    expected: { port: input.ssh_port, user: input.ssh_user, ...where, ...vm },
    apply: async () => ({ ...(await waitForGuest(input, context, guest, target)).output, ...vm }),
  }
})

/** A machine that is named by its address alone needs no Proxmox. */
async function findTarget(input: Input, context: Context): Promise<Target | undefined> {
  if (input.vmid === undefined && input.name === undefined) return undefined
  const client = connectProxmox(input, context)
  const { vm: summary } = await findVm(client, context, input)
  return { client, summary, config: (await readVm(client, summary)).current }
}

/** What the wait needs to know beyond the guest itself. */
export type Expectation = Pick<Input, 'expect' | 'system' | 'timeout' | 'ssh_host'> &
  Partial<Pick<Input, 'cloud_init_timeout'>>

/** A guest that was reached, and how the host key was known that it showed. */
export interface ReachedGuest extends Reached {
  readonly hostKeySource: Source
}

/**
 * Waits for the guest; the signal's deadline is the end.
 *
 * @throws {NciError} `SSH_NOT_READY`, `SSH_WRONG_SYSTEM`, `SSH_HOST_KEY_MISMATCH`, `SSH_HOST_KEY_REVOKED`,
 *   `SSH_HOST_KEY_UNKNOWN`, `SSH_JUMP_FAILED`, `SSH_KEY_…`
 */
export async function waitForGuest(
  input: Expectation,
  context: Context,
  guest: Guest,
  target: Target | undefined,
): Promise<{ readonly reached: ReachedGuest; readonly output: Omit<Output, 'vmid' | 'node'> }> {
  const began = performance.now()
  const seconds = (): number => (performance.now() - began) / 1000
  let stage: Stage | undefined
  let answeredAt: number | undefined
  let source: Source = 'first-use'
  let knownHost: KnownHost | undefined
  let wrong: NciError | undefined
  let mismatch: NciError | undefined
  let onTheWay: NciError | undefined
  const cloudInit = new CloudInitWatch(input, context)
  try {
    const reached = await waitForLogin({
      signal: context.signal,
      async prepare() {
        const key = await keyFor(input, guest)
        const address = await guest.address()
        const hostKey = await guest.hostKey()
        knownHost = await guest.knownHost()
        source = hostKey?.source ?? 'first-use'
        // Nothing to verify with yet, but the agent usually comes up soon after the SSH server: only knock.
        const knock =
          hostKey === undefined &&
          agentMayCome(target) &&
          (answeredAt === undefined || seconds() - answeredAt < graceOf(guest, input.timeout - answeredAt))
        if (guest.hostKeyChecking === 'strict' && hostKey === undefined && address !== undefined && !knock) {
          throw unknownHostKey(address)
        }
        // With neither a key nor a host key nothing can be known of it.
        if (key === undefined && hostKey === undefined && !knock) await guest.key()
        const route = address === undefined ? undefined : await guest.reachable(address)
        return {
          address: route,
          user: guest.user,
          key,
          hostKey: hostKey?.key,
          revoked: knownHost?.revoked ?? [],
          knock,
        }
      },
      accept(facts) {
        wrong = unexpected(facts, input, guest, target)
        mismatch = undefined
        if (wrong === undefined) return cloudInit.isOver(facts) ? true : 'soon'
        // A machine that reboots may still be the one before; an installer that was found running does not change.
        if (input.expect === 'installer') throw wrong
        return false
      },
      onStage(reachedStage) {
        stage = reachedStage
        if (reachedStage === 'banner') answeredAt = seconds()
        context.emit({ type: 'phase', phase: stageTexts[reachedStage] })
      },
      onJump: (error) => {
        onTheWay = error
      },
      // After a reboot the installer's key may be shown until it is down; nobody is logged in to meanwhile.
      onMismatch: async (error) => {
        mismatch = error
        return input.expect === 'system' || (source !== 'given' && (await guest.rereadHostKey()))
      },
    })
    const own = (await guest.address()) ?? reached.address
    return {
      reached: { ...reached, hostKeySource: source },
      output: describe(reached, { own, guest, source, knownHost, seconds: seconds(), context }),
    }
  } catch (error) {
    if (!isNciError(context.signal.reason, 'TIMEOUT')) throw error
    if (wrong !== undefined) throw wrong
    if (mismatch !== undefined) throw mismatch
    if (onTheWay !== undefined) throw onTheWay
    const strict = guest.hostKeyChecking === 'strict' && source === 'first-use' && answeredAt !== undefined
    const asked = strict ? await guest.address().catch(() => undefined) : undefined
    if (asked !== undefined) throw unknownHostKey(asked)
    const waited = Math.min(input.timeout, Math.max(1, Math.round(seconds())))
    const known = { stage, target, seconds: waited, expectsSystem: input.expect === 'system' }
    const [address, key] = await Promise.all([
      guest.address().catch(() => undefined),
      guest.key().catch(() => undefined),
    ])
    throw await notReady({ ...known, address, key }, error)
  }
}

/** Without any key an installed system can still be told by its host key; an installer cannot be worked with. */
async function keyFor({ expect }: Pick<Input, 'expect'>, guest: Guest): Promise<LoginKey | undefined> {
  try {
    return await guest.key()
  } catch (error) {
    // One that was given is meant to be used.
    const codes = guest.isKeyGiven ? ([] as const) : (['SSH_KEY_MISSING', 'SSH_KEY_UNUSABLE'] as const)
    if (expect === 'system' && isNciError(error, ...codes)) return undefined
    throw error
  }
}

/** @param left seconds between the first answer of the SSH server and the time limit */
function graceOf({ hostKeyChecking }: Guest, left: number): number {
  if (hostKeyChecking === 'strict') return left
  if (hostKeyChecking === 'accept-new') return agentGrace.accepting
  return Math.max(agentGrace.accepting, Math.min(agentGrace.usual, left - loginReserve))
}

function unknownHostKey(address: Address): NciError {
  return new NciError('SSH_HOST_KEY_UNKNOWN', { address: formatAddress(address) })
}

/** Whether the agent is worth waiting for: the VM has its device. */
function agentMayCome(target: Target | undefined): boolean {
  return /^(1|enabled=1)/.test(String(target?.config.agent ?? ''))
}

/** Until cloud-init is done it may still change keys and addresses of an installer. */
class CloudInitWatch {
  readonly #context: Context
  readonly #seconds: number
  #began: number | undefined

  constructor({ expect, cloud_init_timeout: seconds = cloudInitSeconds }: Expectation, context: Context) {
    this.#context = context
    this.#seconds = expect === 'installer' ? seconds : 0
  }

  isOver({ cloudInit, cloudInitErrors = [] }: Facts): boolean {
    for (const error of cloudInitErrors) this.#warn(`cloud-init of the installer failed of: ${error}`)
    if (cloudInit !== 'running' || this.#seconds === 0) return true
    if (this.#began === undefined) {
      this.#began = performance.now()
      this.#context.emit({ type: 'phase', phase: 'waiting for cloud-init' })
    }
    if ((performance.now() - this.#began) / 1000 < this.#seconds) return false
    this.#warn(`cloud-init of the installer was still not done after ${this.#seconds} seconds.`)
    return true
  }

  #warn(message: string): void {
    this.#context.emit({ type: 'warning', message })
  }
}

function unexpected(
  facts: Facts,
  input: Expectation,
  guest: Guest,
  target: Target | undefined,
): NciError | undefined {
  const kind = facts.installer
    ? 'a NixOS installer'
    : `the installed system \`${facts.os}\` (${facts.hostname})`
  const wrong = (found: string, expected: string, hint?: string): NciError =>
    new NciError(
      'SSH_WRONG_SYSTEM',
      { address: input.ssh_host ?? `the VM's address, as ${guest.user}`, found, expected },
      hint === undefined ? {} : { hint },
    )
  const uuid = target && uuidOf(target.config)
  if (input.expect !== 'any' && uuid !== undefined && facts.uuid !== undefined && facts.uuid !== uuid) {
    const hint = "Another machine has this address. Check for a duplicate address and the VM's network."
    return wrong(`another machine (${facts.hostname}, DMI UUID ${facts.uuid})`, `the VM with ${uuid}`, hint)
  }
  if (input.expect === 'installer' && !facts.installer) {
    const disk = target && bootsDisk(target.config)
    return wrong(
      kind,
      'a NixOS installer',
      disk && `${disk} Check also that the address belongs to this VM alone.`,
    )
  }
  if (input.expect !== 'system') return undefined
  if (facts.installer) return wrong(kind, 'an installed system')
  if (input.system === undefined || input.system === facts.system) return undefined
  return wrong(facts.system ?? kind, input.system)
}

function describe(
  reached: Reached,
  about: {
    own: Address
    guest: Guest
    source: Source
    knownHost: KnownHost | undefined
    seconds: number
    context: Context
  },
): Omit<Output, 'vmid' | 'node'> {
  const { facts, hostKey, proof } = reached
  const { own, guest, source, knownHost, seconds, context } = about
  const warn = (message: string): void => context.emit({ type: 'warning', message })
  if (source === 'first-use') {
    warn(`The host key of ${formatAddress(own)} was trusted on first use: ${hostKey}`)
    if (knownHost?.hasAuthority === true) {
      warn(
        `The known hosts name a certificate authority for ${formatAddress(own)}, but certificates of hosts are not verified here. Give its key in \`ssh_host_key\`.`,
      )
    }
  }
  if (proof === 'host-key') {
    warn(
      `There is no key to log in to ${formatAddress(own)} with: that the system runs was seen by its host key alone, and which system it is was not seen.`,
    )
  }
  return {
    // As the machine has it; behind a port forward the connection went elsewhere.
    host: own.host,
    port: own.port,
    user: guest.user,
    host_key: hostKey,
    host_key_source: source,
    proof,
    ...(proof === 'login' ? { facts: describeFacts(facts) } : {}),
    seconds: Math.round(seconds * 10) / 10,
  }
}

function describeFacts(facts: Facts): NonNullable<Output['facts']> {
  const { uuid, system, cloudInitErrors = [] } = facts
  return {
    hostname: facts.hostname,
    os: facts.os,
    installer: facts.installer,
    boot_id: facts.bootId,
    architecture: facts.architecture,
    memory_mib: facts.memoryMib,
    cloud_init: facts.cloudInit,
    ...(cloudInitErrors.length === 0 ? {} : { cloud_init_errors: [...cloudInitErrors] }),
    ...(uuid === undefined ? {} : { uuid }),
    ...(system === undefined ? {} : { system }),
  }
}
