import { ApiError, parameterErrors } from './api-error.ts'
import { checkValue, missingProperty, PropertyStringError, parsePropertyString } from './property-strings.ts'
import type { EndpointSchema, ParameterSchema } from './schema.ts'

/** What a request's query and body hold: text from forms and queries, anything from JSON. */
export type RawParameters = Record<string, unknown>

/** Parameters that were checked: text, or the list of an array. */
export class Parameters {
  readonly #values: ReadonlyMap<string, string | readonly string[]>

  constructor(values: ReadonlyMap<string, string | readonly string[]>) {
    this.#values = values
  }

  /** The names that were given. */
  get names(): string[] {
    return [...this.#values.keys()]
  }

  /** Whether the parameter was given. */
  has(name: string): boolean {
    return this.#values.has(name)
  }

  /** The text, `undefined` if it was not given. */
  get(name: string): string | undefined {
    const value = this.#values.get(name)
    return typeof value === 'object' ? value.join('\0') : value
  }

  /** The text of a parameter that the schema requires. */
  text(name: string): string {
    return this.get(name) ?? ''
  }

  /** The number, `undefined` if it was not given. */
  number(name: string): number | undefined {
    const value = this.get(name)
    return value === undefined ? undefined : Number(value)
  }

  /** Whether a boolean was given and is 1. */
  flag(name: string): boolean {
    return this.get(name) === '1'
  }

  /** The items of an array. */
  list(name: string): readonly string[] {
    const value = this.#values.get(name)
    if (value === undefined) return []
    return typeof value === 'string' ? value.split('\0') : value
  }
}

/** Checks a request's parameters against its endpoint's schema; throws the 400 that names all that is wrong. */
export function checkParameters(raw: RawParameters, schema: EndpointSchema): Parameters {
  const errors: Record<string, string> = {}
  const values = new Map<string, string | readonly string[]>()
  for (const [name, value] of Object.entries(raw)) {
    const parameter = schema.parameters[name]
    if (parameter === undefined) {
      if (schema.additionalProperties) continue
      errors[name] = 'property is not defined in schema and the schema does not allow additional properties'
      continue
    }
    checkParameter(name, value, parameter, schema.major, values, errors)
    if (parameter.requires !== undefined && raw[parameter.requires] === undefined) {
      errors[parameter.requires] = missingProperty(name, schema.major)
    }
  }
  for (const [name, parameter] of Object.entries(schema.parameters)) {
    if (parameter.optional !== 1 && raw[name] === undefined) {
      errors[name] ??= 'property is missing and it is not optional'
    }
  }
  if (Object.keys(errors).length > 0) throw parameterErrors(errors)
  return new Parameters(values)
}

function checkParameter(
  name: string,
  value: unknown,
  schema: ParameterSchema,
  major: 8 | 9,
  values: Map<string, string | readonly string[]>,
  errors: Record<string, string>,
): void {
  if (schema.type === 'array') {
    const list = asText(name, value).split('\0')
    // The message is Perl's: an empty text cannot be made an array.
    if (list.length === 1 && list[0] === '') errors[name] = "type check ('array') failed"
    else values.set(name, list)
    return
  }
  const text = asText(name, value)
  if (schema.properties !== undefined) {
    const complaint = checkPropertyString(name, text, schema, major)
    if (complaint === undefined) values.set(name, text)
    else errors[name] = complaint
    return
  }
  const result = checkValue(text, schema)
  if ('complaint' in result) errors[name] = result.complaint
  else values.set(name, text)
}

function checkPropertyString(
  name: string,
  value: string,
  schema: ParameterSchema,
  major: 8 | 9,
): string | undefined {
  if (schema.maxLength !== undefined && value.length > schema.maxLength) {
    return `value may only be ${schema.maxLength} characters long`
  }
  try {
    const properties = parsePropertyString(value, schema.properties ?? {}, name, major)
    if (schema.format === 'pve-vm-cpu-conf') return checkCpuType(properties.cputype, schema)
    return undefined
  } catch (error) {
    if (error instanceof PropertyStringError) return `invalid format - ${error.message}`
    throw error
  }
}

function checkCpuType(type: string | undefined, schema: ParameterSchema): string | undefined {
  if (type === undefined || type.startsWith('custom-')) return undefined
  // x86-64-v2-AES and its like are profiles of Proxmox, not models that can be reported.
  if (/^x86-64-v[1-4](?:-AES)?$/.test(type)) return undefined
  const known = schema.properties?.['reported-model']?.enum?.includes(type) ?? true
  return known
    ? undefined
    : `invalid format - Built-in cputype '${type}' is not defined (missing 'custom-' prefix?)\n`
}

/** The parameter as the text a form would carry: JSON's true is 1, a list is joined as repeated keys are. */
function asText(name: string, value: unknown): string {
  if (value === null) {
    throw new ApiError(500, `unable to parse value of '${name}' - got undefined value`)
  }
  if (value === true) return '1'
  if (value === false) return '0'
  if (Array.isArray(value)) return value.map((item) => asText(name, item)).join('\0')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
