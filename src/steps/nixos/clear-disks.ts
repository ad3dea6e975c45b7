import { uuidOf } from '../../proxmox/vms.ts'
import { formatAddress } from '../../ssh/address-map.ts'
import { readFacts } from '../../ssh/facts.ts'
import type { Session } from '../../ssh/session.ts'
import type { Reached } from '../../ssh/wait.ts'
import { describeDisks } from './disks.ts'
import { assertMayBeFormatted, assertOurInstaller, diskNames } from './guard.ts'
import type { Parts } from './installation.ts'
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
  const ownDisks = note?.disks ?? []
  let facts = seen
  if (ownDisks.length > 0 || input.reinstall) {
    await endLeftovers(session, signal)
    const areOurs = diskNames(seen).every((name) => ownDisks.includes(name))
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
    diskoMode: input.disko_mode,
    describe: (disks) => describeDisks(session, disks, signal),
  })
  return false
}
