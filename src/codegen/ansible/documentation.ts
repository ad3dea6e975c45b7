import { dump } from 'js-yaml'
import type { Schema } from '../schema.ts'
import { typeOf } from './argument-spec.ts'

/** YAML as Ansible's documentation blocks hold it. */
export function yaml(value: unknown): string {
  return dump(value, { lineWidth: 110, noRefs: true }).trimEnd()
}

/**
 * The `options` of a module's documentation.
 *
 * @param names options of the module, which texts may refer to
 */
export function optionsOf(schema: Schema, names?: ReadonlySet<string>): Record<string, unknown> {
  const required = schema.required ?? []
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, property]) => {
      const { type, elements } = typeOf(property)
      const inner = property.properties ? property : property.items
      return [
        name,
        {
          description: descriptionOf(property, names),
          type,
          ...(elements === undefined ? {} : { elements }),
          ...(required.includes(name) ? { required: true } : {}),
          ...(property.enum ? { choices: property.enum } : {}),
          ...(property.default === undefined ? {} : { default: property.default }),
          ...(inner?.properties ? { suboptions: optionsOf(inner, names) } : {}),
        },
      ]
    }),
  )
}

/**
 * The `RETURN` of a module.
 *
 * @param always when there is what the schema requires
 */
export function returnsOf(schema: Schema, always = 'success'): Record<string, unknown> {
  const required = schema.required ?? []
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, property]) => {
      const { type, elements } = typeOf(property)
      const inner = property.properties ? property : property.items
      return [
        name,
        {
          description: descriptionOf(property),
          returned: required.includes(name) ? always : 'when known',
          type: type === 'path' ? 'str' : type,
          ...(elements === undefined ? {} : { elements }),
          ...(property.examples?.[0] === undefined ? {} : { sample: property.examples[0] }),
          ...(inner?.properties ? { contains: returnsOf(inner, always) } : {}),
        },
      ]
    }),
  )
}

function descriptionOf(property: Schema, names?: ReadonlySet<string>): string[] {
  const texts = [property.description ?? '']
  const variables = property['x-env'] ?? []
  if (variables.length > 0)
    texts.push(
      `If not given, the value of the environment variable ${variables.map((one) => `E(${one})`).join(' or ')} is used.`,
    )
  return texts.map((text) => markup(text, names))
}

/** Our texts mark code as Markdown does; Ansible has its own marks, and one for options of the module. */
export function markup(text: string, names?: ReadonlySet<string>): string {
  return text.replace(/`([^`]*)`/g, (_, code: string) => {
    const escaped = code.replaceAll('\\', '\\\\').replaceAll(')', '\\)')
    const [, name = '', value] = /^(\w+)(?:: (\S+))?$/.exec(code) ?? []
    if (!names?.has(name)) return `C(${escaped})`
    return `O(${name}${value === undefined ? '' : `=${value}`})`
  })
}
