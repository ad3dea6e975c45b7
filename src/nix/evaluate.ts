import { deadline } from '../core/deadline.ts'
import { NciError, reasonOf } from '../core/errors.ts'
import { nixEnvironment } from './environment.ts'
import { configPath } from './flake.ts'
import { runProgram } from './process.ts'
import { findNix, nixFeatures } from './programs.ts'

/** How Nix is asked. */
export interface NixOptions {
  /** Seconds that an answer may take. */
  readonly seconds: number
  /** The user's options for Nix, by name. */
  readonly options: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

/** What a system is, as far as it can be told without building it. */
export interface SystemFacts {
  /** Whether the configuration has a disko script. */
  readonly disko: boolean
  /** `x86_64-linux`; null where the configuration does not say. */
  readonly platform: string | null
}

/** Where this machine's Nix can build. */
export interface BuildFacts {
  /** `x86_64-linux` */
  readonly system: string
  /** Other systems that it runs itself, by emulation. */
  readonly extraPlatforms: readonly string[]
  /** Its remote builders: a file as `@/etc/nix/machines`, or lines as in one. */
  readonly builders: string
}

/** The version of Nix: `2.28.3`, and what it calls itself. @throws {NciError} `NIX_UNUSABLE` */
export async function nixVersion(
  nix: NixOptions,
): Promise<{ readonly name: string; readonly version: string }> {
  const name = (await ask(['--version'], nix)).trim()
  return { name, version: /(?:^nix|\)) (\d+\.\d+(?:\.\d+)?)/.exec(name)?.[1] ?? '' }
}

/**
 * The names of a flake's `nixosConfigurations`; none of them is evaluated.
 *
 * @throws {NciError} `FLAKE_NOT_FOUND`, `NIX_UNUSABLE`, `TIMEOUT`
 */
export async function configurationNames(flake: string, nix: NixOptions): Promise<string[]> {
  const [uri] = flake.split('#')
  const names = await evaluate(flake, `${uri}#nixosConfigurations`, 'builtins.attrNames', nix)
  return names as string[]
}

/** What the modules of a system say of it; this evaluates some of them, which takes seconds. */
export async function systemFacts(flake: string, nix: NixOptions): Promise<SystemFacts> {
  const [uri, attribute = ''] = flake.split('#')
  return (await evaluate(flake, `${uri}#${configPath(attribute)}`, factsOfConfig, nix)) as SystemFacts
}

/** Derivation and output of a configuration's disko script, and of its system. */
export type ConfigurationParts = readonly [readonly [string, string], readonly [string, string]]

/**
 * What is to be built for configurations of a flake; this evaluates them whole, which takes seconds for each.
 *
 * @param script what of `system.build` formats the disks: `diskoScript`
 * @throws {NciError} `FLAKE_NOT_FOUND`, `NIX_UNUSABLE`, `TIMEOUT`
 */
export async function evaluateConfigurations(
  uri: string,
  names: readonly string[],
  script: string,
  nix: NixOptions,
): Promise<Readonly<Record<string, ConfigurationParts>>> {
  const quoted = names.map((name) => JSON.stringify(name).replaceAll('$', '\\$')).join(' ')
  const apply = `all: builtins.mapAttrs
  (name: one: map
    (part: map builtins.unsafeDiscardStringContext [ part.drvPath part.outPath ])
    [ one.config.system.build.${script} one.config.system.build.toplevel ])
  { inherit (all) ${quoted}; }`
  const found = await evaluate(uri, `${uri}#nixosConfigurations`, apply, nix)
  return found as Readonly<Record<string, ConfigurationParts>>
}

// What an option without a value throws can be caught; older configurations set another option.
const factsOfConfig = `config: {
  disko = config.system.build ? diskoScript;
  platform =
    let
      host = builtins.tryEval config.nixpkgs.hostPlatform.system;
      older = builtins.tryEval config.nixpkgs.localSystem.system;
    in
    if host.success then host.value else if older.success then older.value else null;
}`

/** @throws {NciError} `NIX_UNUSABLE` where it is too old to show its settings */
export async function buildFacts(nix: NixOptions): Promise<BuildFacts> {
  const printed = await ask([...nixFeatures, 'config', 'show', '--json'], nix)
  const settings = parseJson(printed) as Readonly<Record<string, { readonly value: unknown }>>
  const extra = settings['extra-platforms']?.value
  return {
    system: String(settings.system?.value ?? ''),
    extraPlatforms: Array.isArray(extra) ? extra.map(String) : [],
    builders: String(settings.builders?.value ?? ''),
  }
}

async function evaluate(
  flake: string,
  installable: string,
  apply: string,
  nix: NixOptions,
): Promise<unknown> {
  try {
    return parseJson(await ask([...nixFeatures, 'eval', '--json', '--apply', apply, installable], nix))
  } catch (error) {
    const { reason } = error instanceof NciError ? error.details : {}
    if (
      error instanceof NciError &&
      error.code === 'NIX_UNUSABLE' &&
      /experimental|unrecognised|not a recognised/.test(String(reason))
    )
      throw error
    if (reason === undefined) throw error
    throw new NciError('FLAKE_NOT_FOUND', { flake, reason: String(reason) }, { cause: error })
  }
}

/** What Nix prints. @throws {NciError} `NIX_UNUSABLE` with its last error, `TIMEOUT` */
async function ask(words: readonly string[], { seconds, options, signal }: NixOptions): Promise<string> {
  using limit = deadline(signal, seconds, `\`nix ${words.find((word) => /^[a-z]/.test(word)) ?? ''}\``)
  const [out, errors]: [string[], string[]] = [[], []]
  const code = await runProgram({
    file: findNix(),
    arguments: words,
    environment: nixEnvironment(options),
    signal: limit.signal,
    onLine: (line, stream) => (stream === 'stdout' ? out : errors).push(line),
  }).catch((error: unknown) => {
    limit.signal.throwIfAborted()
    throw new NciError('NIX_UNUSABLE', { reason: reasonOf(error) }, { cause: error })
  })
  if (code === 0) return out.join('\n')
  throw new NciError('NIX_UNUSABLE', { reason: lastError(errors) })
}

function lastError(lines: readonly string[]): string {
  const error = lines.flatMap((line) => /\berror:\s*(\S.*)$/.exec(line)?.[1] ?? []).at(-1)
  return (error ?? lines.findLast((line) => line.trim() !== '') ?? 'it said nothing').trim()
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new NciError('NIX_UNUSABLE', { reason: 'it did not print JSON' }, { cause: error })
  }
}
