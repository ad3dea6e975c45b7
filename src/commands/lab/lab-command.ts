import { existsSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Command, Flags } from '@oclif/core'
import { printFailure } from '../../cli/failure-text.ts'
import { abortOnSignals } from '../../cli/signals.ts'
import { usageError } from '../../cli/usage.ts'
import { type Details, type ErrorCode, NciError, reasonOf } from '../../core/errors.ts'
import { failure } from '../../core/run.ts'
import type { Sandbox, SandboxConfig } from '../../lab/sandbox.ts'
import { readLabConfig } from './lab-config.ts'

export const labFlags = {
  folder: Flags.string({
    helpValue: 'DIR',
    description:
      'Folder for everything; kept, and found again by a later start. Unless given: a temporary one.',
  }),
  port: Flags.integer({
    min: 1,
    max: 65535,
    description:
      'Port of the API. Unless given: that of the last lab in the folder, where it is free, or any free one.',
  }),
  config: Flags.string({
    helpValue: 'FILE',
    description:
      'JSON file with what there is (`version`, `nodes`, `storages`, `pools`, `users`, `groups`, `tokens`, `roles`, `acl`), what its guests are (`guests`, `qemu`), how slow it is and what goes wrong (`latency`, `faults`, `guestLatency`, `guestFaults`); `nci schema lab` describes it.',
  }),
  verbose: Flags.boolean({ char: 'v', description: 'Print the log of the API on stderr.' }),
}

/** Of the commands whose guests may be real ones. */
export const guestFlags = {
  guests: Flags.option({
    options: ['simulated', 'qemu'] as const,
    description:
      'What VMs are: `simulated` ones need nothing; `qemu` boots them for real, with QEMU 10 or newer. Unless given: simulated.',
  })(),
  'guest-memory': Flags.integer({
    min: 64,
    helpValue: 'MIB',
    description: 'The most memory that a real guest gets, whatever its VM is to have.',
  }),
  'guest-cpus': Flags.integer({
    min: 1,
    helpValue: 'NUMBER',
    description: 'The most processors that a real guest gets.',
  }),
  'qemu-programs': Flags.string({
    helpValue: 'DIR',
    env: 'NCI_QEMU_PROGRAMS',
    description: 'Folder of QEMU’s programs. Unless given: they are looked for in PATH.',
  }),
}

interface LabFlags {
  readonly folder?: string | undefined
  readonly port?: number | undefined
  readonly config?: string | undefined
  readonly verbose: boolean
  readonly guests?: 'simulated' | 'qemu' | undefined
  readonly 'guest-memory'?: number | undefined
  readonly 'guest-cpus'?: number | undefined
  readonly 'qemu-programs'?: string | undefined
}

/** A command that runs the embedded Proxmox. */
export abstract class LabCommand extends Command {
  signal(): AbortSignal {
    return abortOnSignals(() => (this.id ?? 'lab').replace(':', '.'))
  }

  /** Starts the lab of the flags, with what it is told on top of these settings. */
  async open(flags: LabFlags, settings: SandboxConfig = {}): Promise<Sandbox> {
    const help = `nci ${(this.id ?? 'lab start').replace(':', ' ')} --help`
    const isNew = flags.folder === undefined || !existsSync(join(flags.folder, 'pve'))
    const config = flags.config === undefined ? {} : await readLabConfig(flags.config, isNew)
    assertRealGuests(flags, config, help)
    // A file of its own in the bundle: the engine does not carry the lab around.
    const { openSandbox } = await import('../../lab/sandbox.ts')
    try {
      const sandbox = await openSandbox({
        ...settings,
        ...config,
        ...guestsOf(flags, config),
        folder: flags.folder,
        port: flags.port,
        log: (line, isNotice) => {
          if (flags.verbose || isNotice) process.stderr.write(`${line}\n`)
        },
      })
      writeFileSync(join(sandbox.folder, 'environment'), shellLines(sandbox), { mode: 0o600 })
      return sandbox
    } catch (error) {
      if (error instanceof Error && error.name === 'NciError') throw ownError(error as NciError)
      const way = 'Choose another `--folder` or `--port`; it also needs `ssh` and `ssh-keygen` in PATH.'
      throw new NciError('LAB_FAILED', { reason: reasonOf(error), way }, { cause: error })
    }
  }

  override async catch(error: unknown): Promise<void> {
    const thrown = usageError(error, this.id ?? 'lab')
    process.exitCode = thrown instanceof NciError ? thrown.exitCode : 1
    await printFailure(failure((this.id ?? 'lab').replace(':', '.'), thrown), this.argv)
  }
}

/** The lab is a bundle of its own, with a class of its own for errors. */
function ownError({ code, details }: NciError): NciError {
  return new NciError(code, details as Details<ErrorCode>)
}

/** @throws {NciError} `USAGE` where simulated guests are given what only real ones have */
function assertRealGuests(flags: LabFlags, config: SandboxConfig, help: string): void {
  if ((flags.guests ?? config.guests) === 'qemu') return
  for (const name of ['guest-memory', 'guest-cpus'] as const) {
    if (flags[name] === undefined) continue
    throw new NciError('USAGE', { reason: `--${name} is of use with --guests qemu only`, help })
  }
}

/** The flags win over the file. */
function guestsOf(flags: LabFlags, config: SandboxConfig): Pick<SandboxConfig, 'guests' | 'qemu'> {
  const { qemu = {} } = config
  return {
    guests: flags.guests ?? config.guests,
    qemu: {
      ...qemu,
      programs: flags['qemu-programs'] ?? qemu.programs,
      maxMemoryMiB: flags['guest-memory'] ?? qemu.maxMemoryMiB,
      maxCpus: flags['guest-cpus'] ?? qemu.maxCpus,
    },
  }
}

/** For a shell to read: what belongs to the lab comes before what that shell has in its PATH, this program as well. */
function shellLines({ environment, programs }: Sandbox): string {
  const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
  const { PATH: _, ...others } = environment
  const lines = Object.entries(others).map(([name, value]) => `export ${name}=${quoted(value)}`)
  const own = dirname(process.argv[1] ?? '.')
  const first = (programs === undefined ? [own] : [programs, own]).map(quoted).join(':')
  const note = "# `nix` and `nixos-anywhere` are the lab's stand-ins here: they build and install toys."
  return [...lines, ...(programs === undefined ? [] : [note]), `export PATH=${first}:"$PATH"`, ''].join('\n')
}
