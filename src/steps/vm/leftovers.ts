import { bootOrder, drivesOf } from '../../proxmox/drives.ts'
import { type VmState, withAdditions } from '../../proxmox/vms.ts'

const cloudInitSetting =
  /^(ci(user|password|type|custom|upgrade)|ipconfig\d+|sshkeys|nameserver|searchdomain)$/

/** What the installation needed and the installed system does not. */
export interface Leftovers {
  /** CD-ROM drives that hold an ISO, or nothing. */
  readonly cdroms: readonly string[]
  readonly cloudInit: readonly string[]
  readonly settings: readonly string[]
  /** The boot order without them, where it changes. */
  readonly boot: string | undefined
  /** The boot order that is wanted. */
  readonly order: string
}

/** What is there, and what would come back with the next start. */
export function leftoversOf(state: VmState): Leftovers {
  const config = withAdditions(state)
  const drives = drivesOf(config)
  const of = (kind: string): string[] => drives.filter((drive) => drive.kind === kind).map(({ key }) => key)
  const disks = of('disk')
  const order = bootOrder(config)
  const kept = order.filter((device) => disks.includes(device) || device.startsWith('net'))
  // An order that names none of the disks would not boot the installed system.
  const boot = [
    ...(kept.some((device) => disks.includes(device)) ? kept : [...disks.slice(0, 1), ...kept]),
  ].join(';')
  return {
    cdroms: of('cdrom'),
    cloudInit: of('cloud-init'),
    settings: Object.keys(config)
      .filter((key) => cloudInitSetting.test(key))
      .sort(),
    boot: boot === order.join(';') || boot === '' ? undefined : boot,
    order: boot,
  }
}

/** Keys of the configuration that are to go. */
export function keysOf({ cdroms, cloudInit, settings }: Leftovers): string[] {
  return [...cdroms, ...cloudInit, ...settings]
}

/** What is there that should not be, the boot order among it where it is not the wanted one. */
export function remaining(leftovers: Leftovers): string[] {
  return [...keysOf(leftovers), ...(leftovers.boot === undefined ? [] : ['boot'])]
}

/** What of a running VM remains, and is neither empty nor about to be removed. */
export function notGone(state: VmState): string[] {
  const removed = new Set(state.pending.filter(({ after }) => after === undefined).map(({ key }) => key))
  const drives = drivesOf(withAdditions(state))
  const empty = new Set(drives.flatMap(({ key, volume }) => (volume === 'none' ? [key] : [])))
  return remaining(leftoversOf(state)).filter((key) => !removed.has(key) && !empty.has(key))
}
