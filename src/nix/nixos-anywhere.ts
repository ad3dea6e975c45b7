import { NciError, reasonOf } from '../core/errors.ts'
import type { Context } from '../core/step.ts'
import { nixEnvironment } from './environment.ts'
import { causeOf, type InstallPhase, phaseOf } from './markers.ts'
import { runProgram } from './process.ts'
import type { Program } from './programs.ts'
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
  readonly phases: readonly ('disko' | 'install' | 'reboot')[]
  readonly buildOn: 'local' | 'remote'
  readonly extraFiles: string | undefined
  readonly diskEncryptionKeys: readonly { readonly remote: string; readonly local: string }[]
  readonly nixOptions: Readonly<Record<string, string>>
  /** Seconds without any output. */
  readonly silenceTimeout: number
  onLine(line: string, stream: 'stdout' | 'stderr'): void
  /** It was ended before its end: what it left on the machine is to be cleaned up. */
  onAbort(): Promise<void>
}

/** What a run did. */
export interface InstallReport {
  /** Seconds by phase, in order. */
  readonly phases: readonly { readonly phase: string; readonly seconds: number }[]
}

const phaseTexts: Readonly<Record<InstallPhase, string>> = {
  prepare: 'nixos-anywhere prepares',
  kexec: 'booting an installer with kexec',
  disko: 'partitioning and formatting',
  copy: 'copying the system',
  install: 'installing NixOS',
  reboot: 'rebooting',
  done: 'nixos-anywhere is done',
}

const keptLines = 30

/**
 * Runs nixos-anywhere to its end. It never exits where the login fails, so that is looked for in what it prints.
 *
 * @throws {NciError} `INSTALL_FAILED`, `INSTALL_SILENT`, `SSH_HOST_KEY_MISMATCH`, `NIXOS_ANYWHERE_MISSING`
 */
export async function runNixosAnywhere(installation: Installation, context: Context): Promise<InstallReport> {
  const watch = new PhaseWatch(context)
  const lines: string[] = []
  const stop = new AbortController()
  const silence = setTimeout(
    () =>
      stop.abort(
        new NciError('INSTALL_SILENT', { seconds: installation.silenceTimeout, phase: watch.phase }),
      ),
    installation.silenceTimeout * 1000,
  )
  const failed = (): NciError => failure(installation, watch.phase, lines)
  try {
    const code = await runProgram({
      file: installation.program.file,
      arguments: [...installation.program.arguments, ...argumentsOf(installation)],
      environment: environmentOf(installation),
      signal: AbortSignal.any([context.signal, stop.signal]),
      onAbort: () => installation.onAbort(),
      onLine(line, stream) {
        silence.refresh()
        installation.onLine(line, stream)
        lines.push(line)
        if (lines.length > keptLines) lines.shift()
        watch.line(line, stream)
        // While it reboots any failing ssh means only that the installer is gone.
        if (watch.phase !== 'reboot' && hopeless.test(line)) stop.abort(failed())
      },
    })
    if (code !== 0) {
      await installation.onAbort()
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

/** What it would try again for ever. */
const hopeless =
  /Host key verification failed|Permission denied \((publickey|password|keyboard-interactive|gssapi)|Too many authentication failures/

function failure(installation: Installation, phase: InstallPhase, lines: readonly string[]): NciError {
  const cause = causeOf(phase, lines)
  const log = lines.filter((line) => line.trim() !== '').slice(-12)
  if (cause.kind === 'host-key') {
    return new NciError('SSH_HOST_KEY_MISMATCH', {
      address: `${installation.host}:${installation.port}`,
      actual: 'another one',
      way: 'the installer booted again with a new one',
      log,
    })
  }
  return new NciError('INSTALL_FAILED', {
    phase,
    reason: cause.reason,
    way: cause.way,
    cause: cause.kind,
    log,
  })
}

function argumentsOf(installation: Installation): string[] {
  const { system } = installation
  return [
    ...(typeof system === 'string'
      ? ['--flake', system]
      : ['--store-paths', system.disko_script, system.system]),
    ...['--phases', installation.phases.join(',')],
    ...['--build-on', installation.buildOn],
    ...['-i', installation.keyFile],
    ...['-p', String(installation.port)],
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

function environmentOf({ workspace, nixOptions }: Installation): Record<string, string | undefined> {
  const { SSH_AUTH_SOCK: _, SSH_PRIVATE_KEY: __, ...inherited } = nixEnvironment(nixOptions)
  return {
    ...inherited,
    // Its key copies and sockets go where they are removed for sure.
    TMPDIR: workspace.temporary,
    PATH: `${workspace.programs}:${process.env.PATH ?? ''}`,
  }
}

/** Follows the phases and the copying, as events and with times. */
class PhaseWatch {
  phase: InstallPhase = 'prepare'
  readonly #context: Context
  readonly #times: { phase: string; seconds: number }[] = []
  #began = performance.now()
  #copied = 0
  #toCopy = 0

  constructor(context: Context) {
    this.#context = context
    context.emit({ type: 'phase', phase: phaseTexts.prepare })
  }

  line(line: string, stream: 'stdout' | 'stderr'): void {
    const next = stream === 'stdout' ? phaseOf(line) : undefined
    if (next !== undefined && next !== this.phase) {
      this.#close()
      this.phase = next
      this.#context.emit({ type: 'phase', phase: phaseTexts[next] })
    }
    const announced = /^copying (\d+) paths/.exec(line)?.[1]
    if (announced !== undefined) {
      this.#toCopy = Number(announced)
      this.#copied = 0
    } else if (/^copying path '/.test(line) && this.#toCopy > 0) {
      this.#copied = Math.min(this.#copied + 1, this.#toCopy)
      this.#context.emit({ type: 'progress', done: this.#copied, total: this.#toCopy, unit: 'items' })
    } else if (line.trim() !== '') {
      this.#context.emit({ type: 'log', line })
    }
  }

  end(): readonly { phase: string; seconds: number }[] {
    this.#close()
    return this.#times
  }

  #close(): void {
    const now = performance.now()
    if (this.phase !== 'done')
      this.#times.push({ phase: this.phase, seconds: Math.round((now - this.#began) / 100) / 10 })
    this.#began = now
  }
}
