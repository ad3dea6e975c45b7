import type { Inputs } from '../../core/step.ts'
import { agentAddresses, agentFile } from '../../proxmox/agent.ts'
import type { ProxmoxClient } from '../../proxmox/client.ts'
import type { VmSummary } from '../../proxmox/cluster.ts'
import { parseProperties } from '../../proxmox/property-string.ts'
import type { VmConfig } from '../../proxmox/vms.ts'
import { type Address, reachable } from '../../ssh/address-map.ts'
import { type LoginKey, loadLoginKey } from '../../ssh/keys.ts'

/** The properties of an input that say how a guest is logged in to. */
export type GuestOptions = Pick<
  Inputs['ssh.wait'],
  | 'ssh_host'
  | 'ssh_port'
  | 'ssh_user'
  | 'ssh_private_key_file'
  | 'ssh_private_key'
  | 'ssh_private_key_passphrase'
  | 'ssh_host_key'
  | 'ssh_address_map'
>

/** The same with what the installed system has of its own. */
export type SystemLoginOptions = GuestOptions &
  Pick<Inputs['nixos.install'], 'system_ssh_user' | 'system_ssh_host'>

/** How the new system is logged in to: its user, address and host key are not the installer's. */
export function systemLogin(input: SystemLoginOptions, hostKey: string | undefined): GuestOptions {
  const { ssh_host_key: _, ssh_host: installer, ...rest } = input
  const host = input.system_ssh_host ?? installer
  return {
    ...rest,
    ssh_user: input.system_ssh_user ?? input.ssh_user,
    ...(host === undefined ? {} : { ssh_host: host }),
    ...(hostKey === undefined ? {} : { ssh_host_key: hostKey }),
  }
}

/** A VM's guest: where it is, and which host key is the right one. Found out anew each time, as it boots. */
export class Guest {
  readonly #options: GuestOptions
  readonly #vm:
    | { readonly client: ProxmoxClient; readonly summary: VmSummary; readonly config: VmConfig }
    | undefined
  readonly #warn: ((message: string) => void) | undefined
  #agentAddress: string | undefined
  #agentKey: string | undefined
  #key: Promise<LoginKey> | undefined

  /** @param vm `undefined` for a machine that is known by its address alone */
  constructor(
    options: GuestOptions,
    vm:
      | { readonly client: ProxmoxClient; readonly summary: VmSummary; readonly config: VmConfig }
      | undefined,
    warn?: (message: string) => void,
  ) {
    this.#options = options
    this.#warn = warn
    this.#vm = vm
  }

  get user(): string {
    return this.#options.ssh_user
  }

  /** The key to log in with, read once. @throws {NciError} `SSH_KEY_MISSING`, `SSH_KEY_UNUSABLE` */
  key(): Promise<LoginKey> {
    this.#key ??= loadLoginKey(this.#options)
    return this.#key
  }

  /** The address as the VM has it: given, static, or from the guest agent. */
  async address(): Promise<Address | undefined> {
    const { ssh_host, ssh_port: port } = this.#options
    const host = ssh_host ?? staticAddress(this.#vm?.config) ?? (await this.#addressFromAgent())
    return host === undefined ? undefined : { host, port }
  }

  /** Where that is reached from here. @throws {NciError} `SSH_ADDRESS_MAP_INVALID` */
  reachable(address: Address): Promise<Address> {
    return reachable(address, this.#options.ssh_address_map)
  }

  /** The host key that the installer must show, where it is known: given, or read through the guest agent. */
  async hostKey(): Promise<{ readonly key: string; readonly source: 'given' | 'guest-agent' } | undefined> {
    const given = this.#options.ssh_host_key
    if (given !== undefined) return { key: given, source: 'given' }
    this.#agentKey ??= await this.#hostKeyFromAgent()
    return this.#agentKey === undefined ? undefined : { key: this.#agentKey, source: 'guest-agent' }
  }

  /** Reads the host key through the agent again: it may have been made anew while the machine booted. */
  async rereadHostKey(): Promise<boolean> {
    const before = this.#agentKey
    this.#agentKey = await this.#hostKeyFromAgent()
    return this.#agentKey !== before
  }

  async #hostKeyFromAgent(): Promise<string | undefined> {
    if (this.#vm === undefined) return undefined
    const { client, summary } = this.#vm
    const text = await agentFile(client, summary, '/etc/ssh/ssh_host_ed25519_key.pub', this.#warn)
    return /^ssh-ed25519 [A-Za-z0-9+/=]+/.exec(text ?? '')?.[0]
  }

  async #addressFromAgent(): Promise<string | undefined> {
    if (this.#vm === undefined) return undefined
    this.#agentAddress ??= (await agentAddresses(this.#vm.client, this.#vm.summary, this.#warn))?.[0]
    return this.#agentAddress
  }
}

/** The first static address of the cloud-init settings: IPv4 before IPv6. */
export function staticAddress(config: VmConfig | undefined): string | undefined {
  const settings = Object.entries(config ?? {})
    .filter(([key]) => /^ipconfig\d+$/.test(key))
    .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
    .map(([, value]) => parseProperties(String(value)))
  for (const family of ['ip', 'ip6']) {
    for (const setting of settings) {
      const [host, prefix] = (setting.get(family) ?? '').split('/')
      if (host && prefix !== undefined) return host
    }
  }
  return undefined
}
