import { isNciError, NciError, toNciError } from '../../core/errors.ts'
import type { StepEvent } from '../../core/events.ts'
import { Places } from '../../core/places.ts'
import { findProgram } from '../../core/programs.ts'
import { closest } from '../../core/validate.ts'
import { configurationNames } from '../../nix/evaluate.ts'
import { configurationName } from '../../nix/flake.ts'
import type { Host } from './conflicts.ts'
import { listNames } from './names.ts'
import { Problems } from './problems.ts'

/** Seconds that Nix may take: it may have to fetch the inputs of a flake. */
const patience = 120
/** Each evaluation of a flake takes memory. */
const atOnce = 2
const shown = 10

export interface FlakeFindings {
  readonly problems: ReadonlyMap<string, readonly NciError[]>
  readonly warnings: readonly string[]
}

/**
 * Which hosts' flakes have no configuration for them. Each flake is evaluated once, as far as the names of its
 * configurations.
 *
 * @param hosts those that are yet to be installed; of one whose system is built already no flake is asked
 */
export async function examineFlakes(
  hosts: readonly Host[],
  { signal, emit }: { readonly signal: AbortSignal; emit(event: StepEvent): void },
): Promise<FlakeFindings> {
  const problems = new Problems()
  const warnings: string[] = []
  // Whether that is a mistake depends on where the systems are built.
  if (findProgram('nix') === undefined) return { problems: problems.byHost, warnings }
  const asking = hosts.filter(({ input }) => input.flake !== undefined && input.store_paths === undefined)
  const places = new Places(atOnce)
  await Promise.all(
    [...Map.groupBy(asking, keyOf).values()].map(async (group) => {
      using _ = await places.take(0, signal)
      const { flake = '', nix_options = {} } = group[0]?.input ?? {}
      const uri = uriOf(flake)
      emit({ type: 'phase', phase: `evaluating ${uri}` })
      try {
        const names = await configurationNames(uri, { seconds: patience, options: nix_options, signal })
        for (const { name, input } of group) problems.add(name, ...missing(input.flake ?? '', names))
      } catch (error) {
        signal.throwIfAborted()
        if (isNciError(error, 'ENGINE_BUG')) throw error
        // That alone is no fault of the flake.
        if (isNciError(error, 'TIMEOUT'))
          warnings.push(`Nix did not say within ${patience} seconds which systems ${uri} has.`)
        else for (const { name } of group) problems.add(name, toNciError(error))
      }
    }),
  )
  return { problems: problems.byHost, warnings }
}

function keyOf({ input }: Host): string {
  return JSON.stringify([uriOf(input.flake ?? ''), input.nix_options ?? {}])
}

function uriOf(flake: string): string {
  return flake.split('#')[0] ?? ''
}

function missing(flake: string, names: readonly string[]): NciError[] {
  const wanted = configurationName(flake)
  // A path to something else is Nix's to judge.
  if (wanted === undefined || names.includes(wanted)) return []
  const meant = closest(wanted, names)
  const has = names.length === 0 ? 'none' : listNames(names.slice(0, shown), names.length)
  const advice = meant === undefined ? '' : `; did you mean \`${meant}\`?`
  const what = wanted === '' ? 'it names no configuration' : `it has no \`nixosConfigurations.${wanted}\``
  return [new NciError('FLAKE_NOT_FOUND', { flake, reason: `${what}, there are ${has}${advice}` })]
}
