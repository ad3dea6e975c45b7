import type { Schema } from '../schema.ts'
import { Expression } from './python.ts'

/** An argument as Ansible's `argument_spec` has it. */
export type Argument = Readonly<Record<string, unknown>>

/** Names that look like secrets to Ansible: whether they are has to be said. */
const looksSecret = /(pass|token|secret|key|cookie|priv|credential)/i

/** The arguments of a document's properties. */
export function argumentsOf(schema: Schema): Record<string, Argument> {
  const required = schema.required ?? []
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, property]) => [
      name,
      argumentOf(name, property, required.includes(name)),
    ]),
  )
}

function argumentOf(name: string, property: Schema, required: boolean): Argument {
  const secret = property['x-secret'] === true
  return {
    ...typeOf(property),
    ...(required ? { required: true } : {}),
    ...(property.enum ? { choices: property.enum } : {}),
    ...(property.default === undefined ? {} : { default: property.default }),
    // The engine reads its environment itself; only a default that is handed over would hide it.
    ...(property['x-env']?.length && property.default !== undefined
      ? {
          fallback: new Expression(
            `(env_fallback, [${property['x-env'].map((one) => `"${one}"`).join(', ')}])`,
          ),
        }
      : {}),
    ...(secret ? { no_log: true } : looksSecret.test(name) ? { no_log: false } : {}),
    ...(property.properties ? { options: argumentsOf(property) } : {}),
  }
}

/** Ansible's name of a property's type, with that of its elements. */
export function typeOf(property: Schema): {
  readonly type: string
  readonly elements?: string
  readonly options?: Record<string, Argument>
} {
  switch (property.type) {
    case 'array': {
      const items = property.items ?? {}
      const { type } = typeOf(items)
      return { type: 'list', elements: type, ...(items.properties ? { options: argumentsOf(items) } : {}) }
    }
    case 'object':
      return { type: 'dict' }
    case 'integer':
      return { type: 'int' }
    case 'number':
      return { type: 'float' }
    case 'boolean':
      return { type: 'bool' }
    case 'string':
      return { type: property['x-path'] === true ? 'path' : 'str' }
    default:
      return { type: 'raw' }
  }
}
