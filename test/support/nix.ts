/** The real Nix, without being installed: `test/support/fetch-nix.sh` puts one into `.cache/nix`, and CI runs it. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findProgram } from '../../src/core/programs.ts'

const fetched = join(import.meta.dirname, '..', '..', '.cache', 'nix', 'bin', 'nix')

/** The program, or `undefined`; an installed one serves as well, unless it is old. Tests that need it skip without. */
export const realNix: string | undefined = existsSync(fetched) ? fetched : installed()

function installed(): string | undefined {
  const file = findProgram('nix')
  if (file === undefined) return undefined
  const { stdout } = spawnSync(file, ['--version'], { encoding: 'utf8' })
  const [, minor = '0'] = / 2\.(\d+)/.exec(stdout) ?? []
  return Number(minor) >= 26 ? file : undefined
}

export interface NixStore {
  /** For processes that are to use it. */
  readonly environment: Readonly<Record<string, string>>
  /** The folder of the store's objects. */
  readonly objects: string
}

/** A Nix with a store of its own below a folder: no daemon, no sandbox, no network, no privileges. */
export function openNixStore(folder: string, settings: Readonly<Record<string, string>> = {}): NixStore {
  if (realNix === undefined) throw new Error('there is no Nix: run test/support/fetch-nix.sh')
  const below = (name: string): string => join(folder, name)
  const defaults = {
    sandbox: 'false',
    'build-users-group': '',
    // The hook would start the program anew, which is not where it says it is.
    'build-hook': '',
    substituters: '',
  }
  const lines = Object.entries({ ...defaults, ...settings }).map(([name, value]) => `${name} = ${value}`)
  return {
    objects: below('store'),
    environment: {
      PATH: `${dirname(realNix)}:${process.env.PATH}`,
      HOME: folder,
      XDG_CACHE_HOME: below('cache'),
      NIX_STORE_DIR: below('store'),
      NIX_STATE_DIR: below('var'),
      NIX_LOG_DIR: below('log'),
      NIX_CONF_DIR: below('conf'),
      NIX_CONFIG: lines.join('\n'),
    },
  }
}
