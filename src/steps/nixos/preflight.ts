import { accessSync, constants } from 'node:fs'
import { NciError, reasonOf } from '../../core/errors.ts'
import type { Inputs } from '../../core/step.ts'
import { findNix, findNixosAnywhere } from '../../nix/programs.ts'

type Options = Pick<
  Inputs['nixos.install'],
  'build_on' | 'disk_encryption_keys' | 'extra_files' | 'nixos_anywhere' | 'store_paths'
>

/** Whether the system is built on this machine, before nixos-anywhere is run. */
export function isBuiltHere({ store_paths, build_on }: Options): boolean {
  return store_paths === undefined && build_on === 'local'
}

/**
 * What can be found wrong before anything is touched: programs that are missing, files that cannot be read.
 *
 * @throws {NciError} `NIXOS_ANYWHERE_MISSING`, `NIX_UNUSABLE`, `INSTALL_FILES_MISSING`
 */
export function assertInstallable(options: Options): void {
  const { extra_files, disk_encryption_keys = [] } = options
  const files = [
    ...(extra_files === undefined ? [] : [['`extra_files`', extra_files] as const]),
    ...disk_encryption_keys.map(({ local }) => ['`disk_encryption_keys`', local] as const),
  ]
  for (const [property, file] of files) {
    try {
      accessSync(file, constants.R_OK)
    } catch (error) {
      throw new NciError('INSTALL_FILES_MISSING', { property, reason: reasonOf(error) }, { cause: error })
    }
  }
  findNixosAnywhere(options.nixos_anywhere)
  if (isBuiltHere(options)) findNix()
}
