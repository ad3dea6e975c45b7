import { NciError, reasonOf } from '../core/errors.ts'
import type { Context } from '../core/step.ts'
import { causeOf } from './causes.ts'
import { nixEnvironment } from './environment.ts'
import { HopelessWatch } from './hopeless.ts'
import type { InstallPhase } from './markers.ts'
import { PhaseWatch } from './phase-watch.ts'
import { runProgram } from './process.ts'
import type { Program } from './programs.ts'
import { refusals } from './ssh-wrapper.ts'
import { hostAlias, type Workspace } from './workspace.ts'

/** One run of nixos-anywhere. */
export interface Installation {
  readonly program: Program
  readonly workspace: Workspace
  /** A flake's `URI#attribute`, or what was built of it. */
  readonly system: string | { readonly disko_script: string; readonly system: string }
  readonly host: string
  readonly port: number
  /** File of the key that root may log in with. */
  readonly keyFile: string
  readonly phases: readonly ('disko' | 'install')[]
  /** Where a flake is built; what is built already is only copied. */
  readonly buildOn: 'local' | 'remote'
  /** Which of disko's scripts a flake's is; what is built already is one of them. */
  readonly diskoMode: 'disko' | 'mount'
  readonly noDiskoDeps: boolean
  readonly hardwareConfig: { readonly backend: string; readonly path: string } | undefined
  readonly substituteOnDestination: boolean
  readonly useMachineSubstituters: boolean
  readonly showTrace: boolean
  readonly printBuildLogs: boolean
  /** Store that is copied from, in place of this machine's. */
  readonly fromStore: string | undefined
  /** `name=value` */
  readonly sshStoreSettings: readonly string[]
  readonly copyHostKeys: boolean
  readonly extraFiles: string | undefined
  readonly diskEncryptionKeys: readonly { readonly remote: string; readonly local: string }[]
  readonly nixOptions: Readonly<Record<string, string>>
  /** Seconds without any output. */
  readonly silenceTimeout: number
  onLine(line: string, stream: 'stdout' | 'stderr'): void
  /** It was ended before its end, or failed: what it left on the machine is to be cleaned up. */
  onAbort(): Promise<void>
}

/** What a run did. */
export interface InstallReport {
  /** Seconds by phase, in order. */
  readonly phases: readonly { readonly phase: string; readonly seconds: number }[]
}

const keptLines = 30

/**
 * Runs nixos-anywhere to its end. It never exits where the login fails, so that is looked for in what it prints.
 *
 * @throws {NciError} `INSTALL_FAILED`, `INSTALL_SILENT`, `INSTALL_MACHINE_CHANGED`, `SSH_HOST_KEY_MISMATCH`,
 *   `NIXOS_ANYWHERE_MISSING`
 */
export async function runNixosAnywhere(installation: Installation, context: Context): Promise<InstallReport> {
  const watch = new PhaseWatch(context)
  const hopeless = new HopelessWatch(installation.host)
  const lines: string[] = []
  const stop = new AbortController()
  const silence = setTimeout(
    () => stop.abort(silent(installation, watch.phase, lines)),
    installation.silenceTimeout * 1000,
  )
  const failed = (): NciError => failure(installation, watch.phase, lines)
  // Where somebody else is at work, what is there is theirs.
  const cleanUp = async (): Promise<void> => {
    if (refusalIn(lines) === undefined) await installation.onAbort()
  }
  try {
    const code = await runProgram({
      file: installation.program.file,
      arguments: [...installation.program.arguments, ...argumentsOf(installation)],
      environment: environmentOf(installation),
      signal: AbortSignal.any([context.signal, stop.signal]),
      onAbort: cleanUp,
      onLine(line, stream) {
        silence.refresh()
        installation.onLine(line, stream)
        lines.push(line)
        if (lines.length > keptLines) lines.shift()
        watch.line(line, stream)
        if (hopeless.isHopeless(line, watch.phase)) stop.abort(failed())
      },
    })
    if (code !== 0) {
      await cleanUp()
      throw failed()
    }
    return { phases: watch.end() }
  } catch (error) {
    context.signal.throwIfAborted()
    if (error instanceof NciError) throw error
    throw new NciError('NIXOS_ANYWHERE_MISSING', { reason: reasonOf(error) }, { cause: error })
  } finally {
    clearTimeout(silence)
  }
}

function failure(installation: Installation, phase: InstallPhase, lines: readonly string[]): NciError {
  const address = `${installation.host}:${installation.port}`
  const log = endOf(lines)
  const refused = refusalIn(lines)
  if (refused !== undefined) {
    const changed = refused === refusals.otherBoot ? 'boot' : 'disks'
    const what = changed === 'boot' ? 'has booted again' : 'has other things on its disks'
    return new NciError('INSTALL_MACHINE_CHANGED', { address, what, changed, phase, log })
  }
  const cause = causeOf(phase, lines, installation.host)
  if (cause.kind === 'host-key') {
    return new NciError('SSH_HOST_KEY_MISMATCH', {
      address,
      actual: 'another one',
      way: 'the installer booted again with a new one',
      log,
    })
  }
  const { kind, reason, way } = cause
  return new NciError('INSTALL_FAILED', { phase, reason, way, cause: kind, log })
}

/** What the wrapper of ssh said, where it let a command not be run. */
function refusalIn(lines: readonly string[]): string | undefined {
  return Object.values(refusals).find((text) => lines.some((line) => line.includes(text)))
}

function silent(installation: Installation, phase: InstallPhase, lines: readonly string[]): NciError {
  const { kind, way } = causeOf(phase, lines, installation.host)
  const log = endOf(lines)
  return new NciError('INSTALL_SILENT', {
    seconds: installation.silenceTimeout,
    phase,
    last: log.at(-1)?.trim() ?? 'nothing at all',
    way: kind === 'other' ? '' : way,
    cause: kind,
    log,
  })
}

function endOf(lines: readonly string[]): string[] {
  return lines.filter((line) => line.trim() !== '').slice(-12)
}

function argumentsOf(installation: Installation): string[] {
  const { system, hardwareConfig } = installation
  const flag = (name: string, isGiven: boolean): string[] => (isGiven ? [name] : [])
  return [
    ...(typeof system === 'string'
      ? ['--flake', system, '--disko-mode', installation.diskoMode]
      : ['--store-paths', system.disko_script, system.system]),
    ...['--phases', installation.phases.join(',')],
    ...['--build-on', installation.buildOn],
    ...['-i', installation.keyFile],
    ...['-p', String(installation.port)],
    ...flag('--no-disko-deps', installation.noDiskoDeps),
    ...flag('--no-substitute-on-destination', !installation.substituteOnDestination),
    ...flag('--no-use-machine-substituters', !installation.useMachineSubstituters),
    ...flag('--show-trace', installation.showTrace),
    ...flag('--print-build-logs', installation.printBuildLogs),
    ...(installation.fromStore === undefined ? [] : ['--from', installation.fromStore]),
    ...installation.sshStoreSettings.flatMap(storeSetting),
    ...flag('--copy-host-keys', installation.copyHostKeys),
    ...(hardwareConfig === undefined
      ? []
      : ['--generate-hardware-config', hardwareConfig.backend, hardwareConfig.path]),
    ...(installation.extraFiles === undefined ? [] : ['--extra-files', installation.extraFiles]),
    ...installation.diskEncryptionKeys.flatMap(({ remote, local }) => [
      '--disk-encryption-keys',
      remote,
      local,
    ]),
    // Nix does not take IPv6 addresses in its URLs; the ssh of the workspace knows what the alias means.
    `root@${installation.host.includes(':') ? hostAlias : installation.host}`,
  ]
}

/** The value becomes part of a URI. */
function storeSetting(setting: string): string[] {
  const [name = '', ...value] = setting.split('=')
  return ['--ssh-store-setting', name, encodeURIComponent(value.join('='))]
}

function environmentOf({ workspace, nixOptions }: Installation): Record<string, string | undefined> {
  const { SSH_AUTH_SOCK: _, ...inherited } = nixEnvironment(nixOptions)
  return {
    ...inherited,
    // Nobody is there to answer, on no way.
    SSH_ASKPASS_REQUIRE: 'never',
    // Its key copies and sockets go where they are removed for sure.
    TMPDIR: workspace.temporary,
    PATH: `${workspace.programs}:${process.env.PATH ?? ''}`,
  }
}
