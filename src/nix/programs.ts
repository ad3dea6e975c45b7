import { realpathSync } from 'node:fs'
import { NciError } from '../core/errors.ts'
import { findProgram } from '../core/programs.ts'

/** A program with the arguments that come before all others. */
export interface Program {
  readonly file: string
  readonly arguments: readonly string[]
}

/** nixos-anywhere, and what is known of it. */
export interface NixosAnywhere extends Program {
  /** Its path, or the flake that is run. */
  readonly name: string
  readonly version: string | undefined
}

const pinnedVersion = '1.13.0'
/** The nixos-anywhere that is fetched where none is installed. */
export const pinnedNixosAnywhere = `github:nix-community/nixos-anywhere/${pinnedVersion}`

/** What every call of Nix needs, whatever the user's nix.conf says. */
export const nixFeatures = ['--extra-experimental-features', 'nix-command flakes'] as const

/**
 * nixos-anywhere: the given program, the one in PATH, or the pinned one through `nix run`.
 *
 * @throws {NciError} `NIXOS_ANYWHERE_MISSING`
 */
export function findNixosAnywhere(given: string | undefined): NixosAnywhere {
  if (given !== undefined) {
    const file = findProgram(given)
    if (file === undefined) {
      throw new NciError('NIXOS_ANYWHERE_MISSING', { reason: `\`${given}\` is no program` })
    }
    return installedAs(file)
  }
  const installed = findProgram('nixos-anywhere')
  if (installed !== undefined) return installedAs(installed)
  const nix = findProgram('nix')
  if (nix === undefined) {
    throw new NciError('NIXOS_ANYWHERE_MISSING', { reason: 'neither it nor Nix is in PATH' })
  }
  return {
    file: nix,
    arguments: [...nixFeatures, 'run', pinnedNixosAnywhere, '--'],
    name: pinnedNixosAnywhere,
    version: pinnedVersion,
  }
}

/** It has no option that tells its version; its store path does. */
function installedAs(file: string): NixosAnywhere {
  const version = /^\/nix\/store\/\w{32}-nixos-anywhere-(\d[^/]*)\//.exec(realpathSync(file))?.[1]
  return { file, arguments: [], name: file, version }
}

/** Nix itself. @throws {NciError} `NIX_UNUSABLE` */
export function findNix(): string {
  const nix = findProgram('nix')
  if (nix === undefined) throw new NciError('NIX_UNUSABLE', { reason: 'there is no `nix` in PATH' })
  return nix
}
