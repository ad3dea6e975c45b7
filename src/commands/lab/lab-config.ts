import { readFileSync } from 'node:fs'
import { NciError, reasonOf } from '../../core/errors.ts'
import { closest } from '../../core/validate.ts'
import type { SandboxConfig } from '../../lab/sandbox.ts'

type Kind = 'text' | 'number' | 'boolean' | 'object' | 'texts' | 'objects'

/** What may stand in the file, and what every entry of a list must have. */
const known: Readonly<Record<keyof SandboxConfig, readonly [kind: Kind, ...needed: string[]]>> = {
  version: ['text'],
  nodes: ['objects', 'name'],
  storages: ['objects', 'id', 'content'],
  users: ['objects', 'id'],
  groups: ['objects', 'id'],
  tokens: ['objects', 'id', 'secret'],
  roles: ['object'],
  acl: ['objects', 'path', 'id', 'role'],
  pools: ['texts'],
  latency: ['object'],
  faults: ['objects'],
  guests: ['text'],
  qemu: ['object'],
  guestLatency: ['object'],
  guestFaults: ['object'],
  standIns: ['boolean'],
  pace: ['number'],
}

const versions = ['9.2', '8.4']

/** Reads the file of `--config`. @throws {NciError} `LAB_FAILED` where it is no JSON, or says what no lab knows */
export function readLabConfig(file: string): SandboxConfig {
  let config: unknown
  try {
    config = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new NciError('LAB_FAILED', {
      reason: `its configuration ${file} cannot be read: ${reasonOf(error)}`,
      way: 'Give `--config` a JSON file.',
    })
  }
  const mistake = isObject(config) ? mistakeIn(config) : 'it is no JSON object'
  if (mistake === undefined) return config as SandboxConfig
  throw new NciError('LAB_FAILED', {
    reason: `in its configuration ${file}, ${mistake}`,
    way: '`nci lab start --help` has examples.',
  })
}

function mistakeIn(config: Readonly<Record<string, unknown>>): string | undefined {
  for (const [name, value] of Object.entries(config)) {
    const [kind, ...needed] = known[name as keyof SandboxConfig] ?? []
    if (kind === undefined) {
      const meant = closest(name, Object.keys(known))
      return `\`${name}\` is not known${meant === undefined ? '' : `; did you mean \`${meant}\`?`}`
    }
    if (!fits(value, kind, needed)) return `\`${name}\` must be ${described(kind, needed)}`
  }
  if (config.version !== undefined && !versions.includes(String(config.version)))
    return `\`version\` must be one of ${versions.join(', ')}`
  return undefined
}

function fits(value: unknown, kind: Kind, needed: readonly string[]): boolean {
  switch (kind) {
    case 'text':
      return typeof value === 'string'
    case 'object':
      return isObject(value)
    case 'texts':
      return Array.isArray(value) && value.every((entry) => typeof entry === 'string')
    case 'objects':
      return (
        Array.isArray(value) && value.every((entry) => isObject(entry) && needed.every((key) => key in entry))
      )
    default:
      return typeof value === kind
  }
}

function described(kind: Kind, needed: readonly string[]): string {
  if (kind === 'texts') return 'a list of texts'
  if (kind !== 'objects') return kind === 'object' ? 'an object' : `a ${kind}`
  const keys = needed.map((key) => `\`${key}\``).join(', ')
  return `a list of objects${keys === '' ? '' : `, each with ${keys}`}`
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
