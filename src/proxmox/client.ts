import type { Readable } from 'node:stream'
import type { Dispatcher, Pool } from 'undici'
import { delay } from '../core/deadline.ts'
import { isNciError, NciError, reasonOf } from '../core/errors.ts'
import type { Context } from '../core/step.ts'
import { type CredentialOptions, type Credentials, credentialsOf } from './credentials.ts'
import { type Endpoint, parseEndpoint } from './endpoint.ts'
import { responseError } from './responses.ts'
import { shownFingerprint, type TlsOptions, tlsConnector } from './tls.ts'

/** The properties of a step's input that say how Proxmox is reached. */
export interface ConnectionOptions extends CredentialOptions, TlsOptions {
  readonly api_host?: string
  readonly api_port?: number
  /** Seconds. */
  readonly api_timeout: number
}

export type Parameters = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

interface Exchange {
  readonly method: Method
  readonly path: string
  /** To follow "Proxmox could not": `start the VM 101`. */
  readonly request: string
  readonly parameters?: Parameters
  readonly body?: Readable | AsyncIterable<Uint8Array>
  readonly headers?: Readonly<Record<string, string>>
  /** Milliseconds without an answer; an upload waits for the server to take the file. */
  readonly timeout?: number
}

const retries = 4

/** Connections and ticket of one user at one server: what the clients of a run share. */
class Session implements AsyncDisposable {
  readonly endpoint: Endpoint
  readonly credentials: Credentials
  readonly options: ConnectionOptions
  ticket: Promise<Readonly<Record<string, string>>> | undefined
  /** The run is over: whoever still asks something is not waited for. */
  closed = false
  #pool: Promise<Pool> | undefined

  constructor(options: ConnectionOptions) {
    if (options.api_host === undefined) throw new NciError('PVE_HOST_MISSING', {})
    this.endpoint = parseEndpoint(options.api_host, options.api_port)
    this.credentials = credentialsOf(options)
    this.options = options
  }

  pool(): Promise<Pool> {
    this.#pool ??= this.#open()
    return this.#pool
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.closed = true
    // A pool that could not be made has nothing to close.
    await (await this.#pool?.catch(() => undefined))?.destroy()
  }

  async #open(): Promise<Pool> {
    const { Pool, buildConnector } = await import('undici')
    return new Pool(this.endpoint.origin, {
      connections: 8,
      keepAliveTimeout: 30_000,
      connect: tlsConnector(this.endpoint, this.options, buildConnector),
    })
  }
}

/**
 * The client of a connection's properties. Its connections are kept for the run.
 *
 * @throws {NciError} `PVE_HOST_MISSING`, `PVE_ENDPOINT_INVALID`, `PVE_CREDENTIALS_MISSING`
 */
export function connectProxmox(input: ConnectionOptions, context: Context): ProxmoxClient {
  const { api_host, api_port, api_user, api_token_id, ca_path, api_fingerprint, validate_certs } = input
  const key = JSON.stringify([
    api_host,
    api_port,
    api_user,
    api_token_id,
    ca_path,
    api_fingerprint,
    validate_certs,
  ])
  if (!input.validate_certs && api_fingerprint === undefined) {
    context.emit({
      type: 'warning',
      message: `The certificate of ${api_host} is not verified (validate_certs is off).`,
    })
  }
  return new ProxmoxClient(
    context.resources.get(`proxmox:${key}`, () => new Session(input)),
    context.signal,
  )
}

/** The Proxmox VE API, with errors as {@link NciError}s. */
export class ProxmoxClient {
  readonly #session: Session
  readonly #signal: AbortSignal

  /** @param signal aborts every request */
  constructor(session: Session, signal: AbortSignal) {
    this.#session = session
    this.#signal = signal
  }

  /** The same client for another signal: to ask something after the run's own was aborted. */
  with(signal: AbortSignal): ProxmoxClient {
    return new ProxmoxClient(this.#session, signal)
  }

  get<Data>(path: string, request: string, parameters?: Parameters): Promise<Data> {
    return this.#retried({ method: 'GET', path, request, ...(parameters ? { parameters } : {}) })
  }

  post<Data>(path: string, request: string, parameters: Parameters = {}): Promise<Data> {
    return this.#exchange({ method: 'POST', path, request, parameters })
  }

  put<Data>(path: string, request: string, parameters: Parameters): Promise<Data> {
    return this.#exchange({ method: 'PUT', path, request, parameters })
  }

  delete<Data>(
    path: string,
    request: string,
    parameters: Parameters = {},
    signal?: AbortSignal,
  ): Promise<Data> {
    return this.#exchange({ method: 'DELETE', path, request, parameters }, signal)
  }

  /** Sends a body of its own: the multipart form of an upload. */
  send<Data>(
    path: string,
    request: string,
    body: AsyncIterable<Uint8Array>,
    headers: Readonly<Record<string, string>>,
  ): Promise<Data> {
    return this.#exchange({ method: 'POST', path, request, body, headers, timeout: 3_600_000 })
  }

  /** Reading may be repeated: what fails by chance is asked for again, with growing pauses. */
  async #retried<Data>(exchange: Exchange): Promise<Data> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#exchange<Data>(exchange)
      } catch (error) {
        if (attempt >= retries || this.#session.closed || !isPassing(error)) throw error
        await delay(200 * 2 ** attempt * (0.5 + Math.random()), this.#signal)
      }
    }
  }

  async #exchange<Data>(exchange: Exchange, signal = this.#signal): Promise<Data> {
    try {
      return await this.#once<Data>(exchange, signal)
    } catch (error) {
      // A ticket lives two hours: a new one, once.
      const expired = isNciError(error, 'PVE_AUTH_FAILED') && this.#session.credentials.kind === 'password'
      if (!expired || this.#session.ticket === undefined || exchange.body !== undefined) throw error
      this.#session.ticket = undefined
      return this.#once<Data>(exchange, signal)
    }
  }

  async #once<Data>(exchange: Exchange, signal: AbortSignal): Promise<Data> {
    signal.throwIfAborted()
    const { statusCode, statusText, body } = await this.#dispatch(
      exchange,
      { ...(await this.#authorization()), ...exchange.headers },
      signal,
    )
    const text = await body.text().catch((error: unknown) => {
      throw this.#lost(exchange, error, signal)
    })
    const document = parseJson(text)
    if (statusCode >= 200 && statusCode < 300) {
      if (document !== undefined && 'data' in document) return document.data as Data
      throw this.#notProxmox(`it answered ${statusCode} without JSON data`)
    }
    if (statusCode === 404 || (statusCode >= 300 && statusCode < 400)) {
      throw this.#notProxmox(`it answered ${statusCode} ${statusText}`)
    }
    const message = typeof document?.message === 'string' ? document.message : undefined
    const node = /^\/nodes\/([^/]+)/.exec(exchange.path)?.[1]
    throw responseError({
      ...(node === undefined ? {} : { node }),
      request: exchange.request,
      endpoint: this.#session.endpoint.origin,
      user: this.#session.credentials.user,
      status: statusCode,
      reason: statusText || message || `status ${statusCode}`,
      parameters: (document?.errors ?? {}) as Record<string, string>,
    })
  }

  async #dispatch(
    exchange: Exchange,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    const { method, parameters } = exchange
    const encoded = encode(parameters)
    const inQuery = encoded !== '' && (method === 'GET' || method === 'DELETE')
    const asForm = !inQuery && exchange.body === undefined && method !== 'GET' && method !== 'DELETE'
    const timeout = exchange.timeout ?? this.#session.options.api_timeout * 1000
    const pool = await this.#session.pool()
    try {
      return await pool.request({
        method,
        path: `/api2/json${exchange.path}${inQuery ? `?${encoded}` : ''}`,
        headers: asForm ? { ...headers, 'content-type': 'application/x-www-form-urlencoded' } : headers,
        body: (exchange.body as Readable | undefined) ?? (asForm ? encoded : null),
        headersTimeout: timeout,
        bodyTimeout: timeout,
        signal,
      })
    } catch (error) {
      throw await this.#connectionError(exchange, error, signal)
    }
  }

  async #authorization(): Promise<Readonly<Record<string, string>>> {
    if (this.#session.credentials.kind === 'token') return { authorization: this.#session.credentials.header }
    const { user, password } = this.#session.credentials
    // A login that failed is no ticket: a refused one is not tried again, one that broke is with the next request.
    this.#session.ticket ??= this.#login(user, password).catch((error: unknown) => {
      this.#session.ticket = undefined
      throw error
    })
    return this.#session.ticket
  }

  async #login(username: string, password: string): Promise<Readonly<Record<string, string>>> {
    const request = `log in as ${username}`
    const { statusCode, statusText, body } = await this.#dispatch(
      { method: 'POST', path: '/access/ticket', request, parameters: { username, password } },
      {},
      this.#signal,
    )
    const data = parseJson(await body.text())?.data as
      | { ticket?: string; CSRFPreventionToken?: string }
      | undefined
    if (statusCode !== 200 || !data?.ticket) {
      if (statusCode === 200 || statusCode === 404)
        throw this.#notProxmox(`the login answered ${statusCode} without a ticket`)
      throw responseError({
        request,
        endpoint: this.#session.endpoint.origin,
        user: username,
        status: statusCode,
        reason: statusText,
        parameters: {},
      })
    }
    return { cookie: `PVEAuthCookie=${data.ticket}`, csrfpreventiontoken: data.CSRFPreventionToken ?? '' }
  }

  async #connectionError(exchange: Exchange, error: unknown, signal: AbortSignal): Promise<unknown> {
    if (signal.aborted) return signal.reason
    if (error instanceof NciError) return error
    const code = codeOf(error)
    const endpoint = this.#session.endpoint.origin
    if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|ALTNAME/.test(code)) {
      const fingerprint = await shownFingerprint(this.#session.endpoint)
      return new NciError(
        'PVE_TLS_UNTRUSTED',
        { endpoint, reason: reasonOf(error), fingerprint },
        { cause: error },
      )
    }
    // ssl3_get_record and "wrong version number": something that speaks no TLS.
    if (/^(ERR_SSL|EPROTO|HPE_)/.test(code)) return this.#notProxmox(`it does not speak HTTPS`)
    if (
      /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENETDOWN|UND_ERR_CONNECT_TIMEOUT)$/.test(
        code,
      )
    ) {
      return new NciError('PVE_UNREACHABLE', { endpoint, reason: reasonOf(error) }, { cause: error })
    }
    return this.#lost(exchange, error, signal)
  }

  #lost(exchange: Exchange, error: unknown, signal: AbortSignal): unknown {
    if (signal.aborted) return signal.reason
    const endpoint = this.#session.endpoint.origin
    return new NciError(
      'PVE_CONNECTION_LOST',
      { endpoint, request: exchange.request, reason: reasonOf(error) },
      { cause: error },
    )
  }

  #notProxmox(reason: string): NciError {
    return new NciError('PVE_NOT_PROXMOX', { endpoint: this.#session.endpoint.origin, reason })
  }
}

/** What may go away by itself: a broken connection, an overloaded proxy, a node that comes back, a held lock. */
function isPassing(error: unknown): boolean {
  if (isNciError(error, 'PVE_CONNECTION_LOST')) return true
  if (!isNciError(error, 'PVE_REQUEST_FAILED', 'PVE_NODE_OFFLINE')) return false
  const { status, reason } = error.details
  return (
    [502, 503, 504, 595, 596, 599].includes(Number(status)) ||
    /got no worker upid|can't lock file/.test(String(reason))
  )
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

function codeOf(error: unknown): string {
  for (let inner = error; inner instanceof Error; inner = inner.cause) {
    if ('code' in inner && typeof inner.code === 'string') return inner.code
  }
  return ''
}
