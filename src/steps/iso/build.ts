import { NciError } from '../../core/errors.ts'
import { type Inputs, step } from '../../core/step.ts'
import { buildIso, generateIso } from '../../nix/iso-build.ts'
import { assertNix, evaluateIso, type IsoFacts, isInStore } from '../../nix/iso-evaluate.ts'
import { wayToBuild } from '../../nix/iso-foreign.ts'
import type { NixCall } from '../../nix/iso-run.ts'
import { type IsoTarget, isoTarget } from '../../nix/iso-target.ts'
import { ownFlake } from './build-flake.ts'
import { copyIso, copyOf, destinations, isoIn, linkedTo, makeFolderOf } from './build-result.ts'

type Input = Inputs['iso.build']

/**
 * Builds the installer ISO with Nix. What is to be built is evaluated first: where the store has it already, and the
 * link and the copy are those of it, there is nothing to do.
 */
export const isoBuild = step('iso.build', async (input, context) => {
  const call: NixCall = { options: nixOptions(input), context }
  const target = readTarget(input)
  const { outLink, copy } = await destinations(input)
  await assertNix(call)
  context.emit({ type: 'phase', phase: `evaluating ${target.subject}` })
  const generated = input.builder === 'nixos-generators'
  const facts = await evaluateIso(target, { generated, trace: input.show_trace }, call)
  assertArchitecture(target, facts)
  const isThere = await isInStore(facts.output, call)
  const way = isThere ? undefined : await wayToBuild(facts.system, call)
  const known = {
    architecture: input.architecture,
    ...(facts.version === null ? {} : { nixos_version: facts.version }),
    store_path: facts.output,
    out_link: outLink,
    installable: target.installable,
    emulated: way?.way === 'emulated',
    ...(way?.way === 'remotely' && { remote_builder: way.builder }),
    seconds: 0,
  }
  const linked = await linkedTo(outLink)
  if (isThere && linked === facts.output) {
    const built = await isoIn(facts.output, target.installable, context)
    const iso = copy === undefined ? built : await copyOf(built, copy, context)
    if (iso !== undefined) return { changed: false, output: { ...known, ...iso } }
  }
  return {
    changed: true,
    diff: [
      ...(linked === facts.output
        ? []
        : [{ what: outLink, ...(linked && { before: linked }), after: facts.output }]),
      ...(copy === undefined ? [] : [{ what: copy, after: `the ISO of ${facts.output}` }]),
    ],
    expected: known,
    async apply() {
      const began = performance.now()
      context.emit({ type: 'phase', phase: `building ${target.installable}` })
      if (known.emulated) {
        const message = `This machine emulates ${facts.system}: the build is several times slower than on such a machine.`
        context.emit({ type: 'warning', message })
      }
      makeFolderOf(outLink, 'out_link')
      await (generated ? generateIso(target, outLink, call) : buildIso(target, facts, outLink, call))
      const seconds = isThere ? 0 : Math.round((performance.now() - began) / 100) / 10
      const store_path = (await linkedTo(outLink)) ?? facts.output
      const built = await isoIn(store_path, target.installable, context)
      const iso = copy === undefined ? built : await copyIso(built, copy)
      return { ...known, ...iso, store_path, seconds }
    },
  }
})

function readTarget({ flake, attribute, architecture, builder }: Input): IsoTarget {
  const [uri, fragment] = flake?.split('#') ?? []
  if (fragment !== undefined && attribute !== undefined) {
    throw invalid(`\`attribute\` and the \`#${fragment}\` of \`flake\` exclude each other`)
  }
  const target = isoTarget(uri ?? ownFlake(), attribute ?? fragment, architecture)
  if (builder === 'nixos-generators' && target.configuration === undefined) {
    throw invalid('nixos-generators builds configurations: `attribute` must be the name of one')
  }
  return target
}

function invalid(problems: string): NciError {
  return new NciError('INPUT_INVALID', { problems, step: 'iso.build' })
}

function nixOptions({ nix_options = {}, builders }: Input): Readonly<Record<string, string>> {
  return { ...nix_options, ...(builders && { builders: builders.join(' ; ') }) }
}

function assertArchitecture({ installable, system }: IsoTarget, { platform }: IsoFacts): void {
  if (platform === system) return
  throw new NciError('ISO_ARCHITECTURE_WRONG', { installable, actual: platform, wanted: system })
}
