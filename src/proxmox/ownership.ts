import { NciError } from '../core/errors.ts'
import type { VmSummary } from './cluster.ts'
import { uuidOf, type VmConfig } from './vms.ts'

/** The tag of the VMs that this tool created. */
export const ownerTag = 'nci'

const label = 'nixos-cloud-init-installer:'

/**
 * What this tool notes of a VM, as one line of JSON in the VM's description: state that any controller finds again,
 * because it lives with the VM.
 */
export interface Note {
  /** When the VM was created, in UTC. */
  readonly created: string
  /** DMI product UUID of the VM that the note is about: a clone has another one, and is not ours. */
  readonly uuid: string
  /** What was installed on it; absent until the installation is proved. */
  readonly installed?: {
    /** Store path of the system. */
    readonly system?: string
    readonly flake?: string
    /** Public SSH host key of the installed system. */
    readonly host_key?: string
    /** When, in UTC. */
    readonly at: string
    /** When the installed system was first logged in to and compared, in UTC. */
    readonly proved?: string
    /** Address at which it was logged in to then. */
    readonly host?: string
    /** The VM was rebooted into it, and did not stay in the installer. */
    readonly rebooted?: boolean
    /** ISO and cloud-init drive are gone. */
    readonly detached?: boolean
    /** Boot of the installer that installed it. */
    readonly boot?: string
  }
  /** The installer's drives were removed: they are not put back unasked. */
  readonly detached?: boolean
  /** Public SSH host key that the installation under way ships. */
  readonly host_key?: string
  /** The disks that the installation under way formats and found blank: what is on them later is its own work. */
  readonly disks?: readonly string[]
  /** The process that is at work on it, so that another one on its machine can tell whether it still is. */
  readonly engine?: string
  /** Boot of the installer in which that began: its `/proc/sys/kernel/random/boot_id`. */
  readonly boot?: string
  /** Store path of the system that the installation under way installs, where it is known. */
  readonly system?: string
}

/** The note in a description, where there is one that can be read. */
export function readNote(config: VmConfig): Note | undefined {
  const line = String(config.description ?? '')
    .split('\n')
    .find((text) => text.startsWith(label))
  if (line === undefined) return undefined
  try {
    const note: unknown = JSON.parse(line.slice(label.length))
    return typeof note === 'object' && note !== null && 'created' in note && 'uuid' in note
      ? (note as Note)
      : undefined
  } catch {
    return undefined
  }
}

/** The description with this note in place of the one it has; the user's own text stays. */
export function writeNote(description: string, note: Note): string {
  const text = userDescription(description)
  return `${text === '' ? '' : `${text}\n\n`}${label} ${JSON.stringify(note)}`
}

/** The description without our line: what the user wrote. */
export function userDescription(description: string): string {
  return description
    .split('\n')
    .filter((line) => !line.startsWith(label))
    .join('\n')
    .trim()
}

/** Whether this tool created the VM: it has the tag, and a note about itself. */
export function isOurs(config: VmConfig): boolean {
  const uuid = uuidOf(config)
  return uuid !== undefined && tagsOf(config).includes(ownerTag) && readNote(config)?.uuid === uuid
}

/** @throws {NciError} `PVE_VM_FOREIGN`. @param way what to do to go ahead all the same, a sentence */
export function assertOurs(vm: VmSummary, config: VmConfig, way: string): void {
  if (!isOurs(config)) throw new NciError('PVE_VM_FOREIGN', { vmid: vm.vmid, name: vm.name, way })
}

export function tagsOf(config: VmConfig): string[] {
  return String(config.tags ?? '')
    .split(/[;,\s]+/)
    .filter((tag) => tag !== '')
}
