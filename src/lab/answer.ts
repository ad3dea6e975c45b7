import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ApiError } from './api-error.ts'

/** An answer before it goes onto the wire. */
export interface Answer {
  readonly status: number
  readonly reason: string
  readonly body: string
  /** The content type; only JSON has the form that the web interface asks for. */
  readonly type: string | undefined
}

/** The content type of nearly everything. */
export const json = 'application/json;charset=UTF-8'

/** What an error looks like to the client. */
export function errorAnswer(error: ApiError): Answer {
  if (error.body !== undefined) {
    return {
      status: error.status,
      reason: error.message,
      body: error.body,
      type: error.body.startsWith('{') ? json : undefined,
    }
  }
  const body = {
    data: null,
    // Every message is one that a Perl program died of, but this one.
    message: error.status === 501 ? error.message : `${error.message}\n`,
    ...(error.errors === undefined ? {} : { errors: error.errors }),
  }
  return { status: error.status, reason: error.message, body: JSON.stringify(body), type: json }
}

/** The web interface's form: always 200, the real status inside. */
export function asExtJs(answer: Answer): Answer {
  if (answer.type !== json) return answer
  const inner = JSON.parse(answer.body) as Record<string, unknown>
  const success = answer.status === 200
  const body = { ...inner, success: success ? 1 : 0, ...(success ? {} : { status: answer.status }) }
  return { status: 200, reason: 'OK', body: JSON.stringify(body), type: json }
}

/** Sends an answer. */
export function send(response: ServerResponse, answer: Answer, request: IncomingMessage): void {
  const bytes = Buffer.from(answer.body)
  const headers: Record<string, string | number> = {
    'Cache-Control': 'max-age=0',
    Pragma: 'no-cache',
    Server: 'pve-api-daemon/3.0',
    'Content-Length': bytes.length,
  }
  if (answer.type !== undefined) headers['Content-Type'] = answer.type
  // A body that nobody reads any more must not be taken for the next request.
  if (!request.complete) headers.Connection = 'close'
  response.writeHead(
    answer.status,
    // A status line is one line.
    answer.reason.replace(/\n.*/s, '').replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, ' '),
    headers,
  )
  response.end(bytes)
}
