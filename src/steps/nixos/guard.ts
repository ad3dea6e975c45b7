import { NciError } from '../../core/errors.ts'
import { drivesOf } from '../../proxmox/drives.ts'
import type { VmConfig } from '../../proxmox/vms.ts'
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
      hostname: facts.hostname,
      os: facts.os,
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

/** What may be done with the disks. */
export interface Permission {
  readonly address: string
  /** Name of the host that may be told to be wiped. */
  readonly name: string
  readonly reinstall: boolean
  /** Disks that an earlier run of ours found blank and began to format, by {@link diskName}. */
  readonly ownDisks: readonly string[]
  /** Whether such disks are no longer ours, because somebody may have used them since. */
  readonly mayBeInstalled: boolean
  readonly diskoMode: 'disko' | 'mount'
  readonly config: VmConfig
  /** Puts into words what is on disks. */
  describe(disks: Facts['disks']): Promise<string>
}

/**
 * The last look before disks are formatted, or written to: they are blank, or what is on them may go.
 *
 * @throws {NciError} `INSTALL_DISK_NOT_BLANK`, `INSTALL_NOTHING_TO_MOUNT`, `INSTALL_UNPROVEN` where no disk could be
 *   looked at
 */
export async function assertMayBeFormatted(facts: Facts, permission: Permission): Promise<void> {
  const { address, name, reinstall, ownDisks, diskoMode, mayBeInstalled } = permission
  if (facts.disks.length === 0) {
    throw new NciError('INSTALL_UNPROVEN', {
      reason: `the installer at ${address} shows no disk that could be looked at`,
    })
  }
  // With something mounted disko would wipe the partition table and fail, and the machine would be neither.
  if (facts.mounted.length > 0) {
    const found = `${facts.mounted.join(', ')} of the installer is mounted`
    const way = `Unmount it there (\`umount -R /mnt\`), or set \`reinstall: true\` for ${name} alone to have that done.`
    throw new NciError('INSTALL_DISK_NOT_BLANK', { address, found, way })
  }
  const used = facts.disks.filter((disk) => disk.content.length > 0)
  if (used.length === 0 && diskoMode === 'mount') throw new NciError('INSTALL_NOTHING_TO_MOUNT', { address })
  const foreign = used.filter((disk) => !ownDisks.includes(diskName(disk, permission.config)))
  if (foreign.length === 0 || reinstall) return
  const found = await permission.describe(foreign)
  const may = diskoMode === 'mount' ? 'If NixOS may be installed over it' : 'If they may be wiped'
  const adoption =
    ' If the system on them is to be kept, boot the VM from its disk and run `nci provision` again.'
  const way = `${may}, set \`reinstall: true\` for ${name} alone: among that host's own variables, or as \`--reinstall\`.${mayBeInstalled ? adoption : ''}`
  throw new NciError('INSTALL_DISK_NOT_BLANK', { address, found, way, disks: foreign })
}

/**
 * A disk's name, so that a later run knows it again. By its serial number where it has one: the kernel gives its names in the order in which it finds disks. Neither tells
 * one disk from another that was put in its place, so the volume in Proxmox belongs to the name.
 */
export function diskName({ device, serial, bytes }: Facts['disks'][number], config: VmConfig): string {
  const disks = drivesOf(config).filter(({ kind }) => kind === 'disk')
  const own = disks.filter(({ key }) => serial === `drive-${key}`)
  const volumes = (own.length > 0 ? own : disks).map(({ volume }) => volume)
  return `${serial ?? device}:${bytes}@${volumes.join(',')}`
}
