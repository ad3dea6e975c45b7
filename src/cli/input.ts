import { readFileSync } from 'node:fs'
import { NciError, reasonOf } from '../core/errors.ts'
import { documents, type PropertyInfo } from '../generated/commands.ts'
import type { DocumentId } from '../generated/types.ts'

/** Where values come from, the strongest first: flags, the input document, the environment. */
export interface Sources {
  /** Values of flags by property name. */
  readonly flags: Readonly<Record<string, unknown>>
  /** `--input`: a path, or `-` for standard input. */
  readonly input: string | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
}

/**
 * The document that the sources make together, not yet checked.
 *
 * @throws {NciError} `INPUT_UNREADABLE`, `INPUT_NOT_JSON`
 */
export async function gatherInput(id: DocumentId, sources: Sources): Promise<Record<string, unknown>> {
  const { properties } = documents[id]
  const fromEnvironment = Object.fromEntries(
    properties.flatMap((property) => {
      const text = property.environment.map((name) => sources.environment[name]).find((value) => value)
      return text === undefined ? [] : [[property.name, convert(property, text)]]
    }),
  )
  const document = sources.input === undefined ? {} : await readDocument(id, sources.input)
  return { ...fromEnvironment, ...document, ...sources.flags }
}

async function readDocument(id: DocumentId, file: string): Promise<Record<string, unknown>> {
  let text: string
  try {
    text = file === '-' ? await readStdin() : readFileSync(file, 'utf8')
  } catch (error) {
    throw new NciError('INPUT_UNREADABLE', { file, reason: reasonOf(error) }, { cause: error })
  }
  const notJson = (reason: string): NciError =>
    new NciError('INPUT_NOT_JSON', { file: file === '-' ? 'on standard input' : file, step: id, reason })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw notJson(position(text, error))
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw notJson(`it is ${Array.isArray(value) ? 'a list' : JSON.stringify(value).slice(0, 20)}`)
  }
  return value as Record<string, unknown>
}

/** All of standard input: a program that calls the engine may write it all before it reads anything. */
async function readStdin(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

/** Where the syntax is wrong. V8's own message quotes the text, which may hold secrets. */
function position(text: string, error: unknown): string {
  if (text.trim() === '') return 'it is empty'
  const offset = Number(/position (\d+)/.exec(reasonOf(error))?.[1])
  if (Number.isNaN(offset)) return 'it ends too early'
  const before = text.slice(0, offset).split('\n')
  return `syntax error at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
}

/** The value of an environment variable; what cannot be converted is left for the validation to refuse. */
function convert(property: PropertyInfo, text: string): unknown {
  switch (property.type) {
    case 'boolean':
      if (/^(1|true|yes|on)$/i.test(text)) return true
      return /^(0|false|no|off)$/i.test(text) ? false : text
    case 'integer':
    case 'number':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text
    default:
      return text
  }
}
