import { deadline } from '../../core/deadline.ts'
import { isNciError, NciError } from '../../core/errors.ts'
import type { Context, Inputs, Outputs } from '../../core/step.ts'
import { type InstallReport, runNixosAnywhere } from '../../nix/nixos-anywhere.ts'
import type { NixosAnywhere } from '../../nix/programs.ts'
import { type KeyPair, Workspace } from '../../nix/workspace.ts'
import type { Note } from '../../proxmox/ownership.ts'
import { formatAddress } from '../../ssh/address-map.ts'
import type { Reached } from '../../ssh/wait.ts'
import { Guest } from '../ssh/guest.ts'
import { type ReachedGuest, type Target, waitForGuest } from '../ssh/wait.ts'
import { clearDisks } from './clear-disks.ts'
import type { LogFile } from './log-file.ts'
import { type Finished, lookAgain, noteEnd, noteStart, noteStop } from './notes.ts'
import { proveMounted, reopen } from './proof.ts'
import { waitForReboot } from './reboot.ts'
import { authorizeRoot, changeOwners, endLeftovers, releaseDisks, requestReboot } from './remote.ts'
import { systemOutput } from './result.ts'
import { isFormatted } from './second-look.ts'
import { obtainSystem, type System } from './system.ts'

type Input = Inputs['nixos.install']
type Output = Outputs['nixos.install']

/** Seconds in which a machine that is up must let us in. */
const loginSeconds = 120
/** Seconds for cleaning up on the installer after an abort. */
const cleanUpSeconds = 30

/** What an installation is about. */
export interface Parts {
  readonly input: Input
  readonly context: Context
  readonly target: Target
  /** What an earlier run noted. */
  readonly note: Note | undefined
  readonly program: NixosAnywhere
  readonly log: LogFile | undefined
}

/** One installation, from the build to the proof. */
export class Installation {
  readonly #parts: Parts
  readonly #guest: Guest
  /** Whether the machine was cleaned up after an abort; `undefined` where there was nothing to be cleaned up. */
  #cleaned: boolean | undefined
  /** What is noted while the disks are formatted, where the VM has a note. */
  #begun: Note | undefined

  constructor(parts: Parts) {
    const { input, target, context } = parts
    this.#parts = parts
    this.#guest = new Guest(input, target, (message) => context.emit({ type: 'warning', message }))
  }

  async run(): Promise<Output> {
    try {
      return await this.#run()
    } catch (error) {
      // Then what is on them is somebody else's, blank as they were.
      const areTaken = isNciError(error, 'INSTALL_MACHINE_CHANGED') && error.details.changed === 'disks'
      await this.#stop(areTaken)
      throw error
    }
  }

  async #run(): Promise<Output> {
    const input = this.#parts.input
    const context = this.#parts.context
    using workspace = new Workspace()
    const system = await obtainSystem(this.#parts)
    const own = await this.#ownHostKey(workspace)
    const files = workspace.collectFiles(input.extra_files, own, input.host_key_file !== undefined)
    // A key of its own for this run: the user's may be encrypted, or in an agent, and stays here.
    const loginKey = await workspace.makeKey('id', 'nci', context.signal)

    context.emit({ type: 'phase', phase: 'looking at the machine' })
    const reached = await this.#logIn()
    this.#assertTrusted(reached)
    // The installer's key becomes the system's, where it is copied.
    const hostKey = files.hostKey ?? (input.copy_host_keys ? reached.hostKey : undefined)
    const report = await this.#install(workspace, system, reached, { loginKey, files: files.folder, hostKey })

    context.emit({ type: 'phase', phase: 'proving the result' })
    const installed = await this.#finishOnInstaller(reached, system, hostKey)
    const rebooted = input.reboot ? await waitForReboot(this.#parts, installed) : undefined
    return systemOutput(input, this.#parts.target, {
      address: rebooted?.proof.address ?? (await this.#guest.address()) ?? reached.address,
      system: installed.system,
      hostKey: hostKey ?? rebooted?.proof.hostKey,
      state: rebooted?.proof.state,
      phases: [...report.phases, ...(rebooted === undefined ? [] : [rebooted.phase])],
      program: this.#parts.program,
      logFile: this.#parts.log?.path,
    })
  }

  /** The host key that is shipped: the user's, or one that is made. */
  async #ownHostKey(workspace: Workspace): Promise<KeyPair | undefined> {
    const { host_key_file, generate_host_key } = this.#parts.input
    if (host_key_file !== undefined) return workspace.takeKey('host_key', host_key_file)
    return generate_host_key
      ? workspace.makeKey('host_key', this.#parts.target.summary.name, this.#parts.context.signal)
      : undefined
  }

  /** The machine is up already: what does not let us in soon never will. */
  async #logIn(): Promise<ReachedGuest> {
    const { ssh_host } = this.#parts.input
    const context = this.#parts.context
    using limit = deadline(context.signal, loginSeconds, 'the login to the installer')
    const expectation = {
      expect: 'any',
      timeout: loginSeconds,
      ...(ssh_host === undefined ? {} : { ssh_host }),
    } as const
    const waiting = { ...context, signal: limit.signal }
    return (await waitForGuest(expectation, waiting, this.#guest, this.#parts.target)).reached
  }

  /**
   * Secrets are not handed to a machine that merely answered first, unless the user has said so.
   *
   * @throws {NciError} `SSH_HOST_KEY_UNKNOWN`
   */
  #assertTrusted({ hostKeySource, address }: ReachedGuest): void {
    const { disk_encryption_keys, extra_files, host_key_file, ssh_host_key_checking } = this.#parts.input
    const hasSecrets =
      disk_encryption_keys !== undefined || extra_files !== undefined || host_key_file !== undefined
    if (hostKeySource === 'first-use' && hasSecrets && ssh_host_key_checking !== 'accept-new')
      throw new NciError('SSH_HOST_KEY_UNKNOWN', { address: formatAddress(address) })
  }

  /** Guarded by what the machine is, and by what is on its disks; looked at again by each command that is run there. */
  async #install(
    workspace: Workspace,
    system: System,
    reached: Reached,
    own: { loginKey: KeyPair; files: string | undefined; hostKey: string | undefined },
  ): Promise<InstallReport> {
    const input = this.#parts.input
    const { signal } = this.#parts.context
    const { host, port } = reached.address
    await using session = await reopen(this.#guest, reached, signal)
    const address = formatAddress(reached.address)
    const judged = await lookAgain(this.#parts, address)
    const parts = { ...this.#parts, ...judged }
    const disks = await clearDisks(session, reached, system.script, parts)
    this.#begun = await noteStart(judged, this.#parts.context, address, {
      disks: disks.own,
      hostKey: own.hostKey,
      system: system.wanted,
      boot: reached.facts.bootId,
    })
    const proxyCommand = await this.#guest.proxyCommand(reached.address)
    const route = { proxyCommand, sshOptions: input.ssh_options ?? [], look: disks.look }
    workspace.pinHostKey(reached.hostKey, host, route)
    await authorizeRoot(session, own.loginKey.publicKey, signal)
    try {
      return await runNixosAnywhere(
        {
          program: this.#parts.program,
          workspace,
          system: system.source,
          host,
          port,
          keyFile: own.loginKey.file,
          phases: disks.isMounted ? ['install'] : ['disko', 'install'],
          buildOn: system.place,
          diskoMode: input.disko_mode,
          noDiskoDeps: input.no_disko_deps,
          hardwareConfig: input.generate_hardware_config,
          substituteOnDestination: input.substitute_on_destination,
          useMachineSubstituters: input.use_machine_substituters,
          showTrace: input.show_trace,
          printBuildLogs: input.print_build_logs,
          fromStore: input.from_store,
          sshStoreSettings: input.ssh_store_settings ?? [],
          copyHostKeys: input.copy_host_keys,
          extraFiles: own.files,
          diskEncryptionKeys: input.disk_encryption_keys ?? [],
          nixOptions: input.nix_options ?? {},
          silenceTimeout: input.silence_timeout,
          onLine: (line, stream) => this.#parts.log?.line(line, stream === 'stdout' ? 'O' : 'E'),
          onAbort: () => this.#cleanUp(reached),
        },
        this.#parts.context,
      )
    } catch (error) {
      if (this.#cleaned === undefined || !(error instanceof NciError)) throw error
      throw error.withDetails({ cleaned: this.#cleaned })
    }
  }

  /** The new system is on the disk and mounted: what is left to do from the installer. */
  async #finishOnInstaller(
    reached: Reached,
    { script, wanted }: System,
    hostKey: string | undefined,
  ): Promise<Omit<Finished, 'state'>> {
    const { input, context, target } = this.#parts
    const { signal } = context
    await using session = await reopen(this.#guest, reached, signal)
    const system = await proveMounted(session, wanted, signal)
    if (!(await isFormatted(session, script, signal))) {
      const reason = 'the disks were not looked at again by what formatted them'
      throw new NciError('INSTALL_UNPROVEN', { reason })
    }
    await changeOwners(session, input.chown ?? [], signal)
    await releaseDisks(session, signal)
    const installed = { system, hostKey, flake: input.flake, boot: reached.facts.bootId }
    // Noted before it reboots: whoever comes next would not know what this machine is.
    const finished = { ...installed, state: input.reboot ? 'rebooting' : 'in the installer' } as const
    const begun = { note: this.#begun, address: formatAddress(reached.address) }
    await noteEnd(target, context, finished, begun)
    this.#begun = undefined
    if (input.reboot) await requestReboot(session, signal)
    return installed
  }

  async #stop(areTaken: boolean): Promise<void> {
    const { target, context } = this.#parts
    if (this.#begun !== undefined) await noteStop(target, context, this.#begun, areTaken)
  }

  /** After an abort the installer may still be working; the run's own time is over, so this has its own. */
  async #cleanUp(reached: Reached): Promise<void> {
    const signal = AbortSignal.timeout(cleanUpSeconds * 1000)
    try {
      await using session = await reopen(this.#guest, reached, signal)
      await endLeftovers(session, signal)
      await releaseDisks(session, signal)
      this.#cleaned = true
    } catch {
      // The machine is gone or busy; the next run begins with the same.
      this.#cleaned = false
    }
  }
}
