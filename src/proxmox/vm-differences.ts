import type { Change } from '../core/step.ts'
import type { Parameters } from './client.ts'
import { userDescription } from './ownership.ts'
import { isOn, parseProperties, parseSshKeys, writeProperties } from './property-string.ts'
import type { VmConfig } from './vms.ts'

type Value = string | number | boolean

/** Options that are switches: Proxmox leaves out, or gives as a number, what was sent as a word. */
const switches = new Set(['onboot', 'ciupgrade', 'protection', 'kvm', 'numa', 'acpi', 'tablet', 'localtime'])

/** Options whose text is a list of properties in any order, with the key of the first value. */
const propertyLists: Readonly<Record<string, string>> = {
  agent: 'enabled',
  vga: 'type',
  startup: 'order',
  cpu: 'cputype',
}

/**
 * What must be sent so that a VM has these options: those whose value differs, compared as values, in the form in
 * which they are to be sent. Options that cannot be compared (a password is stored hashed) are left out.
 */
export function differences(current: VmConfig, wanted: Parameters): Readonly<Record<string, string>> {
  const changed = Object.entries(wanted).flatMap(([key, value]): [string, string][] => {
    if (value === undefined || key === 'cipassword') return []
    const now = current[key] === undefined ? undefined : String(current[key])
    const text = textOf(value as Value)
    if (same(key, now, text)) return []
    if (key === 'tags') return [[key, union(now, text)]]
    return [[key, /^net\d+$/.test(key) ? mergeNetwork(now, text) : text]]
  })
  return Object.fromEntries(changed)
}

/** Differences as changes for people. */
export function changesOf(current: VmConfig, sent: Parameters): Change[] {
  return Object.entries(sent).flatMap(([what, value]): Change[] => {
    // Our own line in the description is no change that anybody asked for.
    if (value === undefined || (what === 'description' && userDescription(textOf(value as Value)) === ''))
      return []
    const readable = (text: string): unknown => {
      if (what === 'sshkeys') return parseSshKeys(text)
      return what === 'cipassword' ? '********' : what === 'description' ? userDescription(text) : text
    }
    const before = current[what]
    return [
      {
        what,
        ...(before === undefined ? {} : { before: readable(String(before)) }),
        after: readable(textOf(value as Value)),
      },
    ]
  })
}

function same(key: string, now: string | undefined, wanted: string): boolean {
  if (switches.has(key))
    return now === undefined ? !isOn(wanted) && key !== 'ciupgrade' : isOn(now) === isOn(wanted)
  if (now === undefined) return false
  // Tags that others gave it stay.
  if (key === 'tags') return tagSet(now) === tagSet(union(now, wanted))
  if (key === 'sshkeys') return sorted(parseSshKeys(now)) === sorted(parseSshKeys(wanted))
  if (/^net\d+$/.test(key)) return sameNetwork(now, wanted)
  const firstKey = propertyLists[key]
  if (firstKey !== undefined) return sameProperties(now, wanted, firstKey)
  if (/^ipconfig\d+$/.test(key)) return sameProperties(now, wanted, '')
  return now.trim() === wanted.trim()
}

/** Proxmox writes tags in lower case, once each, in order. */
function tagSet(text: string): string {
  return sorted([...new Set(text.toLowerCase().split(/[;,\s]+/))])
}

function sameProperties(now: string, wanted: string, firstKey: string): boolean {
  const list = (text: string): string[] =>
    [...parseProperties(text, firstKey)].map(([key, value]) => `${key}=${value.toLowerCase()}`)
  return sorted(list(now)) === sorted(list(wanted))
}

function union(now: string | undefined, wanted: string): string {
  return [...new Set(`${now ?? ''};${wanted}`.toLowerCase().split(/[;,\s]+/))]
    .filter((tag) => tag !== '')
    .sort()
    .join(';')
}

/** What is not asked for stays as it is: the MAC address that Proxmox made, a firewall that somebody switched on. */
function sameNetwork(now: string, wanted: string): boolean {
  return mergeNetwork(now, wanted) === mergeNetwork(now, now)
}

function mergeNetwork(now: string | undefined, wanted: string): string {
  const [theirs, ours] = [card(now ?? wanted), card(wanted)]
  const mac = ours.mac ?? theirs.mac
  const rest = new Map([...theirs.rest, ...ours.rest])
  const sorted = [...rest].sort(([a], [b]) => a.localeCompare(b))
  return [mac === undefined ? ours.model : `${ours.model}=${mac}`, writeProperties(sorted)]
    .filter((part) => part !== '')
    .join(',')
}

/** `virtio=MAC,…`, `model=virtio,macaddr=MAC,…`, `…,virtio=MAC`: Proxmox takes all of them and gives the first. */
function card(text: string): {
  readonly model: string
  readonly mac: string | undefined
  readonly rest: readonly (readonly [string, string])[]
} {
  const properties = new Map(parseProperties(text, 'model'))
  const named = [...properties].find(([, value]) => /^[0-9A-F]{2}(:[0-9A-F]{2}){5}$/i.test(value))
  const model = named === undefined || named[0] === 'macaddr' ? properties.get('model') : named[0]
  for (const key of ['model', 'macaddr', model ?? '']) properties.delete(key)
  const rest = [...properties]
    .map(([key, value]): [string, string] => [key, isOn(value) ? '1' : value])
    .sort(([a], [b]) => a.localeCompare(b))
  return { model: model?.toLowerCase() ?? '', mac: named?.[1].toUpperCase(), rest }
}

function sorted(items: readonly string[]): string {
  return items
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .sort()
    .join('\n')
}

function textOf(value: Value): string {
  return typeof value === 'boolean' ? (value ? '1' : '0') : String(value)
}
