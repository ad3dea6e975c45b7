import { existsSync } from 'node:fs'
import { NciError } from '../core/errors.ts'
import { type BuildWay, buildWay } from './builders.ts'
import { type BuildFacts, buildFacts } from './evaluate.ts'
import type { NixCall } from './iso-run.ts'

type Possible = Exclude<BuildWay, { readonly way: 'none' }>

/** Where the files are that tell what this machine is. */
const places = { binfmt: '/proc/sys/fs/binfmt_misc', nixos: '/etc/NIXOS' }

/**
 * How this machine's Nix builds for a system.
 *
 * @param system `aarch64-linux`
 * @throws {NciError} `ISO_SYSTEM_FOREIGN` where it cannot, saying what to add to which file
 */
export async function wayToBuild(system: string, call: NixCall, files = places): Promise<Possible> {
  const { options, context } = call
  const facts = await buildFacts({ seconds: 60, options, signal: context.signal })
  const way = buildWay(system, facts, files.binfmt)
  if (way.way !== 'none') return way
  throw foreignError(system, facts, way.isEmulated, existsSync(files.nixos))
}

function foreignError(system: string, facts: BuildFacts, isEmulated: boolean, isNixos: boolean): NciError {
  const [architecture = ''] = system.split('-')
  const reason = isEmulated
    ? 'it could emulate it, but Nix has not been told'
    : 'it is of another architecture, neither emulates that one nor knows a remote builder for it'
  return new NciError('ISO_SYSTEM_FOREIGN', {
    own: facts.system,
    system,
    reason,
    how: advice(system, facts.system, isEmulated, isNixos),
    architecture,
  })
}

/** Full sentences. */
function advice(system: string, own: string, isEmulated: boolean, isNixos: boolean): string {
  if (isNixos) {
    return `Emulate it: add \`boot.binfmt.emulatedSystems = [ "${system}" ];\` to /etc/nixos/configuration.nix and run \`nixos-rebuild switch\`.`
  }
  if (!own.endsWith('-linux')) {
    return `${own} emulates no Linux: add a Linux machine to /etc/nix/machines as a line \`ssh-ng://USER@HOST ${system}\`; on a Mac nix-darwin's \`nix.linux-builder.enable = true;\` makes one.`
  }
  const line = `add the line \`extra-platforms = ${system}\` to /etc/nix/nix.conf and restart Nix (\`systemctl restart nix-daemon\`).`
  return isEmulated
    ? `Tell Nix: ${line}`
    : `Emulate it: install QEMU's user emulation (Debian and Ubuntu: \`apt install qemu-user-static binfmt-support\`), ${line}`
}
