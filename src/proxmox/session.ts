import { NciError } from '../core/errors.ts'
import { type CredentialOptions, type Credentials, credentialsOf } from './credentials.ts'
import { parseEndpoints } from './endpoint.ts'
import { Endpoints } from './endpoints.ts'
import type { Answer, Exchange } from './exchange.ts'
import { foreignReason } from './foreign.ts'
import { Listings } from './listings.ts'
import { type LoginPort, logIn, renew, type Ticket } from './login.ts'
import { responseError } from './responses.ts'
import { TicketKeeper } from './ticket-keeper.ts'
import type { TlsOptions } from './tls.ts'
import { codeSource, type Notify } from './totp.ts'

/** The properties of a step's input that say how Proxmox is reached. */
export interface ConnectionOptions extends CredentialOptions, TlsOptions {
  /** One endpoint, or several of one cluster. */
  readonly api_host?: string
  readonly api_port?: number
  /** Seconds. */
  readonly api_timeout: number
}

type Headers = Readonly<Record<string, string>>
type Asked = Pick<Exchange, 'request' | 'path'>

/** Connections and ticket of one user at one cluster: what the clients of a run share. */
export class Session implements AsyncDisposable {
  /** Ids of VMs that are to be created, with the names of the VMs: two hosts of a batch must not want one. */
  readonly reservedIds = new Map<number, string>()
  /** Ids of VMs whose creation was begun here. */
  readonly creatingIds = new Set<number>()
  readonly listings = new Listings()
  readonly #credentials: Credentials
  readonly #endpoints: Endpoints
  readonly #tickets: TicketKeeper | undefined
  readonly #end = new AbortController()
  /** Whether the server has ever let us in: what it refuses then is not for being another server. */
  #wasLetIn = false

  /** @throws {NciError} `PVE_HOST_MISSING`, `PVE_ENDPOINT_INVALID`, `PVE_CREDENTIALS_MISSING` */
  constructor(options: ConnectionOptions) {
    if (options.api_host === undefined) throw new NciError('PVE_HOST_MISSING', {})
    this.#endpoints = new Endpoints(parseEndpoints(options.api_host, options.api_port), options)
    this.#credentials = credentialsOf(options)
    this.#tickets = this.#keepTickets()
  }

  /** The run is over: whoever still asks something is not waited for. */
  get isClosed(): boolean {
    return this.#end.signal.aborted
  }

  /** Whether the server has answered anything: if it is gone now, it may come back. */
  get hasAnswered(): boolean {
    return this.#endpoints.hasAnswered
  }

  get endpoint(): string {
    return this.#endpoints.inUse.endpoint.origin
  }

  get user(): string {
    return this.#credentials.user
  }

  /**
   * Sends a request with what authorises it. A ticket that is refused is replaced, once.
   *
   * @param notify is told what a login waits for
   */
  async ask(exchange: Exchange, signal: AbortSignal, notify: Notify): Promise<Answer> {
    const tickets = this.#tickets
    if (tickets === undefined) return this.#asked(exchange, this.#tokenHeaders(), signal)
    const ticket = await tickets.get(signal, notify)
    const answer = await this.#asked(exchange, ticketHeaders(ticket), signal)
    if (answer.status !== 401) return answer
    tickets.discard(ticket)
    // A body can be sent once only.
    if (exchange.body !== undefined) return answer
    return this.#asked(exchange, ticketHeaders(await tickets.get(signal, notify)), signal)
  }

  /** The error that an answer is which is no success. */
  async answerError({ request, path }: Asked, answer: Answer, signal: AbortSignal): Promise<NciError> {
    const { status, reason, document } = answer
    const { endpoint, user } = this
    const foreign = await foreignReason(this.#endpoints.inUse, answer, this.#wasLetIn, signal)
    if (foreign !== undefined) return this.notProxmox(foreign)
    const node = /^\/nodes\/([^/]+)/.exec(path)?.[1]
    return responseError({
      ...{ request, endpoint, user, status, reason },
      ...(node === undefined ? {} : { node }),
      ...(answer.retryAfter === undefined ? {} : { retryAfter: answer.retryAfter }),
      parameters: (document?.errors ?? {}) as Readonly<Record<string, string>>,
    })
  }

  notProxmox(reason: string): NciError {
    return new NciError('PVE_NOT_PROXMOX', { endpoint: this.endpoint, reason })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort(new Error('the run is over'))
    await this.#endpoints[Symbol.asyncDispose]()
  }

  async #asked(exchange: Exchange, headers: Headers, signal: AbortSignal): Promise<Answer> {
    const answer = await this.#endpoints.ask(exchange, headers, signal)
    if (answer.status === 200) this.#wasLetIn = true
    return answer
  }

  #tokenHeaders(): Headers {
    return this.#credentials.kind === 'token' ? { authorization: this.#credentials.header } : {}
  }

  #keepTickets(): TicketKeeper | undefined {
    const credentials = this.#credentials
    if (credentials.kind === 'token') return undefined
    const codes = codeSource(credentials)
    const port = this.#loginPort(`log in as ${credentials.user}`)
    const { signal } = this.#end
    return new TicketKeeper({
      user: credentials.user,
      get endpoint() {
        return port.endpoint
      },
      logIn: (notify) => logIn(port, credentials, codes, { signal, notify }),
      renew: (ticket) => renew(port, credentials, ticket, signal),
    })
  }

  #loginPort(request: string): LoginPort {
    const session = this
    const path = '/access/ticket'
    return {
      get endpoint() {
        return session.endpoint
      },
      post: (parameters, signal) =>
        this.#endpoints.ask({ method: 'POST', path, request, parameters }, {}, signal),
      refused: (answer, signal) => this.answerError({ request, path }, answer, signal),
    }
  }
}

function ticketHeaders({ value, csrfToken }: Ticket): Headers {
  return { cookie: `PVEAuthCookie=${value}`, csrfpreventiontoken: csrfToken }
}
