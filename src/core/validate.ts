import type { DocumentId } from '../generated/types.ts'
import type { ValidationError, Validator } from '../generated/validators.js'
import { alternativesOf, isInAlternatives, type JsonSchema, schemaOf } from './alternatives.ts'
import { NciError } from './errors.ts'

/** One mistake in a document. Never holds the wrong value: it may be a secret. */
export interface Mistake {
  /** JSON pointer. */
  readonly pointer: string
  /** What was expected there. */
  readonly expected: string
  /** The known name that a misspelt one is closest to. */
  readonly suggestion?: string
}

/** What belongs in the documents, for misspelt names: a step's input, or the document itself. */
type Schemas = Readonly<Record<string, { readonly input?: JsonSchema } & JsonSchema>>

/** The documents that have a schema. */
type CheckedId = DocumentId | 'host' | 'lab'

/** Mistakes for which one has to know what else there may be. */
const toldBySchema = new Set(['additionalProperties', 'anyOf', 'pattern'])

/** A document may have as many mistakes as it is long. */
const mostErrors = 100

/**
 * Checks a document and fills in its defaults.
 *
 * @throws {NciError} `INPUT_INVALID` with all mistakes at once, or the first hundred, in `details.mistakes`
 */
export async function validate(id: CheckedId, document: Record<string, unknown>): Promise<void> {
  const found = await findMistakes(id, document)
  if (found !== undefined) throw new NciError('INPUT_INVALID', { ...found, step: id })
}

/** What is wrong with a document, whose defaults are filled in; `undefined` where nothing is. */
export async function findMistakes(
  id: CheckedId,
  document: Readonly<Record<string, unknown>>,
): Promise<{ readonly problems: string; readonly mistakes: readonly Mistake[] } | undefined> {
  const validators = (await import('../generated/validators.js')) as unknown as Record<string, Validator>
  const check = validators[id.replace('.', '_')] as Validator
  if (check(document)) return undefined
  const errors = check.errors ?? []
  // The schemas are large, and most mistakes can be told without.
  const schema = errors.some(({ keyword }) => toldBySchema.has(keyword)) ? await schemaOfDocument(id) : {}
  const mistakes = mistakesOf(schema, errors.slice(0, mostErrors))
  const problems = mistakes
    .map(({ pointer, expected, suggestion }) => {
      const hint = suggestion === undefined ? '' : ` (did you mean \`${suggestion}\`?)`
      return `${pointer === '' ? 'the document' : `\`${shortened(pointer)}\``} ${expected}${hint}`
    })
    .concat(errors.length > mostErrors ? `and ${errors.length - mostErrors} more` : [])
    .join('; ')
  return { problems, mistakes }
}

/** A name may be as long as the document. */
function shortened(pointer: string): string {
  return pointer.length <= 200 ? pointer : `${pointer.slice(0, 199)}…`.toWellFormed()
}

/** @param told those of the errors that are mistakes of their own */
function mistakesOf(
  schema: JsonSchema,
  errors: readonly ValidationError[],
  told = errors.filter((error) => !isInAlternatives(error)),
): Mistake[] {
  return told.flatMap((error): Mistake[] => {
    const { instancePath, params, keyword } = error
    if (keyword === 'anyOf') return mistakesInAlternatives(schema, errors, error)
    if (keyword === 'required') {
      return [{ pointer: `${instancePath}/${String(params.missingProperty)}`, expected: 'is missing' }]
    }
    const at = schemaOf(schema, error)
    if (keyword !== 'additionalProperties')
      return [{ pointer: instancePath, expected: expectation(at, error) }]
    return [unknownName(instancePath, String(params.additionalProperty), Object.keys(at.properties ?? {}))]
  })
}

/** Of alternatives, each that fails is an error of its own; together they are one mistake, unless it is clear which is meant. */
function mistakesInAlternatives(
  schema: JsonSchema,
  errors: readonly ValidationError[],
  error: ValidationError,
): Mistake[] {
  const { meant, needed, unknown, known } = alternativesOf(schema, errors, error)
  if (meant !== undefined) {
    const depth = error.schemaPath.split('/anyOf').length
    return mistakesOf(
      schema,
      meant,
      meant.filter(({ schemaPath }) => schemaPath.split('/anyOf/').length === depth),
    )
  }
  const misspelt = unknown.map((name) => unknownName(error.instancePath, name, known))
  if (misspelt.some(({ suggestion = '' }) => needed.includes(suggestion))) return misspelt
  const names = [...new Set(needed)].map((name) => `\`${name}\``).join(' or ')
  return [...misspelt, { pointer: error.instancePath, expected: `needs ${names}` }]
}

function unknownName(within: string, name: string, known: readonly string[]): Mistake {
  const suggestion = closest(name, known)
  return {
    pointer: `${within}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    expected: 'is not known here',
    ...(suggestion === undefined ? {} : { suggestion }),
  }
}

function expectation(
  { examples = [] }: JsonSchema,
  { keyword, params, message = 'is wrong' }: ValidationError,
): string {
  switch (keyword) {
    case 'type':
      return `must be of type ${String(params.type).replaceAll(',', ' or ')}`
    case 'enum':
      return `must be one of ${(params.allowedValues as string[]).map((value) => `\`${value}\``).join(', ')}`
    case 'pattern':
      // An example says more than a regular expression.
      if (examples.length === 0) return `must match the pattern ${String(params.pattern)}`
      return `must look like ${examples.map((example) => `\`${String(example)}\``).join(' or ')}`
    default:
      return message
  }
}

async function schemaOfDocument(id: CheckedId): Promise<JsonSchema> {
  const schemas = (await import('../generated/schemas.ts')).schemas as Schemas
  const schema = schemas[id] as Schemas[string]
  return schema.input ?? schema
}

/**
 * The name that a misspelt one probably means.
 *
 * @param most characters that may be wrong
 */
export function closest(
  name: string,
  known: readonly string[],
  most = Math.max(2, name.length / 3),
): string | undefined {
  const best = known
    // So many characters would have to be inserted or deleted at least.
    .filter((candidate) => Math.abs(candidate.length - name.length) <= most)
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance)[0]
  return best !== undefined && best.distance <= most ? best.candidate : undefined
}

/** Levenshtein's distance: how many characters to insert, delete or replace. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
