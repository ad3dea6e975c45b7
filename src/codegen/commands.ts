import { commandWords, documentIds, inputSchema, type Schema, secretPointers } from './schema.ts'

/** What the command line knows of each document: flags, environment, secrets, examples. */
export function generateCommands(): string {
  const commands = Object.fromEntries(
    documentIds.map((id) => {
      const schema = inputSchema(id)
      return [
        id,
        {
          command: commandWords(id),
          title: schema.title ?? id,
          summary: schema['x-summary'] ?? '',
          examples: schema['x-examples'] ?? [],
          secrets: secretPointers(schema),
          properties: Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
            describe(name, property),
          ),
        },
      ]
    }),
  )
  return `import type { DocumentId } from './types.ts'

/** A property of a document's top level, for a flag or an environment variable. */
export interface PropertyInfo {
  readonly name: string
  /** \`json\`: arrays and objects, which only a document can give. */
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'json'
  readonly description: string
  readonly secret: boolean
  readonly options?: readonly string[]
  readonly default?: string | number | boolean
  readonly environment: readonly string[]
}

export interface DocumentInfo {
  /** The words of its command: \`vm create\`. */
  readonly command: string
  readonly title: string
  readonly summary: string
  readonly examples: readonly { readonly title: string; readonly input: Readonly<Record<string, unknown>> }[]
  /** JSON pointers of the secrets; \`*\` stands for any array index. */
  readonly secrets: readonly string[]
  readonly properties: readonly PropertyInfo[]
}

export const documents: Readonly<Record<DocumentId, DocumentInfo>> = ${JSON.stringify(commands, null, 2)}
`
}

function describe(name: string, property: Schema): object {
  const scalar = typeof property.type === 'string' && !['array', 'object'].includes(property.type)
  return {
    name,
    type: scalar ? property.type : 'json',
    description: property.description ?? '',
    secret: property['x-secret'] === true,
    ...(property.enum ? { options: property.enum } : {}),
    ...(scalar && property.default !== undefined ? { default: property.default } : {}),
    environment: property['x-env'] ?? [],
  }
}
