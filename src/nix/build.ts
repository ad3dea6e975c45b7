import { NciError, reasonOf } from '../core/errors.ts'
import type { Context } from '../core/step.ts'
import { nixEnvironment } from './environment.ts'
import { configPath } from './flake.ts'
import { runProgram } from './process.ts'
import { findNix, nixFeatures } from './programs.ts'

/** What nixos-anywhere needs of a system that is built already. */
export interface BuiltSystem {
  readonly disko_script: string
  readonly system: string
}

/** What of a system is built, and how. */
export interface BuildVariant {
  readonly disko_mode: 'disko' | 'mount'
  /** disko's script comes without the programs that it needs. */
  readonly no_disko_deps: boolean
  readonly show_trace: boolean
}

const usual: BuildVariant = { disko_mode: 'disko', no_disko_deps: false, show_trace: false }
const keptLines = 40

/**
 * Builds the disko script and the closure of a flake's system.
 *
 * @param flake `URI#attribute`, as nixos-anywhere takes it
 * @throws {NciError} `NIX_UNUSABLE`, `FLAKE_NOT_FOUND`, `NIX_BUILD_FAILED`
 */
export async function buildSystem(
  flake: string,
  options: Readonly<Record<string, string>>,
  context: Context,
  onLog: (line: string) => void = () => undefined,
  { disko_mode, no_disko_deps, show_trace }: BuildVariant = usual,
): Promise<BuiltSystem> {
  const installables = [scriptName({ disko_mode, no_disko_deps }), 'toplevel'].map((output) =>
    installable(flake, output),
  )
  const printed = await runBuild(installables, { flake, options, show_trace, onLog }, context)
  // In the order of the installables.
  const [disko_script, system] = printed
  if (disko_script === undefined || system === undefined) {
    throw new NciError('NIX_UNUSABLE', { reason: 'it did not print the paths that it built' })
  }
  return { disko_script, system }
}

/** What of `system.build` formats the disks. */
export function scriptName({
  disko_mode,
  no_disko_deps,
}: Pick<BuildVariant, 'disko_mode' | 'no_disko_deps'>): string {
  return `${disko_mode}Script${no_disko_deps ? 'NoDeps' : ''}`
}

export interface Build {
  /** What the errors speak of. */
  readonly flake: string
  /** The user's options for Nix. */
  readonly options: Readonly<Record<string, string>>
  readonly show_trace?: boolean
  /** What does not need a failed build is built all the same. */
  readonly keepGoing?: boolean
  onLog?(line: string): void
}

/**
 * Builds, with progress, and gives the store paths that Nix prints.
 *
 * @throws {NciError} `NIX_UNUSABLE`, `FLAKE_NOT_FOUND`, `NIX_BUILD_FAILED`
 */
export async function runBuild(
  installables: readonly string[],
  { flake, options, show_trace, keepGoing, onLog }: Build,
  context: Context,
): Promise<string[]> {
  const nix = findNix()
  const paths: string[] = []
  const errors: string[] = []
  const parse = progressParser(context)
  const code = await runProgram({
    file: nix,
    arguments: [
      ...nixFeatures,
      'build',
      '--no-link',
      '--print-out-paths',
      '--log-format',
      'internal-json',
      ...(show_trace ? ['--show-trace'] : []),
      ...(keepGoing ? ['--keep-going'] : []),
      ...installables,
    ],
    environment: nixEnvironment(options),
    signal: context.signal,
    onLine(line, stream) {
      if (stream === 'stdout') {
        paths.push(line.trim())
        return
      }
      const text = parse(line)
      if (text === undefined) return
      for (const part of text.split('\n')) {
        onLog?.(part)
        context.emit({ type: 'log', line: part })
        errors.push(part)
        if (errors.length > keptLines) errors.shift()
      }
    },
  }).catch((error: unknown) => {
    context.signal.throwIfAborted()
    throw new NciError('NIX_UNUSABLE', { reason: reasonOf(error) }, { cause: error })
  })
  if (code !== 0) throw buildError(flake, installables.at(-1) ?? flake, errors)
  return paths.filter((path) => path.startsWith('/nix/store/'))
}

function installable(flake: string, output: string): string {
  const [uri = '', attribute = ''] = flake.split('#')
  return `${uri}#${configPath(attribute)}.system.build.${output}`
}

/** What failed, from the end of what Nix printed. */
function buildError(flake: string, wanted: string, lines: readonly string[]): NciError {
  const reason = failureReason(lines)
  if (
    /experimental (Nix )?feature|unrecognised flag|is not a recognised command|unknown (setting|flag)/i.test(
      reason,
    )
  ) {
    return new NciError('NIX_UNUSABLE', { reason, log: lines })
  }
  if (
    /does not provide attribute|could not find a flake|no flake.nix|does not exist|cannot find flake|unable to download/.test(
      reason,
    )
  ) {
    return new NciError('FLAKE_NOT_FOUND', { flake, reason: shortened(reason), log: lines })
  }
  return new NciError('NIX_BUILD_FAILED', { flake, reason, installable: `'${wanted}'`, log: lines })
}

/** Nix names each place where it looked for an attribute, the plain one last. */
function shortened(reason: string): string {
  return reason.replace(/^flake '.*' does not provide attribute .*'([^']+)'/, 'it does not provide `$1`')
}

/** Why Nix failed, from what it printed: its last error, without those of all that needed what failed. */
export function failureReason(lines: readonly string[]): string {
  const told = lines.filter((line) => !/dependenc(y|ies) of derivation/.test(line))
  const last = told.findLastIndex((line) => /\berror:\s*\S/.test(line))
  const [, error] = /\berror:\s*(\S.*)$/.exec(told[last] ?? '') ?? []
  // Newer ones say which build it was in one line, and why in the next.
  const [, cause] = /^\s*Reason: (.*)$/.exec(told[last + 1] ?? '') ?? []
  const reason = error ?? lines.findLast((line) => line.trim() !== '') ?? 'Nix said nothing'
  return (cause === undefined ? reason : `${reason.replace(/\.$/, ':')} ${cause}`).trim().replace(/;$/, '')
}

/** Nix's activities, by number, in its `internal-json` log. */
const activity = { copyPaths: 103, builds: 104 }
const resultProgress = 105

/**
 * Reads Nix's `@nix {…}` lines: progress becomes events; what is a message is given back.
 */
export function progressParser(context: Context): (line: string) => string | undefined {
  const kinds = new Map<number, number>()
  const counts = new Map<number, { done: number; expected: number }>()
  return (line) => {
    if (!line.startsWith('@nix ')) return line
    const entry = parseJson(line.slice(5))
    if (entry === undefined) return undefined
    if (entry.action === 'start') {
      kinds.set(entry.id ?? 0, entry.type ?? 0)
      return entry.level !== undefined && entry.level <= 3 && entry.text ? strip(entry.text) : undefined
    }
    if (entry.action === 'result' && entry.type === resultProgress) {
      const kind = kinds.get(entry.id ?? 0)
      if (kind !== activity.builds && kind !== activity.copyPaths) return undefined
      const [done = 0, expected = 0] = entry.fields ?? []
      counts.set(entry.id ?? 0, { done: Number(done), expected: Number(expected) })
      const all = [...counts.values()]
      const total = all.reduce((sum, count) => sum + count.expected, 0)
      if (total > 0) {
        const sum = all.reduce((whole, count) => whole + count.done, 0)
        context.emit({ type: 'progress', done: sum, total, unit: 'items' })
      }
      return undefined
    }
    if (entry.action === 'msg') return strip(entry.msg ?? entry.raw_msg ?? '')
    // A line of a build's own log.
    return entry.action === 'result' && entry.type === 101
      ? strip(String(entry.fields?.[0] ?? ''))
      : undefined
  }
}

interface NixEntry {
  readonly action: 'start' | 'stop' | 'result' | 'msg'
  readonly id?: number
  readonly type?: number
  readonly level?: number
  readonly text?: string
  readonly msg?: string
  readonly raw_msg?: string
  readonly fields?: readonly (string | number)[]
}

function parseJson(text: string): NixEntry | undefined {
  try {
    return JSON.parse(text) as NixEntry
  } catch {
    return undefined
  }
}

function strip(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours are made of them
  return text.replace(/\u001b\[[0-9;]*m/g, '')
}
