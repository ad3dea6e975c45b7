import { abortable } from '../../core/deadline.ts'
import { counted } from '../../core/format.ts'
import { Places } from '../../core/places.ts'
import type { Context, Inputs } from '../../core/step.ts'
import { buildPlace } from '../../steps/nixos/building.ts'
import { isBuiltHere } from '../../steps/nixos/preflight.ts'
import type { Host } from './conflicts.ts'

type System = NonNullable<Inputs['provision']['store_paths']>

/** Built systems by flake; `undefined` where another machine builds them. */
type Systems = ReadonlyMap<string, System> | undefined

/** Does a build for so many hosts in a row of its own, and notes it for the report. */
type Work = (
  title: string,
  hosts: number,
  build: (context: Context) => Promise<'done' | 'skipped'>,
) => Promise<void>

/** Systems that are built by themselves: the evaluation of one may take gigabytes. */
const buildsAlone = 2

/** The systems of a batch's hosts: built together, in as few calls of Nix as their options allow. */
export class SharedSystems {
  readonly #work: Work
  /** By what systems have in common that are built in one call. */
  readonly #together = new Map<string, Promise<Systems>>()
  readonly #alone = new Places(buildsAlone)

  constructor(work: Work) {
    this.#work = work
  }

  /** Begins to build the systems of these hosts; one call after the other, as the evaluation of many takes gigabytes. */
  build(hosts: readonly Host[]): void {
    const wanted = hosts.filter(({ input }) => input.flake !== undefined && isBuiltHere(input))
    let before: Promise<unknown> = Promise.resolve()
    for (const [way, group] of Map.groupBy(wanted, ({ input }) => wayOf(input))) {
      const systems = before.then(() => this.#buildTogether(group))
      // Whoever needs it gets the error.
      before = systems.catch(() => undefined)
      this.#together.set(way, systems)
    }
  }

  /**
   * The built system of a host; by itself where it could not be built with the others, which then tells what is wrong.
   *
   * @returns `undefined` where another machine builds it
   */
  async of({ input }: Host, context: Context): Promise<System | undefined> {
    const { flake = '' } = input
    const together = this.#together.get(wayOf(input))
    if (together !== undefined) {
      const systems = await abortable(together, context.signal)
      if (systems === undefined) return undefined
      const built = systems.get(flake)
      if (built !== undefined) return built
    }
    const { buildSystem } = await import('../../nix/build.ts')
    if ((await buildPlace(input, input.architecture, context)) === 'remote') return undefined
    using _place = await this.#alone.take(0, context.signal)
    context.emit({ type: 'phase', phase: `building ${flake}` })
    return buildSystem(flake, input.nix_options ?? {}, context, undefined, input)
  }

  /** Waits until nothing is built together any more. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#together.values())
  }

  async #buildTogether(group: readonly Host[]): Promise<Systems> {
    const [input] = group.map((host) => host.input)
    if (input === undefined) return undefined
    let systems: Systems
    // Hosts may have the same one.
    const flakes = [...new Set(group.map((host) => host.input.flake ?? ''))]
    await this.#work(counted(flakes.length, 'system'), group.length, async (context) => {
      const { buildSystems } = await import('../../nix/build-many.ts')
      if ((await buildPlace(input, input.architecture, context)) === 'remote') return 'skipped'
      systems = await buildSystems(flakes, input.nix_options ?? {}, context, input)
      return 'done'
    })
    return systems
  }
}

/** Systems that are built in one call have this in common. */
function wayOf({
  nix_options,
  architecture,
  build_on,
  disko_mode,
  no_disko_deps,
  show_trace,
}: Host['input']): string {
  return JSON.stringify([nix_options, architecture, build_on, disko_mode, no_disko_deps, show_trace])
}
