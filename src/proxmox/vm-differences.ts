import type { Change } from '../core/step.ts'
import type { Parameters } from './client.ts'
import { userDescription } from './ownership.ts'
import { isOn } from './property-string.ts'
import { addresses } from './values/address.ts'
import { bootOrderValue } from './values/boot.ts'
import { drive } from './values/drive.ts'
import { ipConfig } from './values/ip-config.ts'
import { networkCard } from './values/network-card.ts'
import { type Compare, comparing } from './values/option-value.ts'
import { parseSshKeys, sshKeys } from './values/ssh-keys.ts'
import { tags } from './values/tags.ts'
import { agent, cpu, machine, memory, startup, vga } from './values/typed-list.ts'
import type { VmConfig } from './vms.ts'

type Value = string | number | boolean

/** Options that are more than a text. A map: names come from the outside, `constructor` among them. */
const kinds: ReadonlyMap<string, Compare> = new Map<string, Compare>([
  ['agent', comparing(agent)],
  ['boot', comparing(bootOrderValue)],
  ['cpu', comparing(cpu)],
  ['machine', comparing(machine)],
  ['memory', comparing(memory)],
  ['nameserver', comparing(addresses)],
  ['sshkeys', comparing(sshKeys)],
  ['startup', comparing(startup)],
  ['tags', comparing(tags)],
  ['vga', comparing(vga)],
])
const numberedKinds: readonly (readonly [RegExp, Compare])[] = [
  [/^net\d+$/, comparing(networkCard)],
  [/^ipconfig\d+$/, comparing(ipConfig)],
  [/^(ide|sata|scsi|virtio|efidisk|tpmstate)\d+$/, comparing(drive)],
]

/** Options that are switches: Proxmox leaves out, or gives as a number, what was sent as a word. */
const switches: ReadonlySet<string> = new Set([
  ...['acpi', 'autostart', 'ciupgrade', 'kvm', 'localtime', 'numa', 'onboot', 'protection', 'reboot'],
  ...['tablet', 'template'],
])
/** Switches that are on where nothing is said. */
const onByDefault: ReadonlySet<string> = new Set(['acpi', 'ciupgrade', 'reboot', 'tablet'])
/** Switches whose default depends on something else. */
const decidedElsewhere: ReadonlySet<string> = new Set(['kvm'])
const numbers: ReadonlySet<string> = new Set([
  ...['balloon', 'cores', 'cpulimit', 'cpuunits', 'shares', 'sockets', 'vcpus'],
])

/**
 * What must be sent so that a VM has these options: those whose value differs, compared as values, in the form in
 * which they are to be sent. A password is stored hashed and shown to nobody: one that is there cannot be compared, and
 * is left as it is.
 */
export function differences(current: VmConfig, wanted: Parameters): Readonly<Record<string, string>> {
  const changed = Object.entries(wanted).flatMap(([key, value]): [string, string][] => {
    if (value === undefined) return []
    const now = Object.hasOwn(current, key) ? String(current[key]) : undefined
    const text = textOf(value as Value)
    // A setting that is about to be removed reads as empty.
    if (now === undefined || now === '') return isDefault(key, text) ? [] : [[key, text]]
    if (key === 'cipassword') return []
    const { same, merged } = compare(key, now, text)
    return same ? [] : [[key, merged]]
  })
  return Object.fromEntries(changed)
}

/** Differences, and settings that are to be removed, as changes for people. */
export function changesOf(current: VmConfig, sent: Parameters, removed: readonly string[] = []): Change[] {
  const before = (what: string): Pick<Change, 'before'> => {
    const now = Object.hasOwn(current, what) ? current[what] : undefined
    return now === undefined ? {} : { before: readable(what, String(now)) }
  }
  const changes = Object.entries(sent).flatMap(([what, value]): Change[] => {
    if (value === undefined) return []
    const text = textOf(value as Value)
    // Our own line in the description is no change that anybody asked for.
    if (what === 'description' && userDescription(text) === '') return []
    return [{ what, ...before(what), after: readable(what, text) }]
  })
  return [...changes, ...removed.map((what) => ({ what, ...before(what) }))]
}

/** A setting as people write it; a password not at all. */
export function readable(what: string, text: string): unknown {
  if (what === 'sshkeys') return parseSshKeys(text)
  return what === 'cipassword' ? '********' : what === 'description' ? userDescription(text) : text
}

/** Whether an option that is not set has this value all the same. */
function isDefault(key: string, wanted: string): boolean {
  if (wanted === '') return true
  return switches.has(key) && !decidedElsewhere.has(key) && isOn(wanted) === onByDefault.has(key)
}

function compare(key: string, now: string, wanted: string): ReturnType<Compare> {
  const kind = kinds.get(key) ?? numberedKinds.find(([pattern]) => pattern.test(key))?.[1]
  if (kind !== undefined) return kind(now, wanted)
  if (switches.has(key)) return { same: isOn(now) === isOn(wanted), merged: wanted }
  if (numbers.has(key)) return { same: Number(now) === Number(wanted), merged: wanted }
  // Proxmox takes trailing white space away.
  return { same: now.trimEnd() === wanted.trimEnd(), merged: wanted }
}

function textOf(value: Value): string {
  return typeof value === 'boolean' ? (value ? '1' : '0') : String(value)
}
