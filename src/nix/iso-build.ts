import { findProgram } from '../core/programs.ts'
import { buildError } from './iso-errors.ts'
import type { IsoFacts } from './iso-evaluate.ts'
import { type NixCall, requireNix, runNix } from './iso-run.ts'
import type { IsoTarget } from './iso-target.ts'
import type { Program } from './programs.ts'

/**
 * Builds what was evaluated, and links it.
 *
 * @param outLink the link, which is a root for Nix's garbage collection
 * @throws {NciError} `ISO_BUILD_FAILED`, `NIX_DISK_FULL`, `NIX_FLAKES_DISABLED`, `NIX_TOO_OLD`, `NIX_MISSING`
 */
export async function buildIso(
  target: IsoTarget,
  { derivation }: IsoFacts,
  outLink: string,
  call: NixCall,
): Promise<void> {
  // The very derivation that was looked at: a flake's branch may have moved on.
  const words = ['build', `${derivation}^out`, '--out-link', outLink, '--log-format', 'internal-json']
  const { code, log } = await runNix(requireNix(), words, call)
  if (code !== 0) throw buildError(target, log)
}

/** The same with nixos-generators. Its log is that of the builds, without progress. */
export async function generateIso(target: IsoTarget, outLink: string, call: NixCall): Promise<void> {
  const words = ['--format', 'iso', '--system', target.system, '--out-link', outLink]
  const flake = ['--flake', `${target.flake}#${target.configuration}`]
  // It calls Nix without them.
  const features = { 'extra-experimental-features': 'nix-command flakes' }
  const { code, log } = await runNix(nixosGenerators(), [...words, ...flake], {
    ...call,
    options: { ...features, ...call.options },
  })
  if (code !== 0) throw buildError(target, log)
}

function nixosGenerators(): Program {
  const installed = findProgram('nixos-generate')
  if (installed !== undefined) return { file: installed, arguments: [] }
  const nix = requireNix()
  return { ...nix, arguments: [...nix.arguments, 'run', 'nixpkgs#nixos-generators', '--'] }
}
