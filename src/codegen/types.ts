import { compile, type JSONSchema } from 'json-schema-to-typescript'
import {
  documentIds,
  flatten,
  inputSchema,
  outputSchema,
  type Schema,
  stepIds,
  workflowIds,
} from './schema.ts'

const options = {
  bannerComment: '',
  additionalProperties: false,
  format: false,
  unreachableDefinitions: false,
} as const

/** TypeScript types of all documents: `Inputs`, `Outputs`, `HostDocument`, `LabDocument`. */
export async function generateTypes(): Promise<string> {
  const blocks: string[] = []
  const declare = async (name: string, schema: Schema): Promise<void> => {
    const source = await compile(named(withDefaultsRequired(schema), name) as JSONSchema, name, options)
    blocks.push(source.trim())
  }
  for (const id of documentIds) {
    await declare(`${typeName(id)}Input`, inputSchema(id))
    await declare(`${typeName(id)}Output`, outputSchema(id))
  }
  await declare('HostDocument', flatten('host.json'))
  await declare('LabDocument', flatten('lab.json'))
  const table = (kind: string, ids: readonly string[]): string =>
    ids.map((id) => `  '${id}': ${typeName(id)}${kind}`).join('\n')
  return `${blocks.join('\n\n')}

export type StepId = ${stepIds.map((id) => `'${id}'`).join(' | ')}
export type DocumentId = StepId | ${workflowIds.map((id) => `'${id}'`).join(' | ')}

/** Inputs by step, defaults filled in. */
export interface Inputs {
${table('Input', documentIds)}
}

export interface Outputs {
${table('Output', documentIds)}
}
`
}

function typeName(id: string): string {
  return id
    .split('.')
    .map((word) => (word === 'iso' || word === 'vm' || word === 'ssh' ? word.toUpperCase() : word))
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
    .replace(/^(ISO|VM|SSH)/, (word) => word.charAt(0) + word.slice(1).toLowerCase())
}

/** Names the nested objects after their document: `VmCreateInputDisk`. */
function named(schema: Schema, name: string): Schema {
  const properties = Object.entries(schema.properties ?? {}).map(([key, property]) => {
    const target = property.items?.type === 'object' ? property.items : property
    if (target.title !== undefined) target.title = `${name}${target.title}`
    return [key, property]
  })
  return { ...schema, title: name, properties: Object.fromEntries(properties) }
}

/** Validation fills defaults in: the type says that they are there. */
function withDefaultsRequired(schema: Schema): Schema {
  const properties = Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, property]) => [
      name,
      {
        ...(property.properties ? withDefaultsRequired(property) : property),
        ...(property.items?.properties ? { items: withDefaultsRequired(property.items) } : {}),
      },
    ]),
  )
  const defaulted = Object.entries(properties)
    .filter(([, property]) => property.default !== undefined)
    .map(([name]) => name)
  // The alternatives only say which properties must be there together; as types they would be unions.
  const { anyOf: _, ...rest } = schema
  return { ...rest, properties, required: [...new Set([...(schema.required ?? []), ...defaulted])] }
}
