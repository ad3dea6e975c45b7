import { checkFormat } from './formats.ts'
import type { ParameterSchema } from './schema.ts'

/** `{file: 'local:iso/a.iso', media: 'cdrom'}` */
export type Properties = Record<string, string>

/** A property string that does not parse: the complaint as it appears in `errors`. */
export class PropertyStringError extends Error {}

type Keys = Readonly<Record<string, ParameterSchema>>

/**
 * Parses and checks `virtio,bridge=vmbr0`: a first value without key belongs to the default key, aliases take
 * their key's name, booleans become 0 or 1. `name` is what complaints call the option.
 */
export function parsePropertyString(value: string, keys: Keys, name: string, major: 8 | 9): Properties {
  const properties: Properties = {}
  for (const part of value.split(',')) {
    if (part.trim() === '') continue
    assign(properties, part, keys)
  }
  const complaints = checkProperties(properties, keys, name, major, withoutKey(value))
  if (complaints.length > 0) throw new PropertyStringError(`format error\n${complaints.join('\n')}\n`)
  return properties
}

/** Splits a property string that is known to be good, with the same names as {@link parsePropertyString}. */
export function splitPropertyString(value: string, keys: Keys): Properties {
  const properties: Properties = {}
  for (const part of value.split(',')) if (part.trim() !== '') assign(properties, part, keys)
  return properties
}

/** Writes a property string as Proxmox does: `first` (without its key) in front, the other keys sorted. */
export function printPropertyString(properties: Properties, first?: string): string {
  const rest = Object.keys(properties)
    .filter((key) => key !== first)
    .sort()
    .map((key) => `${key}=${properties[key]}`)
  const head = first === undefined ? undefined : properties[first]
  return [...(head === undefined ? [] : [head]), ...rest].join(',')
}

function assign(properties: Properties, part: string, keys: Keys): void {
  const equals = /^([^=]+)=(.+)$/s.exec(part)
  if (equals === null) {
    if (part.includes('=')) throw new PropertyStringError('missing key in comma-separated list property\n')
    const defaultKey = Object.keys(keys).find((key) => keys[key]?.default_key === 1)
    if (defaultKey === undefined)
      throw new PropertyStringError('value without key, but schema does not define a default key\n')
    set(properties, defaultKey, part)
    return
  }
  const [, key = '', text = ''] = equals
  const schema = keys[key]
  if (schema?.keyAlias !== undefined && schema.alias !== undefined) {
    set(properties, schema.keyAlias, key)
    set(properties, schema.alias, text)
  } else {
    set(properties, schema?.alias ?? key, text)
  }
}

function set(properties: Properties, key: string, value: string): void {
  if (Object.hasOwn(properties, key)) {
    throw new PropertyStringError(`duplicate key in comma-separated list property: ${key}\n`)
  }
  properties[key] = value
}

/** The values that stand alone. */
function withoutKey(value: string): ReadonlySet<string> {
  return new Set(value.split(',').filter((part) => !part.includes('=')))
}

function checkProperties(
  properties: Properties,
  keys: Keys,
  name: string,
  major: 8 | 9,
  alone: ReadonlySet<string>,
): string[] {
  const complaints: string[] = []
  for (const key of Object.keys(properties).sort()) {
    const schema = keys[key]
    if (schema === undefined) {
      complaints.push(
        `${name}.${key}: property is not defined in schema and the schema does not allow additional properties`,
      )
      continue
    }
    const text = properties[key] ?? ''
    // PVE 8 does not translate the words for booleans where the key is left out.
    const strict = major === 8 && schema.default_key === 1 && alone.has(text)
    const result = checkValue(text, schema, !strict)
    if ('complaint' in result) complaints.push(`${name}.${key}: ${result.complaint}`)
    else properties[key] = String(result.value)
    if (schema.requires !== undefined && properties[schema.requires] === undefined) {
      complaints.push(`${name}.${schema.requires}: ${missingProperty(key, major)}`)
    }
  }
  for (const [key, schema] of Object.entries(keys)) {
    const needed = schema.optional !== 1 && schema.alias === undefined && schema.type !== undefined
    if (needed && properties[key] === undefined) {
      complaints.push(`${name}.${key}: property is missing and it is not optional`)
    }
  }
  return complaints
}

/** What is said of a key that another one needs. */
export function missingProperty(needing: string, major: 8 | 9): string {
  return major === 9
    ? `missing property required by '${needing}'`
    : `missing property - '${needing}' requires this property`
}

/** A checked value, or what is wrong with it. */
export type Checked = { readonly value: string | number } | { readonly complaint: string }

/** Checks one scalar. In property strings booleans may also be `on`, `yes`, `true` and their opposites. */
export function checkValue(value: string, schema: ParameterSchema, inPropertyString = false): Checked {
  const typed = checkType(value, schema, inPropertyString)
  if ('complaint' in typed) return typed
  if (schema.enum !== undefined) {
    const known = schema.enum.includes(value)
    return known
      ? typed
      : { complaint: `value '${value}' does not have a value in the enumeration '${schema.enum.join(', ')}'` }
  }
  const complaint = checkConstraints(value, schema)
  return complaint === undefined ? typed : { complaint }
}

function checkType(value: string, schema: ParameterSchema, inPropertyString: boolean): Checked {
  const wrong = { complaint: `type check ('${schema.type}') failed - got '${value}'` }
  switch (schema.type) {
    case 'integer':
      return /^[+-]?\d+$/.test(value) ? { value: Number(value) } : wrong
    case 'number':
      return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(value) ? { value } : wrong
    case 'boolean': {
      if (value === '1' || value === '0') return { value: Number(value) }
      if (!inPropertyString) return wrong
      if (/^(?:on|yes|true)$/i.test(value)) return { value: 1 }
      return /^(?:off|no|false)$/i.test(value) ? { value: 0 } : wrong
    }
    default:
      return { value }
  }
}

function checkConstraints(value: string, schema: ParameterSchema): string | undefined {
  if (schema.format !== undefined && schema.properties === undefined) {
    const complaint = checkFormat(schema.format, value)
    if (complaint !== undefined) return `invalid format - ${complaint}\n`
  }
  if (schema.type === 'integer' || schema.type === 'number') {
    if (schema.minimum !== undefined && Number(value) < schema.minimum) {
      return `value must have a minimum value of ${schema.minimum}`
    }
    if (schema.maximum !== undefined && Number(value) > schema.maximum) {
      return `value must have a maximum value of ${schema.maximum}`
    }
  }
  if (schema.type === 'string') {
    if (schema.maxLength !== undefined && value.length > schema.maxLength) {
      return `value may only be ${schema.maxLength} characters long`
    }
    if (schema.minLength !== undefined && value.length < schema.minLength) {
      return `value must be at least ${schema.minLength} characters long`
    }
  }
  if (schema.pattern !== undefined && !new RegExp(`^(?:${perlPattern(schema.pattern)})$`).test(value)) {
    return 'value does not match the regex pattern'
  }
  return undefined
}

/** Perl's `{,16}` is JavaScript's `{0,16}`, and it knows `(?^:…)`. */
function perlPattern(pattern: string): string {
  return pattern.replaceAll('{,', '{0,').replaceAll(/\(\?\^\w*:/g, '(?:')
}
