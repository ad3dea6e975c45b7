/**
 * What the API answers instead of data.
 *
 * The text of an error is in the HTTP reason phrase and in the body's `message`; only parameter errors say more,
 * in `errors`. A few errors come from below the API, with a plain or an empty body.
 */
export class ApiError extends Error {
  readonly status: number
  readonly errors: Readonly<Record<string, string>> | undefined
  /** The body, where it is not the usual JSON. */
  readonly body: string | undefined

  constructor(
    status: number,
    message: string,
    extra: { errors?: Record<string, string>; body?: string } = {},
  ) {
    super(message)
    this.status = status
    this.errors = extra.errors
    this.body = extra.body
  }
}

/** 400, with a text for each parameter that is wrong. */
export function parameterErrors(errors: Record<string, string>): ApiError {
  return new ApiError(400, 'Parameter verification failed.', { errors })
}

/** 403: the path and the privileges that would have been enough; without them where Proxmox does not say. */
export function permissionDenied(path?: string, privileges?: readonly string[], any = false): ApiError {
  const wanted = privileges === undefined ? [] : [privileges.join(any ? '|' : ', ')]
  const what = path === undefined ? '' : ` (${[path, ...wanted].join(', ')})`
  return new ApiError(403, `Permission check failed${what}`)
}

/** 500: what a Perl `die` inside the handler becomes. */
export function failed(message: string): ApiError {
  return new ApiError(500, message)
}

/** The text of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The text a task ends with: parameter errors are spelled out, as their Perl exception is when printed. */
export function taskMessageOf(error: unknown): string {
  if (!(error instanceof ApiError) || error.errors === undefined) return messageOf(error)
  const details = Object.entries(error.errors).map(([key, text]) => `${key}: ${text.trimEnd()}`)
  return `${error.status} ${error.message}\n${details.join('\n')}`.replaceAll('\n', ' ')
}
