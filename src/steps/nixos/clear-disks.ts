import type { Note } from '../../proxmox/ownership.ts'
import { uuidOf, type VmConfig } from '../../proxmox/vms.ts'
import { formatAddress } from '../../ssh/address-map.ts'
import { type Facts, readFacts } from '../../ssh/facts.ts'
import type { Session } from '../../ssh/session.ts'
import type { Reached } from '../../ssh/wait.ts'
import { describeDisks } from './disks.ts'
import { assertMayBeFormatted, assertOurInstaller, diskName, diskNames } from './guard.ts'
import type { Parts } from './installation.ts'
import { mayHoldSystem } from './installed-look.ts'
import { endLeftovers, releaseDisks } from './remote.ts'
import { isFormatted } from './second-look.ts'

/**
 * The wipe guard, and what an earlier run left: it is ended, and its mounts are released, unless they are just what this
 * run would make anew.
 *
 * @param script disko's script, where it is known
 * @returns whether the disks are formatted and mounted by that script already
 * @throws {NciError} `INSTALL_WRONG_MACHINE`, `INSTALL_NOT_THE_INSTALLER`, `INSTALL_DISK_NOT_BLANK`,
 *   `INSTALL_NOTHING_TO_MOUNT`, `INSTALL_UNPROVEN`
 */
export async function clearDisks(
  session: Session,
  { address, facts: seen }: Pick<Reached, 'address' | 'facts'>,
  script: string | undefined,
  { input, context, target, note }: Parts,
): Promise<boolean> {
  const { signal } = context
  const { summary, config } = target
  const where = formatAddress(address)
  const uuid = input.expected_uuid?.toLowerCase() ?? uuidOf(config)
  assertOurInstaller(seen, { address: where, vmid: summary.vmid, uuid })
  const { ownDisks, mayBeInstalled } = await ownDisksOf(session, seen, note, config, signal)
  let facts = seen
  if (ownDisks.length > 0 || input.reinstall) {
    await endLeftovers(session, signal)
    const areOurs = diskNames(seen, config).every((name) => ownDisks.includes(name))
    if (areOurs && script !== undefined && (await isFormatted(session, script, signal))) {
      context.emit({ type: 'log', line: 'The disks are formatted and mounted already.' })
      return true
    }
    await releaseDisks(session, signal)
    facts = (await readFacts(session, signal)) ?? seen
  }
  await assertMayBeFormatted(facts, {
    address: where,
    name: summary.name,
    reinstall: input.reinstall,
    ownDisks,
    mayBeInstalled,
    config,
    diskoMode: input.disko_mode,
    describe: (disks) => describeDisks(session, disks, signal),
  })
  return false
}

/**
 * The disks that an earlier run began to format, and on which nothing complete is. While the installer of that run is up
 * nobody has booted from them; after another boot a system that is found on them may have been in use since.
 */
async function ownDisksOf(
  session: Session,
  facts: Facts,
  note: Note | undefined,
  config: VmConfig,
  signal: AbortSignal,
): Promise<{ readonly ownDisks: readonly string[]; readonly mayBeInstalled: boolean }> {
  const noted = facts.disks.filter((disk) => note?.disks?.includes(diskName(disk, config)))
  const names = noted.map((disk) => diskName(disk, config))
  if (names.length === 0) return { ownDisks: [], mayBeInstalled: false }
  const isSameBoot = note?.boot !== undefined && note.boot !== '' && note.boot === facts.bootId
  // A system may span disks: one that holds something makes all of them somebody's.
  const mayBeInstalled = !isSameBoot && (await mayHoldSystem(session, noted, signal))
  return { ownDisks: mayBeInstalled ? [] : names, mayBeInstalled }
}
