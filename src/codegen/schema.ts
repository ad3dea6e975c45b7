import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { DocumentId, StepId } from '../generated/types.ts'

/** The part of JSON Schema 2020-12 that `schemas/` uses, and our `x-` annotations. */
export interface Schema {
  $schema?: string
  $ref?: string
  title?: string
  description?: string
  type?: string | string[]
  enum?: string[]
  pattern?: string
  default?: unknown
  examples?: unknown[]
  minimum?: number
  maximum?: number
  required?: string[]
  properties?: Record<string, Schema>
  items?: Schema
  additionalProperties?: boolean | Schema
  unevaluatedProperties?: boolean
  allOf?: Schema[]
  anyOf?: Schema[]
  /** Redacted everywhere; taken from a file, the environment or the document, never from a flag. */
  'x-secret'?: boolean
  /** A file or folder on the machine that runs the engine: callers may expand `~` in it. */
  'x-path'?: boolean
  /** Environment variables that give the value, the first that is set. */
  'x-env'?: string[]
  'x-summary'?: string
  /** The command that takes the document, where its name is not that of the document. */
  'x-command'?: string
  /** Where a step stands among the others. */
  'x-order'?: number
  'x-examples'?: { title: string; input: Record<string, unknown> }[]
  [keyword: string]: unknown
}

export const projectRoot = join(import.meta.dirname, '..', '..')
const folder = join(projectRoot, 'schemas')

export function readJson(name: string): unknown {
  return JSON.parse(readFileSync(join(folder, name), 'utf8'))
}

export function schemaFiles(): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'))
}

/**
 * A schema without references: `allOf` parts are merged into `properties`, so that one object lists all that a
 * document may hold. The schema's own properties come last and win over a part's.
 */
export function flatten(name: string): Schema {
  const schema = readJson(name) as Schema
  const parts = (schema.allOf ?? []).map((part) => flatten(join(dirname(name), part.$ref ?? '')))
  const { allOf: _, unevaluatedProperties: __, anyOf, required, properties, ...own } = schema
  const alternatives = [anyOf, ...parts.map((part) => part.anyOf)].filter((any) => any !== undefined)
  const merged = Object.assign({}, ...parts.map((part) => part.properties), properties)
  const needed = [...new Set([...(required ?? []), ...parts.flatMap((part) => part.required ?? [])])]
  return {
    ...own,
    additionalProperties: own.additionalProperties ?? false,
    ...(needed.length > 0 ? { required: needed } : {}),
    // One set of alternatives is enough: a step's own takes the place of its parts'.
    ...(alternatives[0] === undefined ? {} : { anyOf: alternatives[0] }),
    properties: merged,
  }
}

export const inputSchema = (id: string): Schema => flatten(`${id}.input.json`)
export const outputSchema = (id: string): Schema => flatten(`${id}.output.json`)

/** `vm create`: the words of the command that takes a document. */
export function commandWords(id: string): string {
  return inputSchema(id)['x-command'] ?? id.replace('.', ' ')
}

/** Every property with its JSON pointer pattern; array items stand as `*`. */
export function* walk(schema: Schema, pointer = ''): Generator<[string, Schema]> {
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    yield [`${pointer}/${name}`, property]
    yield* walk(property, `${pointer}/${name}`)
    if (property.items !== undefined) yield* walk(property.items, `${pointer}/${name}/*`)
  }
  for (const alternative of schema.anyOf ?? []) yield* walk(alternative, pointer)
}

/** The pointers of a document's secrets. */
export function secretPointers(schema: Schema): string[] {
  return [...walk(schema)].filter(([, property]) => property['x-secret'] === true).map(([pointer]) => pointer)
}

/** Steps in the order of the work: those that have a pair of schemas, by the `x-order` of their input. */
export const stepIds = schemaFiles()
  .flatMap((name) => /^([a-z]+\.[a-z]+)\.input\.json$/.exec(name)?.[1] ?? [])
  .map((id) => ({
    id,
    order: (readJson(`${id}.input.json`) as Schema)['x-order'] ?? Number.POSITIVE_INFINITY,
  }))
  .sort((a, b) => a.order - b.order)
  .map(({ id }) => id) as readonly StepId[]
/** The commands over the steps that take a document as well. */
export const workflowIds = ['provision', 'batch', 'teardown', 'inventory', 'doctor'] as const
export const documentIds: readonly DocumentId[] = [...stepIds, ...workflowIds]
