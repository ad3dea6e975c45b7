import { NciError } from '../../core/errors.ts'
import { formatBytes } from '../../core/format.ts'
import type { Facts } from '../../ssh/facts.ts'

/** What the machine must be for anything to be done on it. */
export interface Expected {
  readonly address: string
  readonly vmid: number
  /** DMI product UUID of the VM. */
  readonly uuid: string | undefined
}

/**
 * Whether the machine that answers is the installer, on this VM. Nothing may be changed on it before.
 *
 * @throws {NciError} `INSTALL_WRONG_MACHINE`, `INSTALL_NOT_THE_INSTALLER`
 */
export function assertOurInstaller(facts: Facts, { address, vmid, uuid }: Expected): void {
  // Another machine under this address is never the right one, whatever the host says; one that cannot be told apart
  // is none either.
  if (uuid === undefined || facts.uuid !== uuid) {
    const details = {
      address,
      vmid,
      actual: facts.uuid ?? 'none',
      expected: uuid ?? 'none in its configuration',
    }
    throw new NciError('INSTALL_WRONG_MACHINE', details)
  }
  // nixos-anywhere would do its kexec into an installer of its own; here only ours is formatted from.
  if (!facts.installer) {
    throw new NciError('INSTALL_NOT_THE_INSTALLER', { address, os: facts.os, hostname: facts.hostname })
  }
}

/**
 * The last look before disks are formatted: they are blank, or what is on them may go.
 *
 * @param ownDisks disks that an earlier run of ours found blank and began to format, by {@link diskNames}
 * @throws {NciError} `INSTALL_DISK_NOT_BLANK`, `INSTALL_UNPROVEN` where no disk could be looked at
 */
export function assertMayBeFormatted(
  facts: Facts,
  address: string,
  { reinstall, ownDisks }: { readonly reinstall: boolean; readonly ownDisks: readonly string[] },
): void {
  if (facts.disks.length === 0) {
    throw new NciError('INSTALL_UNPROVEN', {
      reason: `the installer at ${address} shows no disk that could be looked at`,
    })
  }
  // With something mounted disko would wipe the partition table and fail, and the machine would be neither.
  if (facts.mounted.length > 0) {
    const found = `${facts.mounted.join(', ')} of the installer is mounted`
    throw new NciError('INSTALL_DISK_NOT_BLANK', { address, found })
  }
  if (reinstall) return
  const used = facts.disks.filter((disk) => disk.content.length > 0 && !ownDisks.includes(diskName(disk)))
  if (used.length === 0) return
  const found = used
    .map(({ device, bytes, content }) => `${device} (${formatBytes(bytes)}) has ${content.join(', ')}`)
    .join('; ')
  throw new NciError('INSTALL_DISK_NOT_BLANK', { address, found, disks: used })
}

/** The disks of a machine, so that a later run knows them again. */
export function diskNames(facts: Facts): string[] {
  return facts.disks.map(diskName)
}

/** By its serial number where it has one: the kernel gives its names in the order in which it finds disks. */
function diskName({ device, serial, bytes }: Facts['disks'][number]): string {
  return `${serial ?? device}:${bytes}`
}
