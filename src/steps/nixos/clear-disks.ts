import { NciError } from '../../core/errors.ts'
import type { SecondLook } from '../../nix/ssh-wrapper.ts'
import type { Note } from '../../proxmox/ownership.ts'
import { uuidOf } from '../../proxmox/vms.ts'
import { formatAddress } from '../../ssh/address-map.ts'
import { type Facts, readFacts } from '../../ssh/facts.ts'
import type { Session } from '../../ssh/session.ts'
import type { Reached } from '../../ssh/wait.ts'
import { describeDisks } from './disks.ts'
import { assertMayBeFormatted, assertOurInstaller, diskName } from './guard.ts'
import type { Parts } from './installation.ts'
import { endLeftovers, releaseDisks } from './remote.ts'
import { firstLook, isFormatted } from './second-look.ts'
import { mayBeUsed } from './used-look.ts'

/** Disks that nixos-anywhere may be let loose on. */
export interface ClearDisks {
  /** They are formatted and mounted by the wanted script already. */
  readonly isMounted: boolean
  /** What nixos-anywhere's commands compare the machine with. */
  readonly look: SecondLook
  /** Those that were blank, or hold this tool's own work only. */
  readonly own: readonly string[]
}

/**
 * The wipe guard, and what an earlier run left: it is ended, and its mounts are released, unless they are just what this
 * run would make anew.
 *
 * @param script disko's script, or the flake where it is not known yet
 * @throws {NciError} `INSTALL_WRONG_MACHINE`, `INSTALL_NOT_THE_INSTALLER`, `INSTALL_DISK_NOT_BLANK`,
 *   `INSTALL_NOTHING_TO_MOUNT`, `INSTALL_UNPROVEN`
 */
export async function clearDisks(
  session: Session,
  { address, facts: seen }: Pick<Reached, 'address' | 'facts'>,
  script: string,
  { input, context, target, note }: Parts,
): Promise<ClearDisks> {
  const { signal } = context
  const { summary, config } = target
  const where = formatAddress(address)
  const uuid = input.expected_uuid?.toLowerCase() ?? uuidOf(config)
  assertOurInstaller(seen, { address: where, vmid: summary.vmid, uuid })
  const nameOf = (disk: Facts['disks'][number]): string => diskName(disk, config)
  const { begun, mayBeInstalled } = await begunDisks(session, seen, note, nameOf, signal)
  if (begun.length > 0 || input.reinstall) {
    await endLeftovers(session, signal)
    const isAllowed = input.reinstall || seen.disks.every((disk) => begun.includes(nameOf(disk)))
    if (isAllowed && script.startsWith('/nix/store/') && (await isFormatted(session, script, signal))) {
      context.emit({ type: 'log', line: 'The disks are formatted and mounted already.' })
      return { isMounted: true, look: await firstLook(session, seen.bootId, script, signal), own: begun }
    }
    await releaseDisks(session, signal)
  }
  // First the look that is compared with later, then the judgement: nothing that happens in between goes unnoticed.
  const look = await firstLook(session, seen.bootId, script, signal)
  const facts = await readFacts(session, signal)
  if (facts === undefined) {
    throw new NciError('INSTALL_UNPROVEN', { reason: `the installer at ${where} does not say what it is` })
  }
  await assertMayBeFormatted(facts, {
    address: where,
    name: summary.name,
    reinstall: input.reinstall,
    ownDisks: begun,
    mayBeInstalled,
    config,
    diskoMode: input.disko_mode,
    describe: (disks) => describeDisks(session, disks, signal),
  })
  const blank = facts.disks.filter(({ content }) => content.length === 0).map(nameOf)
  return { isMounted: false, look, own: [...new Set([...begun, ...blank])] }
}

/**
 * The disks that an earlier run found blank and began to format, and on which nothing complete is. While the installer
 * of that run is up nobody has booted from them; after another boot somebody may have used them since.
 */
async function begunDisks(
  session: Session,
  facts: Facts,
  note: Note | undefined,
  nameOf: (disk: Facts['disks'][number]) => string,
  signal: AbortSignal,
): Promise<{ readonly begun: readonly string[]; readonly mayBeInstalled: boolean }> {
  const { disks: noted = [], boot = '' } = note ?? {}
  const found = facts.disks.filter((disk) => noted.includes(nameOf(disk)))
  if (found.length === 0) return { begun: [], mayBeInstalled: false }
  const begun = found.map(nameOf)
  if (boot !== '' && boot === facts.bootId) return { begun, mayBeInstalled: false }
  // A system may span disks: one that holds something, or is gone, makes all of them somebody's.
  const mayBeInstalled = begun.length < noted.length || (await mayBeUsed(session, found, signal))
  return { begun: mayBeInstalled ? [] : begun, mayBeInstalled }
}
