import { NciError } from '../../core/errors.ts'
import { formatBytes } from '../../core/format.ts'
import type { Facts } from '../../ssh/facts.ts'

/** What the machine must be for its disks to be formatted. */
export interface Expected {
  readonly address: string
  readonly vmid: number
  /** DMI product UUID of the VM. */
  readonly uuid: string | undefined
  /** The host says that it may be wiped. */
  readonly reinstall: boolean
  /** This tool formatted the disks itself, in a run that did not come to its end. */
  readonly ownLeftovers: boolean
}

/**
 * The last look before disks are formatted: this is the installer, on this VM, with blank disks. What was formatted by
 * an earlier run of ours counts as blank.
 *
 * @throws {NciError} `INSTALL_WRONG_MACHINE`, `INSTALL_NOT_THE_INSTALLER`, `INSTALL_DISK_NOT_BLANK`
 */
export function assertMayBeFormatted(facts: Facts, expected: Expected): void {
  const { address, vmid } = expected
  // Another machine under this address is never the right one, whatever the host says.
  if (expected.uuid !== undefined && facts.uuid !== expected.uuid) {
    throw new NciError('INSTALL_WRONG_MACHINE', {
      address,
      vmid,
      actual: facts.uuid ?? 'none',
      expected: expected.uuid,
    })
  }
  // nixos-anywhere would do its kexec into an installer of its own; here only ours is formatted from.
  if (!facts.installer) {
    throw new NciError('INSTALL_NOT_THE_INSTALLER', { address, os: facts.os, hostname: facts.hostname })
  }
  const used = facts.disks.filter(({ content }) => content.length > 0)
  if (used.length === 0 || expected.reinstall || expected.ownLeftovers) return
  const found = used
    .map(({ device, bytes, content }) => `${device} (${formatBytes(bytes)}) has ${content.join(', ')}`)
    .join('; ')
  throw new NciError('INSTALL_DISK_NOT_BLANK', { address, found, disks: used })
}
