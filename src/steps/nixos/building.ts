import type { Context, Inputs } from '../../core/step.ts'
import { buildWay } from '../../nix/builders.ts'
import { buildFacts } from '../../nix/evaluate.ts'

type Options = Pick<Inputs['nixos.install'], 'build_on' | 'nix_options'>

const seconds = 60

/**
 * Where the system is built. For `auto` this machine's Nix is asked, unless it is of the same architecture: whoever is
 * asked by nixos-anywhere itself leaves a link in the working directory.
 *
 * @param architecture of the VM: `x86_64`
 * @throws {NciError} `NIX_UNUSABLE`, `TIMEOUT`
 */
export async function buildPlace(
  { build_on, nix_options = {} }: Options,
  architecture: string,
  { signal }: Context,
): Promise<'local' | 'remote'> {
  if (build_on !== 'auto') return build_on
  if (architecture === ownArchitecture) return 'local'
  const facts = await buildFacts({ seconds, options: nix_options, signal })
  return buildWay(`${architecture}-linux`, facts).way === 'none' ? 'remote' : 'local'
}

/** `undefined` where it builds for no Linux by itself. */
const ownArchitecture =
  process.platform === 'linux' ? { arm64: 'aarch64', x64: 'x86_64' }[process.arch as string] : undefined
