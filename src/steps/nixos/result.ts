import type { Inputs, Outputs } from '../../core/step.ts'
import { ageRecipient } from '../../nix/age.ts'
import type { NixosAnywhere } from '../../nix/programs.ts'
import type { Note } from '../../proxmox/ownership.ts'
import { type Address, knownHostsLine } from '../../ssh/address-map.ts'
import { findJump, type JumpOptions } from '../../ssh/jump.ts'
import type { Target } from '../ssh/wait.ts'
import type { SystemState } from './health.ts'
import { sshConfig } from './ssh-config.ts'

type Input = Inputs['nixos.install']
type Output = Outputs['nixos.install']

/** What is known of an installed system. */
interface Installed {
  readonly address: Address
  readonly system: string | undefined
  readonly hostKey: string | undefined
  readonly state: SystemState | undefined
  readonly phases: Output['phases']
  /** `undefined`: nixos-anywhere had done its work before. */
  readonly program: NixosAnywhere | undefined
  readonly logFile: string | undefined
}

export async function systemOutput(input: Input, target: Target, installed: Installed): Promise<Output> {
  const { address, system, hostKey, state, phases, program, logFile } = installed
  return {
    vmid: target.summary.vmid,
    node: target.summary.node,
    ...address,
    ...(system === undefined ? {} : { system }),
    ...(await loginOutput(input, { name: target.summary.name, address, hostKey })),
    ...(state === undefined ? {} : { system_state: state }),
    rebooted: input.reboot,
    phases,
    ...(program === undefined ? {} : { nixos_anywhere: describe(program) }),
    ...(logFile === undefined ? {} : { log_file: logFile }),
  }
}

function describe({ name, version }: NixosAnywhere): NonNullable<Output['nixos_anywhere']> {
  return { program: name, ...(version === undefined ? {} : { version }) }
}

/** What an earlier run noted. */
export async function finishedOutput(
  input: Input,
  target: Target,
  installed: NonNullable<Note['installed']>,
): Promise<Output> {
  const { system, host_key: hostKey } = installed
  const address = { host: input.ssh_host ?? String(target.summary.name), port: input.ssh_port }
  return {
    vmid: target.summary.vmid,
    node: target.summary.node,
    ...address,
    ...(system === undefined ? {} : { system }),
    ...(await loginOutput(input, { name: target.summary.name, address, hostKey })),
    rebooted: false,
    phases: [],
  }
}

/** The properties of an input that ask for more about how a system is logged in to. */
type LoginInput = JumpOptions &
  Pick<Input, 'age_recipient' | 'ssh_config' | 'ssh_private_key_file' | 'ssh_user' | 'system_ssh_user'>
type LoginOutput = Pick<Output, 'host_key' | 'known_hosts' | 'age_recipient' | 'ssh_config'>

/**
 * How a system is logged in to from now on, in the forms that were asked for.
 *
 * @throws {NciError} `SSH_JUMP_FAILED` where the configuration of OpenSSH cannot be read
 */
export async function loginOutput(
  input: LoginInput,
  about: {
    readonly name: string
    readonly address: Address | undefined
    readonly hostKey: string | undefined
  },
): Promise<LoginOutput> {
  const { address, hostKey } = about
  const knownHosts = hostKey === undefined || address === undefined ? [] : [knownHostsLine(address, hostKey)]
  const recipient = input.age_recipient && hostKey !== undefined ? ageRecipient(hostKey) : undefined
  return {
    ...(hostKey === undefined ? {} : { host_key: hostKey }),
    known_hosts: knownHosts,
    ...(recipient === undefined ? {} : { age_recipient: recipient }),
    ...(input.ssh_config && address !== undefined
      ? { ssh_config: await configEntry(input, about.name, address, knownHosts) }
      : {}),
  }
}

async function configEntry(
  input: LoginInput,
  name: string,
  address: Address,
  knownHosts: readonly string[],
): Promise<string> {
  const user = input.system_ssh_user ?? input.ssh_user
  // A configuration that names the address does not know the host by its name.
  const jump = await findJump(address, user, input)
  return sshConfig({ name, ...address, user, keyFile: input.ssh_private_key_file, knownHosts, jump })
}
