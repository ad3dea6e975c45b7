import { delay } from '../core/deadline.ts'
import type { Context } from '../core/step.ts'
import type { Exchange, Parameters } from './exchange.ts'
import { Attempts, type Patience } from './retry.ts'
import { type ConnectionOptions, Session } from './session.ts'
import type { Notify } from './totp.ts'

export type { Parameters } from './exchange.ts'
export type { ConnectionOptions } from './session.ts'

/** A part of a list. */
export interface Page<Row> {
  readonly rows: Row[]
  /** Of the whole list; not every list says. */
  readonly total?: number
}

/** How long a server may take to do something with an upload, in milliseconds. */
export interface UploadLimits {
  /** To take some more of it. */
  readonly taking: number
  /** To answer: it has it then, and may copy it first. */
  readonly answering: number
}

const uploadLimits: UploadLimits = { taking: 300_000, answering: 3_600_000 }

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
    context.resources.shared(`proxmox:${key}`, () => new Session(input)),
    context.signal,
    (phase) => context.emit({ type: 'phase', phase }),
    context.listings,
  )
}

/** The Proxmox VE API, with errors as {@link NciError}s. What fails by chance is tried again, where that is safe. */
export class ProxmoxClient {
  readonly #session: Session
  readonly #signal: AbortSignal
  readonly #notify: Notify
  readonly #listings: Context['listings']

  /**
   * @param signal aborts every request
   * @param notify is told what a login waits for
   * @param listings see {@link Context}
   */
  constructor(session: Session, signal: AbortSignal, notify: Notify, listings?: Context['listings']) {
    this.#session = session
    this.#signal = signal
    this.#notify = notify
    this.#listings = listings
  }

  /** Who asks: `nci@pve`, or `nci@pve!ci` for a token. */
  get user(): string {
    return this.#session.user
  }

  /** Ids of VMs that are to be created through this connection, with the names of the VMs. */
  get reservedIds(): Map<number, string> {
    return this.#session.reservedIds
  }

  /** Ids of VMs whose creation was begun through this connection. */
  get creatingIds(): Set<number> {
    return this.#session.creatingIds
  }

  /**
   * What is read of the whole cluster: in a batch, one that another host has just read will do.
   *
   * @param after the moment after which it is to be read, as `performance.now()` has it
   */
  listing<Value>(key: string, read: () => Promise<Value>, after = 0): Promise<Value> {
    if (this.#listings === undefined) return read()
    const age = { most: this.#listings.most, after: Math.max(after, this.#listings.after) }
    return this.#session.listings.recent(key, age, this.#signal, read)
  }

  /** The same client for another signal: to ask something after the run's own was aborted. */
  with(signal: AbortSignal): ProxmoxClient {
    return new ProxmoxClient(this.#session, signal, this.#notify, this.#listings)
  }

  /** @param patience for what is worth waiting for: a few seconds are usual */
  get<Data>(path: string, request: string, parameters?: Parameters, patience?: Patience): Promise<Data> {
    return this.#dataOf({
      ...{ method: 'GET', path, request },
      ...(parameters ? { parameters } : {}),
      ...(patience ? { patience } : {}),
    })
  }

  /** A part of a list, and how long the list is. */
  async getPage<Row>(path: string, request: string, parameters: Parameters): Promise<Page<Row>> {
    const { data, total } = await this.#send({ method: 'GET', path, request, parameters })
    return { rows: data as Row[], ...(typeof total === 'number' ? { total } : {}) }
  }

  post<Data>(path: string, request: string, parameters: Parameters = {}): Promise<Data> {
    return this.#dataOf({ method: 'POST', path, request, parameters })
  }

  put<Data>(path: string, request: string, parameters: Parameters): Promise<Data> {
    return this.#dataOf({ method: 'PUT', path, request, parameters })
  }

  delete<Data>(
    path: string,
    request: string,
    parameters: Parameters = {},
    signal?: AbortSignal,
  ): Promise<Data> {
    return this.#dataOf({ method: 'DELETE', path, request, parameters }, signal)
  }

  /** Sends a body of its own: the multipart form of an upload. */
  send<Data>(
    path: string,
    request: string,
    body: AsyncIterable<Uint8Array>,
    headers: Readonly<Record<string, string>>,
    { taking, answering }: UploadLimits = uploadLimits,
  ): Promise<Data> {
    return this.#dataOf({
      ...{ method: 'POST', path, request, body, headers },
      ...{ timeout: answering, stall: taking },
    })
  }

  async #dataOf<Data>(exchange: Exchange, signal?: AbortSignal): Promise<Data> {
    return (await this.#send(exchange, signal)).data as Data
  }

  async #send(exchange: Exchange, signal = this.#signal): Promise<Readonly<Record<string, unknown>>> {
    const attempts = new Attempts(exchange)
    for (;;) {
      try {
        return await this.#once(exchange, signal)
      } catch (error) {
        const pause = attempts.next(error, this.#session.hasAnswered)
        if (pause === undefined || this.#session.isClosed) throw error
        await delay(pause, signal)
      }
    }
  }

  async #once(exchange: Exchange, signal: AbortSignal): Promise<Readonly<Record<string, unknown>>> {
    signal.throwIfAborted()
    const answer = await this.#session.ask(exchange, signal, this.#notify)
    const { status, document } = answer
    if (status < 200 || status >= 300) throw await this.#session.answerError(exchange, answer, signal)
    if (document !== undefined && 'data' in document) return document
    throw this.#session.notProxmox(`it answered ${status} without JSON data`)
  }
}
