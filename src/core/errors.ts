import { type ErrorCode, errorCatalogue } from '../generated/errors.ts'

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
    super(fill(entry.message, details), options)
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

/** The text of an error of Node or of a library, without its stack. */
export function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined
  const text = thrown.message || code || thrown.name
  const inner = thrown.cause instanceof Error && thrown.cause.message ? `: ${thrown.cause.message}` : ''
  return text + (text.includes(inner.slice(2)) ? '' : inner)
}

/** A value may be a sentence of its own, with its end, or empty. */
function fill(text: string, details: Readonly<Record<string, unknown>>): string {
  const filled = text.replace(/\{(\w+)\}(\.?)/g, (placeholder, name: string, dot: string) => {
    if (!(name in details)) return placeholder
    const value = String(details[name])
    return /[.!?]$/.test(value) ? value : value + dot
  })
  return filled.trim()
}
