import { existsSync } from 'node:fs'
import { userInfo } from 'node:os'
import { NciError } from '../core/errors.ts'
import { type BuildWay, buildWay } from './builders.ts'
import { type BuildFacts, buildFacts } from './evaluate.ts'
import type { NixCall } from './iso-run.ts'
import type { IsoTarget } from './iso-target.ts'

type Possible = Exclude<BuildWay, { readonly way: 'none' }>

/** Where the files are that tell what this machine is. */
const places = {
  binfmt: '/proc/sys/fs/binfmt_misc',
  nixos: '/etc/NIXOS',
  /** Determinate Nix writes nix.conf itself; this one is for people. */
  customConf: '/etc/nix/nix.custom.conf',
}

const nixConf = '/etc/nix/nix.conf'

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
  const reason = way.isEmulated
    ? 'it could emulate it, but Nix has not been told'
    : 'it is of another architecture, neither emulates that one nor knows a remote builder for it'
  throw foreignError(system, facts.system, reason, advice(system, facts, way.isEmulated, files))
}

/**
 * A daemon takes builders and platforms from those that it trusts only, and says so when it builds.
 *
 * @param log of a build that failed
 * @returns `undefined` where that is not why it failed
 */
export function untrustedError({ system }: IsoTarget, log: readonly string[]): NciError | undefined {
  const [, setting] = log.map((line) => ignoredSetting.exec(line)).find((match) => match !== null) ?? []
  const own = log.map((line) => ownSystem.exec(line)?.[1]).findLast((name) => name !== undefined)
  if (setting === undefined || own === undefined) return undefined
  const line = `trusted-users = root ${userInfo().username}`
  const how = `Add the line \`${line}\` to ${nixConf} (on NixOS: \`nix.settings.trusted-users\`) and restart Nix, or have \`${setting}\` set there.`
  const reason = `its daemon takes \`${setting}\` from trusted users only, and you are none`
  return foreignError(system, own, reason, how)
}

const ignoredSetting = /ignoring the client-specified setting '(builders|extra-platforms)'/
/** `… is required to build …, but I am a 'x86_64-linux' …`; newer ones: `Current system: 'x86_64-linux' …`. */
const ownSystem = /(?:but I am a|Current system:) '([^']+)'/

function foreignError(system: string, own: string, reason: string, how: string): NciError {
  const [architecture = ''] = system.split('-')
  return new NciError('ISO_SYSTEM_FOREIGN', { own, system, reason, how, architecture })
}

/** Full sentences. */
function advice(
  system: string,
  { system: own }: BuildFacts,
  isEmulated: boolean,
  files: typeof places,
): string {
  if (existsSync(files.nixos)) {
    return `Emulate it: add \`boot.binfmt.emulatedSystems = [ "${system}" ];\` to /etc/nixos/configuration.nix and run \`nixos-rebuild switch\`.`
  }
  if (!own.endsWith('-linux')) {
    return `${own} emulates no Linux: add a Linux machine to /etc/nix/machines as a line \`ssh-ng://USER@HOST ${system}\`; on a Mac nix-darwin's \`nix.linux-builder.enable = true;\` makes one.`
  }
  const file = existsSync(files.customConf) ? files.customConf : nixConf
  const line = `add the line \`extra-platforms = ${system}\` to ${file} and restart Nix (\`systemctl restart nix-daemon\`).`
  return isEmulated
    ? `Tell Nix: ${line}`
    : `Emulate it: install QEMU's user emulation (Debian and Ubuntu: \`apt install qemu-user-static binfmt-support\`), ${line}`
}
