import { homedir } from 'node:os'

/** As much of a JSON schema as tells the type of a value. */
export interface ValueSchema {
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, ValueSchema>>
  readonly items?: ValueSchema
  readonly 'x-path'?: boolean
}

/**
 * A value in the type that a schema asks for, where Ansible's modules would convert it: `"4"` for a number, `yes` for a
 * boolean, `a,b` for a list. What cannot be converted stays as it is, for the validation to refuse. Nulls are left out.
 */
export function coerce(schema: ValueSchema | undefined, value: unknown): unknown {
  switch (schema?.type) {
    case 'string':
      return schema['x-path'] === true ? expandPath(textOf(value)) : textOf(value)
    case 'integer':
      return typeof value === 'string' && /^\s*[+-]?\d+(\.0*)?\s*$/.test(value) ? Number(value) : value
    case 'number':
      return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))
        ? Number(value)
        : value
    case 'boolean':
      return booleanOf(value)
    case 'array':
      return listOf(value)?.map((item) => coerce(schema.items, item)) ?? value
    case 'object':
      return coerceObject(schema, dictionaryOf(value) ?? value)
    default:
      return value
  }
}

function coerceObject(schema: ValueSchema, value: unknown): unknown {
  if (!isDictionary(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null)
      .map(([name, item]) => [name, coerce(schema.properties?.[name], item)]),
  )
}

/** Texts as Python writes them. */
function textOf(value: unknown): unknown {
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return typeof value === 'number' ? String(value) : value
}

/** A path with the home folder and variables of the environment in it put in, as Ansible does. */
export function expandPath(value: unknown): unknown {
  if (typeof value !== 'string') return value
  return value
    .replace(/^~(?=\/|$)/, () => process.env.HOME ?? homedir())
    .replace(/\$(?:(\w+)|\{([^}]*)\})/g, (whole, name?: string, braced?: string) => {
      return process.env[name ?? braced ?? ''] ?? whole
    })
}

function booleanOf(value: unknown): unknown {
  const text = String(value).trim().toLowerCase()
  if (typeof value !== 'string' && typeof value !== 'number') return value
  if (['y', 'yes', 'on', '1', 'true', 't'].includes(text)) return true
  return ['n', 'no', 'off', '0', 'false', 'f'].includes(text) ? false : value
}

function listOf(value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value
  if (typeof value === 'string') return value.split(',')
  return typeof value === 'number' ? [String(value)] : undefined
}

/** `{"a": 1}`, or `a=1, b=2`. */
function dictionaryOf(value: unknown): unknown {
  if (typeof value !== 'string') return undefined
  try {
    return JSON.parse(value)
  } catch {
    const fields = value.split(/[,\s]\s*/).filter((field) => field !== '')
    if (fields.length === 0 || !fields.every((field) => field.includes('='))) return undefined
    return Object.fromEntries(
      fields.map((field) => [field.slice(0, field.indexOf('=')), field.slice(field.indexOf('=') + 1)]),
    )
  }
}

export function isDictionary(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
