import { readFileSync } from 'node:fs'
import { NciError, reasonOf } from '../../core/errors.ts'
import { closest } from '../../core/validate.ts'
import type { QemuOptions } from '../../lab/qemu/options.ts'
import type { SandboxConfig } from '../../lab/sandbox.ts'

type Kind = 'text' | 'number' | 'boolean' | 'object' | 'texts' | 'objects'

/** What may stand somewhere, and what every entry of a list must have. */
type Known<Name extends string> = Readonly<Record<Name, readonly [kind: Kind, ...needed: string[]]>>

const knownInFile: Known<keyof SandboxConfig> = {
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

const knownInQemu: Known<keyof QemuOptions> = {
  programs: ['text'],
  maxMemoryMiB: ['number'],
  maxCpus: ['number'],
  acceleration: ['text'],
  emulatedCpu: ['text'],
  internet: ['boolean'],
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
  const mistake = misfit(config, knownInFile, '') ?? misfit(config.qemu ?? {}, knownInQemu, 'qemu.')
  if (mistake !== undefined) return mistake
  if (config.version !== undefined && !versions.includes(String(config.version)))
    return `\`version\` must be one of ${versions.join(', ')}`
  return undefined
}

/** The first that is not known, or is not what it must be. */
function misfit<Name extends string>(values: object, known: Known<Name>, within: string): string | undefined {
  for (const [name, value] of Object.entries(values)) {
    const [kind, ...needed] = known[name as Name] ?? []
    if (kind === undefined) {
      const meant = closest(name, Object.keys(known))
      const question = meant === undefined ? '' : `; did you mean \`${within}${meant}\`?`
      return `\`${within}${name}\` is not known${question}`
    }
    if (!fits(value, kind, needed)) return `\`${within}${name}\` must be ${described(kind, needed)}`
  }
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
