import { NciError } from '../core/errors.ts'
import { failureReason } from './build.ts'
import { untrustedError } from './iso-foreign.ts'
import type { IsoTarget } from './iso-target.ts'

/** The oldest Nix that has what is asked of it: `nix config show` came with it. */
export const oldestNix = '2.20'

/** Says what a failed evaluation failed of. */
export function evaluationError(target: IsoTarget, log: readonly string[]): NciError {
  const reason = failureReason(log)
  const { installable, flake, system } = target
  // The latter two are said by what is evaluated here; a flake's own code has other words.
  if (/does not provide attribute|^it has no config\.|^it is no derivation/.test(reason)) {
    return new NciError('ISO_ATTRIBUTE_UNKNOWN', { installable, reason, flake, system, log })
  }
  if (isOfFetching(reason)) {
    const hint =
      'Give `flake` a folder that has a flake.nix (in a git repository: one that git knows, `git add`), or a reference such as github:OWNER/REPOSITORY that this machine can reach.'
    return new NciError('FLAKE_NOT_FOUND', { flake, reason, log }, { hint })
  }
  return commonError(reason, log) ?? new NciError('ISO_EVALUATION_FAILED', { installable, reason, log })
}

/** Whether there is no such flake; that a file is missing within one is a mistake in its code. */
function isOfFetching(reason: string): boolean {
  return (
    /could not find a flake|does not contain a '.*flake\.nix'|cannot find flake|unable to download|is not a (flake|git repository)|Failed to (fetch|clone|open)|program 'git' failed/i.test(
      reason,
    ) ||
    (/path '.*' does not exist|getting status of|No such file/.test(reason) &&
      !/-source\/(?!([^']*\/)?flake\.nix)/.test(reason))
  )
}

/** Says what a failed build failed of. */
export function buildError(target: IsoTarget, log: readonly string[]): NciError {
  const reason = failureReason(log)
  const { installable } = target
  const untrusted = untrustedError(target, log)
  if (untrusted !== undefined) return untrusted
  const word = /["'\s]/.test(installable) ? `'${installable}'` : installable
  return commonError(reason, log) ?? new NciError('ISO_BUILD_FAILED', { installable, reason, word, log })
}

/** What can happen at any time. */
function commonError(reason: string, log: readonly string[]): NciError | undefined {
  const full = log.findLast((line) =>
    /no space left on device|disk quota exceeded|database or disk is full/i.test(line),
  )
  if (full !== undefined) {
    const store = process.env.NIX_STORE_DIR ?? '/nix/store'
    const builds = process.env.TMPDIR ?? '/tmp'
    return new NciError('NIX_DISK_FULL', { reason: withoutPrefix(full), store, builds, log })
  }
  if (/experimental( Nix)? feature/i.test(reason)) {
    const file = '/etc/nix/nix.conf (on NixOS: `nix.settings.experimental-features`)'
    return new NciError('NIX_FLAKES_DISABLED', { reason, file, log })
  }
  if (/unrecognised flag|is not a recognised command|unknown (flag|setting)/i.test(reason)) {
    return new NciError('NIX_TOO_OLD', { name: 'This Nix', reason, needed: oldestNix, log })
  }
  return undefined
}

function withoutPrefix(line: string): string {
  return line.replace(/^.*\berror:\s*/, '').trim()
}
