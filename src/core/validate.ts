import type { DocumentId } from '../generated/types.ts'
import type { ValidationError, Validator } from '../generated/validators.js'
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

/** A validator's name and what belongs in the document, for misspelt names. */
type Schemas = Readonly<Record<string, { readonly input: JsonSchema } & JsonSchema>>

/** A document may have as many mistakes as it is long. */
const mostErrors = 100

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly items?: JsonSchema
  readonly examples?: readonly unknown[]
}

/**
 * Checks a document and fills in its defaults.
 *
 * @throws {NciError} `INPUT_INVALID` with all mistakes at once, or the first hundred, in `details.mistakes`
 */
export async function validate(id: DocumentId | 'host', document: Record<string, unknown>): Promise<void> {
  const validators = (await import('../generated/validators.js')) as unknown as Record<string, Validator>
  const check = validators[id.replace('.', '_')] as Validator
  if (check(document)) return
  const errors = check.errors ?? []
  const mistakes = await mistakesOf(id, errors.slice(0, mostErrors))
  const problems = mistakes
    .map(({ pointer, expected, suggestion }) => {
      const hint = suggestion === undefined ? '' : ` (did you mean \`${suggestion}\`?)`
      return `${pointer === '' ? 'the document' : `\`${shortened(pointer)}\``} ${expected}${hint}`
    })
    .concat(errors.length > mostErrors ? `and ${errors.length - mostErrors} more` : [])
    .join('; ')
  throw new NciError('INPUT_INVALID', { problems, mistakes, step: id })
}

/** A name may be as long as the document. */
function shortened(pointer: string): string {
  return pointer.length <= 200 ? pointer : `${pointer.slice(0, 199)}…`.toWellFormed()
}

async function mistakesOf(id: string, errors: readonly ValidationError[]): Promise<Mistake[]> {
  // Of alternatives, each that fails is an error of its own; together they are one mistake.
  const inAlternatives = (error: ValidationError): boolean => error.schemaPath.includes('/anyOf/')
  const alternativesAt = (pointer: string): string[] =>
    errors
      .filter((error) => inAlternatives(error) && error.instancePath === pointer)
      .map(({ params }) => `\`${String(params.missingProperty)}\``)
  const mistakes: Mistake[] = []
  for (const error of errors.filter((one) => !inAlternatives(one))) {
    const { instancePath, params } = error
    if (error.keyword === 'anyOf') {
      mistakes.push({
        pointer: instancePath,
        expected: `needs ${[...new Set(alternativesAt(instancePath))].join(' or ')}`,
      })
    } else if (error.keyword === 'required') {
      mistakes.push({ pointer: `${instancePath}/${String(params.missingProperty)}`, expected: 'is missing' })
    } else if (error.keyword === 'additionalProperties') {
      const name = String(params.additionalProperty)
      const suggestion = closest(name, await namesAt(id, instancePath))
      mistakes.push({
        pointer: `${instancePath}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
        expected: 'is not known here',
        ...(suggestion === undefined ? {} : { suggestion }),
      })
    } else {
      mistakes.push({ pointer: instancePath, expected: await expectation(id, error) })
    }
  }
  return mistakes
}

async function expectation(
  id: string,
  { keyword, params, instancePath, message = 'is wrong' }: ValidationError,
): Promise<string> {
  switch (keyword) {
    case 'type':
      return `must be of type ${String(params.type).replaceAll(',', ' or ')}`
    case 'enum':
      return `must be one of ${(params.allowedValues as string[]).map((value) => `\`${value}\``).join(', ')}`
    case 'pattern': {
      // An example says more than a regular expression.
      const examples = (await schemaAt(id, instancePath))?.examples ?? []
      if (examples.length === 0) return `must match the pattern ${String(params.pattern)}`
      return `must look like ${examples.map((example) => `\`${String(example)}\``).join(' or ')}`
    }
    default:
      return message
  }
}

/** The names that a document may have at a place. */
async function namesAt(id: string, pointer: string): Promise<string[]> {
  return Object.keys((await schemaAt(id, pointer))?.properties ?? {})
}

async function schemaAt(id: string, pointer: string): Promise<JsonSchema | undefined> {
  const schemas = (await import('../generated/schemas.ts')).schemas as Schemas
  let schema: JsonSchema | undefined = id === 'host' ? schemas.host : schemas[id]?.input
  for (const segment of pointer.split('/').slice(1)) {
    schema =
      schema?.items !== undefined && /^\d+$/.test(segment) ? schema.items : schema?.properties?.[segment]
  }
  return schema
}

/** The name that a misspelt one probably means. */
export function closest(name: string, known: readonly string[]): string | undefined {
  const most = Math.max(2, name.length / 3)
  const best = known
    // So many characters would have to be inserted or deleted at least.
    .filter((candidate) => Math.abs(candidate.length - name.length) <= most)
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate) }))
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
