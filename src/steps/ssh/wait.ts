import { isNciError, NciError } from '../../core/errors.ts'
import { type Context, type Inputs, type Outputs, type Plan, step } from '../../core/step.ts'
import { connectProxmox } from '../../proxmox/client.ts'
import { findVm } from '../../proxmox/vm-lookup.ts'
import { readVm } from '../../proxmox/vms.ts'
import { type Address, formatAddress } from '../../ssh/address-map.ts'
import type { LoginKey } from '../../ssh/keys.ts'
import type { KnownHost } from '../../ssh/known-hosts.ts'
import type { Stage } from '../../ssh/stream.ts'
import { type Reached, waitForLogin } from '../../ssh/wait.ts'
import { agentGrace } from './agent-grace.ts'
import { CloudInitWatch } from './cloud-init-watch.ts'
import { type Expectation, unexpected } from './expectation.ts'
import { Guest } from './guest.ts'
import { notReady, stageTexts } from './not-ready.ts'
import type { Target } from './target.ts'
import { waitOutput } from './wait-output.ts'

export type { Target }

type Input = Inputs['ssh.wait']
type Output = Outputs['ssh.wait']
type Source = Output['host_key_source']

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
          (answeredAt === undefined ||
            seconds() - answeredAt < agentGrace(guest.hostKeyChecking, input.timeout - answeredAt))
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
        // The machine is silent; it may have answered before it went down.
        if (reachedStage === 'address' || reachedStage === 'tcp') wrong = mismatch = answeredAt = undefined
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
      output: waitOutput(reached, { own, guest, source, knownHost, seconds: seconds(), context }),
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

function unknownHostKey(address: Address): NciError {
  return new NciError('SSH_HOST_KEY_UNKNOWN', { address: formatAddress(address) })
}

/** Whether the agent is worth waiting for: the VM has its device. */
function agentMayCome(target: Target | undefined): boolean {
  return /^(1|enabled=1)/.test(String(target?.config.agent ?? ''))
}
