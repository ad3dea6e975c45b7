import { isNciError, NciError } from '../../core/errors.ts'
import { type Context, type Inputs, type Outputs, type Plan, step } from '../../core/step.ts'
import { agentAddresses } from '../../proxmox/agent.ts'
import { connectProxmox, type ProxmoxClient } from '../../proxmox/client.ts'
import type { VmSummary } from '../../proxmox/cluster.ts'
import { findVm } from '../../proxmox/vm-lookup.ts'
import { readStatus, readVm, type VmConfig } from '../../proxmox/vms.ts'
import { type Address, formatAddress } from '../../ssh/address-map.ts'
import type { Facts } from '../../ssh/facts.ts'
import type { Stage } from '../../ssh/session.ts'
import { type Reached, waitForLogin } from '../../ssh/wait.ts'
import { Guest } from './guest.ts'

type Input = Inputs['ssh.wait']
type Output = Outputs['ssh.wait']
type Source = Output['host_key_source']

const stageTexts: Readonly<Record<Stage | 'none', string>> = {
  none: 'no address known yet',
  address: 'an address is known, nothing answers there yet',
  tcp: 'the port is open',
  banner: 'an SSH server answers',
  'host-key': 'its host key is verified',
  login: 'the key logs in',
  command: 'commands run',
}

/** Seconds after the SSH server answers in which the guest agent may still tell the host key. */
const agentGrace = 20

/** Waits until the guest can be logged in to, and is what it is expected to be. Changes nothing. */
export const sshWait = step('ssh.wait', async (input, context): Promise<Plan<Output>> => {
  const target = await findTarget(input, context)
  const guest = new Guest(input, target, (message) => context.emit({ type: 'warning', message }))
  await guest.key()
  const where = input.ssh_host === undefined ? {} : { host: input.ssh_host }
  const vm = target === undefined ? {} : { vmid: target.summary.vmid, node: target.summary.node }
  return {
    changed: false,
    diff: [],
    expected: { port: input.ssh_port, user: input.ssh_user, ...where, ...vm },
    apply: async () => ({ ...(await waitForGuest(input, context, guest, target)).output, ...vm }),
  }
})

/** A VM with its client and its settings. */
export interface Target {
  readonly client: ProxmoxClient
  readonly summary: VmSummary
  readonly config: VmConfig
}

/** A machine that is named by its address alone needs no Proxmox. */
async function findTarget(input: Input, context: Context): Promise<Target | undefined> {
  if (input.vmid === undefined && input.name === undefined) return undefined
  const client = connectProxmox(input, context)
  const { vm: summary } = await findVm(client, context, input)
  return { client, summary, config: (await readVm(client, summary)).current }
}

/** What the wait needs to know beyond the guest itself. */
export type Expectation = Pick<Input, 'expect' | 'system' | 'timeout' | 'ssh_host'>

/**
 * Waits for the guest; the signal's deadline is the end.
 *
 * @throws {NciError} `SSH_NOT_READY`, `SSH_WRONG_SYSTEM`, `SSH_HOST_KEY_MISMATCH`, `SSH_KEY_…`
 */
export async function waitForGuest(
  input: Expectation,
  context: Context,
  guest: Guest,
  target: Target | undefined,
): Promise<{ readonly reached: Reached; readonly output: Omit<Output, 'vmid' | 'node'> }> {
  const began = performance.now()
  let stage: Stage | undefined
  let answeredAt: number | undefined
  let source: Source = 'first-use'
  let wrong: NciError | undefined
  let mismatch: NciError | undefined
  const seconds = (): number => (performance.now() - began) / 1000
  try {
    const reached = await waitForLogin({
      signal: context.signal,
      async prepare() {
        const key = await guest.key()
        const address = await guest.address()
        const hostKey = await guest.hostKey()
        source = hostKey?.source ?? 'first-use'
        // Nothing to verify with yet, but the agent usually comes up soon after the SSH server: only knock.
        const knock =
          hostKey === undefined &&
          agentMayCome(target) &&
          (answeredAt === undefined || seconds() - answeredAt < agentGrace)
        const reachableAddress = address === undefined ? undefined : await guest.reachable(address)
        return { address: reachableAddress, user: guest.user, key, hostKey: hostKey?.key, knock }
      },
      accept(facts) {
        wrong = unexpected(facts, input, guest)
        mismatch = undefined
        if (wrong === undefined) return true
        // A machine that reboots may still be the one before; an installer that was found running does not change.
        if (input.expect === 'installer') throw wrong
        return false
      },
      onStage(reachedStage) {
        stage = reachedStage
        if (reachedStage === 'banner') answeredAt = seconds()
        context.emit({ type: 'phase', phase: stageTexts[reachedStage] })
      },
      // After a reboot the installer's key may be shown until it is down; nobody is logged in to meanwhile.
      onMismatch: async (error) => {
        mismatch = error
        return input.expect === 'system' || (source === 'guest-agent' && (await guest.rereadHostKey()))
      },
    })
    const own = (await guest.address()) ?? reached.address
    return { reached, output: describe(reached, { own, guest, source, seconds: seconds(), context }) }
  } catch (error) {
    if (!isNciError(context.signal.reason, 'TIMEOUT')) throw error
    if (wrong !== undefined) throw wrong
    if (mismatch !== undefined) throw mismatch
    throw await notReady(input, stage, target, error)
  }
}

/** Whether the agent is worth waiting for: the VM has its device. */
function agentMayCome(target: Target | undefined): boolean {
  return /^(1|enabled=1)/.test(String(target?.config.agent ?? ''))
}

function unexpected(facts: Facts, input: Expectation, guest: Guest): NciError | undefined {
  const kind = facts.installer
    ? 'a NixOS installer'
    : `the installed system \`${facts.os}\` (${facts.hostname})`
  const wrong = (found: string, expected: string): NciError =>
    new NciError('SSH_WRONG_SYSTEM', {
      address: input.ssh_host ?? `the VM's address, as ${guest.user}`,
      found,
      expected,
    })
  if (input.expect === 'installer' && !facts.installer) return wrong(kind, 'a NixOS installer')
  if (input.expect !== 'system') return undefined
  if (facts.installer) return wrong(kind, 'an installed system')
  if (input.system === undefined || input.system === facts.system) return undefined
  return wrong(facts.system ?? kind, input.system)
}

function describe(
  reached: Reached,
  about: { own: Address; guest: Guest; source: Source; seconds: number; context: Context },
): Omit<Output, 'vmid' | 'node'> {
  const { facts, hostKey } = reached
  const { own, guest, source, seconds, context } = about
  if (source === 'first-use') {
    const message = `The host key of ${formatAddress(own)} was trusted on first use: ${hostKey}`
    context.emit({ type: 'warning', message })
  }
  const { uuid, system, bootId, memoryMib, cloudInit } = facts
  return {
    // As the machine has it; behind a port forward the connection went elsewhere.
    host: own.host,
    port: own.port,
    user: guest.user,
    host_key: hostKey,
    host_key_source: source,
    facts: {
      hostname: facts.hostname,
      os: facts.os,
      installer: facts.installer,
      boot_id: bootId,
      architecture: facts.architecture,
      memory_mib: memoryMib,
      cloud_init: cloudInit,
      ...(uuid === undefined ? {} : { uuid }),
      ...(system === undefined ? {} : { system }),
    },
    seconds: Math.round(seconds * 10) / 10,
  }
}

/** The timeout, with how far the guest came, what Proxmox knows of it, and what to look at. */
async function notReady(
  input: Expectation,
  stage: Stage | undefined,
  target: Target | undefined,
  cause: unknown,
): Promise<NciError> {
  const known = target === undefined ? undefined : await ask(target)
  const details = {
    seconds: input.timeout,
    stage: stageTexts[stage ?? 'none'],
    known: known === undefined ? '' : `Proxmox says that VM ${target?.summary.vmid} is ${known.text}.`,
    guess: guess(stage, known, input.expect === 'system' ? undefined : target?.config),
  }
  return new NciError('SSH_NOT_READY', details, { cause })
}

interface Known {
  readonly status: string
  readonly addresses: readonly string[] | undefined
  readonly text: string
}

/** The run's own time is up: asking gets a little of its own. */
async function ask({ client, summary }: Target): Promise<Known | undefined> {
  const asking = client.with(AbortSignal.timeout(5000))
  try {
    const { status } = await readStatus(asking, summary)
    const addresses = status === 'running' ? await agentAddresses(asking, summary) : undefined
    const agent =
      addresses === undefined
        ? 'its guest agent does not answer'
        : `its addresses are ${addresses.join(', ') || 'none'}`
    return { status, addresses, text: status === 'running' ? `running; ${agent}` : status }
  } catch {
    return undefined
  }
}

function guess(stage: Stage | undefined, known: Known | undefined, config: VmConfig | undefined): string {
  if (known?.status === 'stopped')
    return 'The VM is not running: start it with `nci vm start`, and look at its last task.'
  if (config !== undefined && !('ipconfig0' in config)) {
    return 'The VM has no `ipconfig0`, so its first network card gets no address: set `ip` of the first network.'
  }
  switch (stage) {
    case undefined:
      return 'No address is known: set a static `ip`, or `ssh_host`, or enable the guest agent. The console shows whether it booted.'
    case 'address':
      return 'Check the bridge, the VLAN and the gateway of the VM, and on its console whether it booted the ISO.'
    case 'tcp':
    case 'banner':
      return 'The machine is up, but its SSH server does not complete the handshake; look at its console.'
    case 'host-key':
      return 'The key is not accepted: check that its public half is in `ssh_public_keys` and that cloud-init ran (console).'
    default:
      return 'The machine does not finish booting; look at its console.'
  }
}
