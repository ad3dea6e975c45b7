import { NciError } from '../../core/errors.ts'
import type { Inputs, Outputs } from '../../core/step.ts'
import { agentAddresses, agentFile } from '../../proxmox/agent.ts'
import type { ProxmoxClient } from '../../proxmox/client.ts'
import type { VmSummary } from '../../proxmox/cluster.ts'
import { parseProperties } from '../../proxmox/property-string.ts'
import type { VmConfig } from '../../proxmox/vms.ts'
import { type Address, formatAddress, reachable } from '../../ssh/address-map.ts'
import { hasGeneratedKey } from '../../ssh/generated-key.ts'
import { findJump, type Jump, type Route } from '../../ssh/jump.ts'
import { type LoginKey, loadLoginKey } from '../../ssh/keys.ts'
import { type KnownHost, readKnownHost } from '../../ssh/known-hosts.ts'
import type { Login } from '../../ssh/session.ts'

/** The properties of an input that say how a guest is logged in to. */
export type GuestOptions = Pick<
  Inputs['ssh.wait'],
  | 'ssh_host'
  | 'ssh_port'
  | 'ssh_user'
  | 'ssh_private_key_file'
  | 'ssh_private_key'
  | 'ssh_private_key_passphrase'
  | 'ssh_agent'
  | 'ssh_generate_key'
  | 'ssh_host_key'
  | 'ssh_known_hosts_file'
  | 'ssh_host_key_checking'
  | 'ssh_address_map'
  | 'ssh_proxy_jump'
  | 'ssh_config_file'
>

/** A host key, and how it is known. */
export interface KnownHostKey {
  readonly key: string
  readonly source: Exclude<Outputs['ssh.wait']['host_key_source'], 'first-use'>
}

/** The same with what the installed system has of its own. */
export type SystemLoginOptions = GuestOptions &
  Pick<Inputs['nixos.install'], 'system_ssh_user' | 'system_ssh_host'>

/** How the new system is logged in to: its user, address and host key are not the installer's. */
export function systemLogin(input: SystemLoginOptions, hostKey: string | undefined): GuestOptions {
  const { ssh_host_key: _, ssh_host: installer, ...rest } = input
  const host = input.system_ssh_host ?? installer
  return {
    ...rest,
    // The new system lets in whom its flake names, and not who was let in to the installer.
    ssh_generate_key: false,
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
  readonly #jumps = new Map<string, Promise<Jump | undefined>>()

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

  /** What the user said of host keys that are not known; `undefined` where nothing was said. */
  get hostKeyChecking(): GuestOptions['ssh_host_key_checking'] {
    return this.#options.ssh_host_key_checking
  }

  /** Whether the user said which key logs in. */
  get isKeyGiven(): boolean {
    const { ssh_private_key: key, ssh_private_key_file: file, ssh_agent: agent } = this.#options
    return key !== undefined || file !== undefined || agent === true
  }

  /** The key to log in with, read once. @throws {NciError} `SSH_KEY_MISSING`, `SSH_KEY_UNUSABLE` */
  key(): Promise<LoginKey> {
    if (this.#options.ssh_generate_key && !hasGeneratedKey()) {
      const reason = '`ssh_generate_key` is for `nci provision`: only a key that was put into the VM logs in'
      throw new NciError('SSH_KEY_MISSING', { reason })
    }
    this.#key ??= loadLoginKey(this.#options)
    return this.#key
  }

  /** The address as the VM has it: given, static, or from the guest agent. */
  async address(): Promise<Address | undefined> {
    const { ssh_host, ssh_port: port } = this.#options
    const host = ssh_host ?? staticAddress(this.#vm?.config) ?? (await this.#addressFromAgent())
    return host === undefined ? undefined : { host, port }
  }

  /**
   * Where that is reached from here, and the way there.
   *
   * @throws {NciError} `SSH_ADDRESS_MAP_INVALID`, `SSH_JUMP_FAILED`
   */
  async reachable(address: Address): Promise<Route> {
    const mapped = await reachable(address, this.#options.ssh_address_map)
    return { ...mapped, jump: await this.#jumpTo(mapped) }
  }

  /**
   * What OpenSSH needs as its option `ProxyCommand` to get to an address as {@link reachable} gives it; `undefined`
   * where no other host is on the way.
   *
   * @throws {NciError} `SSH_JUMP_FAILED`
   */
  async proxyCommand(address: Address): Promise<string | undefined> {
    return (await this.#jumpTo(address))?.proxyCommand
  }

  /**
   * The host key that the guest must show, where it is known: given, read through the guest agent, or in the
   * known_hosts file.
   *
   * @throws {NciError} `SSH_KNOWN_HOSTS_UNREADABLE`
   */
  async hostKey(): Promise<KnownHostKey | undefined> {
    const { ssh_host_key: given } = this.#options
    if (given !== undefined) return { key: given, source: 'given' }
    this.#agentKey ??= await this.#hostKeyFromAgent()
    if (this.#agentKey !== undefined) return { key: this.#agentKey, source: 'guest-agent' }
    const known = (await this.knownHost())?.key
    return known === undefined ? undefined : { key: known, source: 'known-hosts' }
  }

  /**
   * What the known_hosts file says of the guest; `undefined` while its address is not known, and without a file.
   *
   * @throws {NciError} `SSH_KNOWN_HOSTS_UNREADABLE`
   */
  async knownHost(): Promise<KnownHost | undefined> {
    const { ssh_known_hosts_file: file } = this.#options
    const address = file === undefined ? undefined : await this.address()
    return file === undefined || address === undefined ? undefined : readKnownHost(file, address)
  }

  /**
   * All that a login takes, with the host keys that are never trusted.
   *
   * @param hostKey that must be shown; any other is taken where it is `undefined`
   * @throws {NciError} `SSH_KEY_MISSING`, `SSH_KEY_UNUSABLE`, `SSH_KNOWN_HOSTS_UNREADABLE`
   */
  async login(address: Route, hostKey: string | undefined): Promise<Login> {
    const [key, known] = await Promise.all([this.key(), this.knownHost()])
    return { address, user: this.user, key, hostKey, revoked: known?.revoked ?? [] }
  }

  /** Reads the host key through the agent again: it may have been made anew while the machine booted. */
  async rereadHostKey(): Promise<boolean> {
    const before = this.#agentKey
    this.#agentKey = await this.#hostKeyFromAgent()
    return this.#agentKey !== before
  }

  #jumpTo(address: Address): Promise<Jump | undefined> {
    const name = formatAddress(address)
    const known = this.#jumps.get(name) ?? findJump(address, this.user, this.#options)
    this.#jumps.set(name, known)
    return known
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
