import { accessSync, constants } from 'node:fs'
import { NciError, reasonOf } from '../../core/errors.ts'
import type { Inputs } from '../../core/step.ts'
import { findNix, findNixosAnywhere } from '../../nix/programs.ts'

type Options = Pick<
  Inputs['nixos.install'],
  | 'build_on'
  | 'copy_host_keys'
  | 'disk_encryption_keys'
  | 'extra_files'
  | 'flake'
  | 'generate_hardware_config'
  | 'generate_host_key'
  | 'host_key_file'
  | 'nixos_anywhere'
  | 'store_paths'
>

/** Whether the system is built on this machine before nixos-anywhere is run; with `auto`, where that is possible. */
export function isBuiltHere({ store_paths, build_on, generate_hardware_config }: Options): boolean {
  return store_paths === undefined && generate_hardware_config === undefined && build_on !== 'remote'
}

/**
 * What can be found wrong before anything is touched: properties that exclude each other, programs that are missing,
 * files that cannot be read.
 *
 * @throws {NciError} `INPUT_INVALID`, `NIXOS_ANYWHERE_MISSING`, `NIX_UNUSABLE`, `INSTALL_FILES_MISSING`
 */
export function assertInstallable(options: Options, step: 'nixos.install' | 'provision'): void {
  const problems = contradictions(options)
  if (problems.length > 0) throw new NciError('INPUT_INVALID', { problems: problems.join('; '), step })
  const { extra_files, host_key_file, disk_encryption_keys = [] } = options
  const files = [
    ...(extra_files === undefined ? [] : [['`extra_files`', extra_files] as const]),
    ...(host_key_file === undefined ? [] : [['`host_key_file`', host_key_file] as const]),
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

function contradictions(options: Options): string[] {
  const { flake, store_paths, generate_hardware_config, copy_host_keys } = options
  const { generate_host_key, host_key_file } = options
  return [
    ...(flake === undefined && store_paths === undefined ? ['`flake` or `store_paths` is needed'] : []),
    ...(store_paths !== undefined && generate_hardware_config !== undefined
      ? ['`generate_hardware_config` is for a `flake`: `store_paths` are built already']
      : []),
    ...(copy_host_keys && host_key_file !== undefined
      ? ['`copy_host_keys` and `host_key_file` exclude each other: the new system has one host key']
      : []),
    ...(copy_host_keys && host_key_file === undefined && generate_host_key
      ? ['`copy_host_keys` needs `generate_host_key: false`: otherwise a new host key is made']
      : []),
  ]
}
