import { isNciError, NciError } from '../core/errors.ts'
import { counted } from '../core/format.ts'
import type { Context } from '../core/step.ts'
import { type BuildVariant, type BuiltSystem, runBuild, scriptName } from './build.ts'
import { type ConfigurationParts, evaluateConfigurations, type NixOptions } from './evaluate.ts'
import { configurationName } from './flake.ts'

/** With these Nix says at once that something is not built. */
const noBuilds = { 'max-jobs': '0', builders: '' }

/** Bytes of memory that the evaluation of a system may take, which Nix gives back at its end only. */
const memoryOfOne = 500 * 1024 ** 2
/** Systems that are evaluated at once, whatever memory there is: their names are in the command line. */
const [fewest, most] = [8, 200]

/** Seconds for the evaluation of some systems of a flake: it takes some for each. */
const evaluationSeconds = 7200

/**
 * Builds the systems of many hosts: those of a flake are evaluated together, as many at once as there is memory for, and
 * then all of them are built in one call, so that Nix builds what they share once and as much at once as it may.
 *
 * @param flakes `URI#name`
 * @returns what was built, by flake; what is absent has to be built by itself: that tells what is wrong with it
 * @throws {NciError} `NIX_UNUSABLE` where there is no Nix at all; the reason of the signal
 */
export async function buildSystems(
  flakes: readonly string[],
  options: Readonly<Record<string, string>>,
  context: Context,
  variant: BuildVariant,
): Promise<Map<string, BuiltSystem>> {
  const evaluated = await evaluateSystems(flakes, options, context, variant)
  const built = new Map([...evaluated].map(([flake, parts]) => [flake, systemOf(parts)]))
  if (evaluated.size === 0) return built
  const derivations = new Set([...evaluated.values()].flatMap((parts) => parts.map(([drv]) => drv)))
  const what = counted(evaluated.size, 'system')
  context.emit({ type: 'phase', phase: `building ${what}` })
  const build = { options, keepGoing: true, show_trace: variant.show_trace }
  try {
    await runBuild(installables(derivations), { ...build, flake: what }, context)
    return built
  } catch (error) {
    context.signal.throwIfAborted()
    if (!(error instanceof NciError)) throw error
  }
  // Something failed: who is not concerned goes on. What can be built is there by now, so nothing is built here.
  const look = { ...build, options: { ...options, ...noBuilds } }
  for (const [flake, parts] of evaluated) {
    const own = new Set(parts.map(([drv]) => drv))
    try {
      await runBuild(installables(own), { ...look, flake }, context)
    } catch {
      context.signal.throwIfAborted()
      built.delete(flake)
    }
  }
  return built
}

async function evaluateSystems(
  flakes: readonly string[],
  options: Readonly<Record<string, string>>,
  context: Context,
  variant: BuildVariant,
): Promise<Map<string, ConfigurationParts>> {
  const named = flakes.flatMap((flake) => {
    const name = isName(flake) ? configurationName(flake) : undefined
    return name === undefined ? [] : [{ flake, uri: flake.split('#')[0] ?? '', name }]
  })
  const evaluated = new Map<string, ConfigurationParts>()
  for (const [uri, group] of Map.groupBy(named, (one) => one.uri)) {
    const names = [...new Set(group.map(({ name }) => name))]
    context.emit({ type: 'phase', phase: `evaluating ${counted(names.length, 'system')} of ${uri}` })
    const nix = { seconds: evaluationSeconds, options, signal: context.signal }
    const found = await evaluateSound(uri, names, scriptName(variant), nix, context)
    for (const { flake, name } of group) {
      const parts = found.get(name)
      if (parts !== undefined) evaluated.set(flake, parts)
    }
  }
  return evaluated
}

/** Evaluations that may fail, of those of one flake: with more there is something wrong with all of it. */
const mostFailures = 40

/**
 * Evaluates those that can be. One that cannot spoils the others that it is evaluated with: it is singled out by halves, so
 * that a mistake in one of many costs about as much as a second evaluation. By itself it says what is wrong with it.
 */
async function evaluateSound(
  uri: string,
  names: readonly string[],
  script: string,
  nix: NixOptions,
  context: Context,
): Promise<Map<string, ConfigurationParts>> {
  const sound = new Map<string, ConfigurationParts>()
  const size = Math.min(most, Math.max(fewest, Math.floor(process.availableMemory() / memoryOfOne)))
  const waiting: (readonly string[])[] = []
  for (let end = names.length; end > 0; end -= size) waiting.push(names.slice(Math.max(0, end - size), end))
  let failures = 0
  for (let some = waiting.pop(); some !== undefined && failures < mostFailures; some = waiting.pop()) {
    try {
      const found = await evaluateConfigurations(uri, some, script, nix)
      for (const [name, parts] of Object.entries(found)) sound.set(name, parts)
    } catch (error) {
      context.signal.throwIfAborted()
      if (!(error instanceof NciError)) throw error
      failures++
      context.emit({ type: 'log', line: `${counted(some.length, 'system')} of ${uri}: ${error.message}` })
      const half = Math.ceil(some.length / 2)
      if (some.length > 1 && isNciError(error, 'FLAKE_NOT_FOUND'))
        waiting.push(some.slice(half), some.slice(0, half))
    }
  }
  return sound
}

/** Whether the attribute is a configuration's name and no path to something. */
function isName(flake: string): boolean {
  return !(flake.split('#')[1] ?? '').startsWith('nixosConfigurations.')
}

function installables(derivations: Iterable<string>): string[] {
  return [...derivations].map((derivation) => `${derivation}^out`)
}

function systemOf([[, disko_script], [, system]]: ConfigurationParts): BuiltSystem {
  return { disko_script, system }
}
