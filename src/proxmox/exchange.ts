import type { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { Pool } from 'undici'
import type { Patience } from './retry.ts'
import { watchBody } from './watched-body.ts'

export type Parameters = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>

/** A request, and what the client may do with it. */
export interface Exchange {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  /** To follow "Proxmox could not": `start the VM 101`. */
  readonly request: string
  readonly parameters?: Parameters
  readonly body?: AsyncIterable<Uint8Array>
  readonly headers?: Readonly<Record<string, string>>
  /** Milliseconds without an answer; an upload waits for the server to take the file. */
  readonly timeout?: number
  /** Milliseconds in which the server is to take a part of the body. */
  readonly stall?: number
  /** How long it is tried again; some seconds unless given. */
  readonly patience?: Patience
}

/** What a server answered, whatever it means. */
export interface Answer {
  readonly status: number
  /** The reason phrase: Proxmox puts its message there. */
  readonly reason: string
  /** The body, where it is a JSON object. */
  readonly document: Readonly<Record<string, unknown>> | undefined
  /** Seconds that the server asks to wait. */
  readonly retryAfter?: number
  /** What calls itself the server. */
  readonly server: string
}

/** Whether it may be done twice: it only reads, or logs in. */
export function isRepeatable({ method, path }: Exchange): boolean {
  return method === 'GET' || path === '/access/ticket'
}

/** Whether it makes a new VM or container: one that was lost may have been made all the same. */
export function isCreate({ method, path }: Exchange): boolean {
  return method === 'POST' && /^\/nodes\/[^/]+\/(qemu|lxc)(\/\d+\/clone)?$/.test(path)
}

/** Sends a request over one of the pool's connections; throws what undici throws. */
export async function dispatch(
  pool: Pool,
  exchange: Exchange,
  headers: Readonly<Record<string, string>>,
  { timeout, signal }: { readonly timeout: number; readonly signal: AbortSignal },
): Promise<Answer> {
  const { method } = exchange
  const encoded = encode(exchange.parameters)
  const isForm = (method === 'POST' || method === 'PUT') && exchange.body === undefined
  const query = isForm || encoded === '' ? '' : `?${encoded}`
  const milliseconds = exchange.timeout ?? timeout
  const { body, stall } = exchange
  const watched =
    body === undefined || stall === undefined ? { body, signal } : watchBody(body, stall, signal)
  const response = await pool.request({
    method,
    path: `/api2/json${exchange.path}${query}`,
    headers: {
      ...headers,
      ...exchange.headers,
      ...(isForm ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
    },
    // undici takes any iterable; its types know streams only.
    body: (watched.body as Readable | undefined) ?? (isForm ? encoded : null),
    headersTimeout: milliseconds,
    bodyTimeout: milliseconds,
    signal: watched.signal,
  })
  const document = parseJson(await response.body.text())
  // The connection is free a moment later; a request that comes before would open another one.
  await setImmediate()
  const message = typeof document?.message === 'string' ? document.message : ''
  const retryAfter = Number(response.headers['retry-after'])
  return {
    status: response.statusCode,
    reason: response.statusText || message || `status ${response.statusCode}`,
    document,
    ...(retryAfter > 0 ? { retryAfter } : {}),
    server: String(response.headers.server ?? ''),
  }
}

/** Form encoding: booleans as 0 and 1, lists as the key repeated. */
function encode(parameters: Parameters = {}): string {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined) continue
    for (const item of Array.isArray(value) ? value : [value]) {
      form.append(name, typeof item === 'boolean' ? (item ? '1' : '0') : String(item))
    }
  }
  return form.toString()
}

function parseJson(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
