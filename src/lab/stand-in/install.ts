/** Puts the stand-ins into a folder that goes first in PATH. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { quote } from '../../core/shell.ts'
import { paceVariable } from './say.ts'
import { storeVariable } from './toy-store.ts'

export interface StandIns {
  /** The Node.js binary (24 or newer for the sources, any for a bundle). */
  readonly node: string
  /** The scripts to run: `nixos-anywhere.ts` and `nix.ts` of this folder, or their bundles. */
  readonly scripts: { readonly nixosAnywhere: string; readonly nix: string }
  /** Where toy store paths are kept; `store` in the folder unless given. */
  readonly store?: string
  /** Factor on nixos-anywhere's waiting times: 1 is genuine, 0.1 ten times as fast. */
  readonly pace?: number
}

/** Writes executable `nixos-anywhere` and `nix`. Variables that are set already win over what is written. */
export function writeStandIns(folder: string, standIns: StandIns): void {
  mkdirSync(folder, { recursive: true })
  const { node, scripts, pace } = standIns
  const variables = {
    [storeVariable]: standIns.store ?? join(folder, 'store'),
    [paceVariable]: String(pace ?? 1),
  }
  const settings = Object.entries(variables)
    .map(
      ([name, value]) => `: "\${${name}:=}"\n[ -n "$${name}" ] || ${name}=${quote(value)}\nexport ${name}\n`,
    )
    .join('')
  for (const [name, script] of [
    ['nixos-anywhere', scripts.nixosAnywhere],
    ['nix', scripts.nix],
  ] as const) {
    const file = join(folder, name)
    const content = `#!/bin/sh\n# The lab's stand-in for ${name}.\n${settings}exec ${quote(node)} ${quote(script)} "$@"\n`
    writeFileSync(file, content)
    chmodSync(file, 0o755)
  }
}
