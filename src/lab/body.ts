import type { IncomingMessage } from 'node:http'
import { ApiError } from './api-error.ts'
import type { RawParameters } from './parameters.ts'

const maximum = 512 * 1024

/** Reads the parameters of a request's body: a form or JSON, 512 KiB at most. */
export async function readBody(request: IncomingMessage): Promise<RawParameters> {
  const length = Number(request.headers['content-length'] ?? 0)
  if (length === 0) return {}
  if (request.method === 'DELETE' || request.method === 'GET') {
    throw plainError(501, `Unexpected content for method '${request.method}'`)
  }
  if (length > maximum) throw plainError(501, 'for data too large')
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString('utf8')
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim() ?? ''
  if (type === 'application/json') return parseJson(text)
  if (type === '' || type === 'application/x-www-form-urlencoded') return parseForm(text)
  throw plainError(501, `upload content type '${type}' not supported`)
}

/** The parameters of a query or a form; a key that comes again makes a list. */
export function parseForm(text: string): RawParameters {
  const parameters: Record<string, unknown> = {}
  for (const [name, value] of new URLSearchParams(text)) {
    const before = parameters[name]
    if (before === undefined) parameters[name] = value
    else parameters[name] = Array.isArray(before) ? [...before, value] : [before, value]
  }
  return parameters
}

/** An error of the HTTP server itself: its text is the body. */
export function plainError(status: number, text: string): ApiError {
  return new ApiError(status, text, { body: text })
}

function parseJson(text: string): RawParameters {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as RawParameters
  } catch {
    // The same answer as for JSON that is no object.
  }
  throw plainError(501, 'malformed JSON string, neither tag, array, object, number, string or atom')
}
