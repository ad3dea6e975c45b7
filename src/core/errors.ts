import { type ErrorCode, errorCatalogue } from '../generated/errors.ts'
import { quote } from './shell.ts'

export type { ErrorCode }

type Catalogue = typeof errorCatalogue
/** The `{names}` in a text. */
type Placeholders<Text> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never
type Needed<Code extends ErrorCode> =
  | Placeholders<Catalogue[Code]['message']>
  | Placeholders<Catalogue[Code]['hint']>

/** The values for a code's texts, and anything else that belongs in `error.details`. */
export type Details<Code extends ErrorCode> = { readonly [Name in Needed<Code>]: string | number } & {
  readonly [name: string]: unknown
}

/** An error as it stands in the result document. */
export interface ErrorDocument {
  readonly code: ErrorCode
  readonly message: string
  readonly hint: string
  /** Whether the same call may succeed later without any change. */
  readonly retryable: boolean
  readonly details: Readonly<Record<string, unknown>>
}

/** Any failure that a user can do something about. Its texts come from `schemas/errors.json`. */
export class NciError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'NciError'
  readonly code: Code
  readonly hint: string
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: Code, details: Details<Code>, options?: { cause?: unknown; hint?: string }) {
    const entry = errorCatalogue[code]
    super(fill(entry.message, withoutRepetition(entry.message, details)), options)
    this.code = code
    this.hint = options?.hint ?? fill(entry.hint, details)
    this.details = details
  }

  get exitCode(): number {
    return errorCatalogue[this.code].exitCode
  }

  get retryable(): boolean {
    return errorCatalogue[this.code].retryable
  }

  /** The same error with more in its details: where in a workflow it happened. */
  withDetails(more: Readonly<Record<string, unknown>>): NciError {
    const details = { ...this.details, ...more } as Details<ErrorCode>
    return Object.assign(new NciError<ErrorCode>(this.code, details, { cause: this, hint: this.hint }), {
      message: this.message,
    })
  }

  toDocument(): ErrorDocument {
    const { code, message, hint, retryable, details } = this
    return { code, message, hint, retryable, details }
  }
}

/** Whatever was thrown, as an {@link NciError}: what is not one is a bug of ours. */
export function toNciError(thrown: unknown): NciError {
  if (thrown instanceof NciError) return thrown
  const reason = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)
  return new NciError('ENGINE_BUG', { reason }, { cause: thrown })
}

/** Whether an error has this code; narrows the details to what the code needs. */
export function isNciError<Code extends ErrorCode>(
  thrown: unknown,
  ...codes: Code[]
): thrown is NciError<Code> {
  return thrown instanceof NciError && (codes as ErrorCode[]).includes(thrown.code)
}

/** What Node says of files, in words. */
const fileProblems: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EBUSY: 'it is in use',
  EDQUOT: 'the quota is used up',
  EEXIST: 'it exists already',
  EFBIG: 'a file may not be that large',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead in a circle',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'its name is too long',
  ENOENT: 'there is no such file or folder',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of its path is no folder',
  ENOTEMPTY: 'the folder is not empty',
  EPERM: 'operation not permitted',
  EROFS: 'the file system can only be read',
}
const ofFiles = /^(?!connect|listen|bind|accept|shutdown|send|recv|getaddrinfo|getnameinfo|spawn|kill|uv_)/

/**
 * The text of an error of Node or of a library, without its stack.
 *
 * @param named the file or folder that the sentence around it names already
 */
export function reasonOf(thrown: unknown, named?: string): string {
  if (!(thrown instanceof Error)) return String(thrown)
  const problem = fileProblem(thrown)
  if (problem !== undefined) {
    const { path } = thrown as NodeJS.ErrnoException
    return path === undefined || path === named ? problem : `${problem} (${path})`
  }
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined
  const text = thrown.message || code || thrown.name
  const inner = thrown.cause instanceof Error && thrown.cause.message ? `: ${thrown.cause.message}` : ''
  return text + (text.includes(inner.slice(2)) ? '' : inner)
}

function fileProblem({ code, syscall }: NodeJS.ErrnoException): string | undefined {
  return syscall !== undefined && ofFiles.test(syscall) ? fileProblems[code ?? ''] : undefined
}

/** What Node says of a file ends with its path; where the message names the file before, once is enough. */
function withoutRepetition<Values extends Readonly<Record<string, unknown>>>(
  text: string,
  details: Values,
): Values {
  const [, said = '', path] = /^(.*) \((.+)\)$/s.exec(String(details.reason)) ?? []
  if (path === undefined || !Object.values(fileProblems).some((words) => said.endsWith(words))) return details
  const isNamed = Object.entries(details).some(
    ([name, value]) => name !== 'reason' && value === path && text.includes(`{${name}}`),
  )
  return isNamed || said.includes(path) ? { ...details, reason: said } : details
}

/** A value may be a sentence of its own, with its end, or empty. In single quotes it is a word of the shell: `'{source}'`. */
function fill(text: string, details: Readonly<Record<string, unknown>>): string {
  const placeholders = /'\{(?<word>\w+)\}'|\{(?<plain>\w+)\}(?<dot>\.?)/g
  const filled = text.replace(placeholders, (placeholder, ...more) => {
    const { word, plain, dot } = more.at(-1) as Record<string, string | undefined>
    const name = word ?? plain ?? ''
    if (!(name in details)) return placeholder
    const value = String(details[name])
    if (word !== undefined) return quote(value)
    return /[.!?]$/.test(value) ? value : value + dot
  })
  return filled.trim()
}
