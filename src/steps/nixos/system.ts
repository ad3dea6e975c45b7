import { buildSystem } from '../../nix/build.ts'
import { buildPlace } from './building.ts'
import type { Parts } from './installation.ts'
import { isBuiltHere } from './preflight.ts'

/** The system as it is handed to nixos-anywhere: built, or a flake that is built on its way. */
export interface System {
  readonly source: string | { readonly disko_script: string; readonly system: string }
  readonly place: 'local' | 'remote'
  /** disko's script; the flake where that is not built yet. */
  readonly script: string
  /** The system's store path, where it is built already. */
  readonly wanted: string | undefined
}

/**
 * What nixos-anywhere is to install: built here first, with progress, unless it is to be built later.
 *
 * @throws {NciError} `FLAKE_NOT_FOUND`, `NIX_BUILD_FAILED`, `NIX_UNUSABLE`
 */
export async function obtainSystem({ input, context, target, log }: Parts): Promise<System> {
  const { store_paths, flake = '', nix_options = {} } = input
  if (store_paths !== undefined) return built(store_paths)
  // Proxmox names the architecture only where it is not the usual one.
  const place = await buildPlace(input, String(target.config.arch ?? 'x86_64'), context)
  if (!isBuiltHere(input) || place === 'remote')
    return { source: flake, place, script: flake, wanted: undefined }
  context.emit({ type: 'phase', phase: `building ${flake}` })
  return built(await buildSystem(flake, nix_options, context, (line) => log?.line(line, 'B'), input))
}

function built(paths: { readonly disko_script: string; readonly system: string }): System {
  return { source: paths, place: 'local', script: paths.disko_script, wanted: paths.system }
}
