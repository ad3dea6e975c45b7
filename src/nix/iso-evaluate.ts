import { NciError } from '../core/errors.ts'
import { evaluationError, oldestNix } from './iso-errors.ts'
import { type NixCall, requireNix, runNix } from './iso-run.ts'
import type { IsoTarget } from './iso-target.ts'

/** What is known of an ISO before it is built. */
export interface IsoFacts {
  /** The derivation's path. */
  readonly derivation: string
  /** The path in the store that the build will have. */
  readonly output: string
  /** The system that it must be built on: `aarch64-linux`. */
  readonly system: string
  /** The system that it is for. */
  readonly platform: string
  /** Of NixOS; null where the flake does not say it. */
  readonly version: string | null
}

/**
 * Evaluates what is to be built; nothing is built.
 *
 * @param generated the ISO is that of nixos-generators, which adds two settings of its own
 * @throws {NciError} `NIX_MISSING`, `NIX_TOO_OLD`, `NIX_FLAKES_DISABLED`, `NIX_DISK_FULL`, `FLAKE_NOT_FOUND`,
 *   `ISO_ATTRIBUTE_UNKNOWN`, `ISO_EVALUATION_FAILED`
 */
export async function evaluateIso(
  target: IsoTarget,
  { generated, trace }: { readonly generated: boolean; readonly trace: boolean },
  call: NixCall,
): Promise<IsoFacts> {
  const facts = target.configuration === undefined ? ofPackage : generated ? ofGenerated : ofConfiguration
  const words = ['eval', '--json', '--log-format', 'internal-json', ...(trace ? ['--show-trace'] : [])]
  const { code, printed, log } = await runNix(
    requireNix(),
    [...words, '--apply', facts, target.subject],
    call,
  )
  if (code !== 0) throw evaluationError(target, log)
  return JSON.parse(printed.join('\n')) as IsoFacts
}

const ofImage = `image:
  if image.type or null != "derivation" then throw "it is no derivation" else {
    derivation = image.drvPath;
    output = image.outPath;
    inherit (image) system;
  }`
const ofPackage = `package:
  (${ofImage}) package // {
    platform = package.stdenv.hostPlatform.system or package.system;
    version = package.nixosVersion or null;
  }`
const ofConfiguration = `nixos:
  if !(nixos ? config.system.build.isoImage) then throw "it has no config.system.build.isoImage" else
  (${ofImage}) nixos.config.system.build.isoImage // {
    platform = nixos.pkgs.stdenv.hostPlatform.system or nixos.config.system.build.isoImage.system;
    version = nixos.config.system.nixos.version or null;
  }`
const ofGenerated = `nixos: (${ofConfiguration}) (nixos.extendModules {
  modules = [ { isoImage.makeEfiBootable = true; isoImage.makeUsbBootable = true; } ];
})`

/**
 * Nix is there and new enough.
 *
 * @throws {NciError} `NIX_MISSING`, `NIX_TOO_OLD`, `NIX_UNUSABLE`
 */
export async function assertNix(call: NixCall): Promise<void> {
  const { code, printed } = await runNix(requireNix(), ['--version'], call)
  const name = printed.join(' ').trim()
  const version = /(?:^nix|\)) (\d+\.\d+(?:\.\d+)?)/.exec(name)?.[1]
  if (code !== 0 || version === undefined) {
    throw new NciError('NIX_UNUSABLE', { reason: `\`nix --version\` says "${name}"` })
  }
  if (isOlder(version, oldestNix)) {
    throw new NciError('NIX_TOO_OLD', {
      name,
      reason: 'it does not know all that is asked of it',
      needed: oldestNix,
    })
  }
}

function isOlder(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [wantedMajor = 0, wantedMinor = 0] = than.split('.').map(Number)
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor)
}

/** Whether a path of the store is there, complete. */
export async function isInStore(path: string, call: NixCall): Promise<boolean> {
  const { emit: _, ...context } = call.context
  const quiet = { ...call, context: { ...context, emit: () => undefined } }
  return (await runNix(requireNix(), ['path-info', path], quiet)).code === 0
}
