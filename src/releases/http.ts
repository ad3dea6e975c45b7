import querystring from 'node:querystring'
import type { Dispatcher, EnvHttpProxyAgent, request } from 'undici'
import { NciError, reasonOf } from '../core/errors.ts'
import { Transient } from './retry.ts'

/** A response that is neither a redirect nor a server error. Its body must be read, dumped or destroyed. */
export interface Answer {
  readonly status: number
  /** A header's value, by its lower-case name. */
  header(name: string): string | undefined
  readonly body: Dispatcher.ResponseData['body']
}

export interface HttpOptions {
  readonly signal: AbortSignal
  /** Sent to the origin of `apiUrl` and to no other, wherever a redirect leads. */
  readonly token?: string | undefined
  readonly apiUrl?: string | undefined
}

const redirects = new Set([301, 302, 303, 307, 308])
const maximumRedirects = 10
/** Seconds without a byte after which a connection counts as lost. */
const silence = 60

/** GET requests, through the proxies of the environment. Dispose it, or its connections stay open. */
export class Http implements AsyncDisposable {
  readonly #request: typeof request
  readonly #agent: EnvHttpProxyAgent
  readonly #options: HttpOptions

  private constructor(request_: typeof request, agent: EnvHttpProxyAgent, options: HttpOptions) {
    this.#request = request_
    this.#agent = agent
    this.#options = options
  }

  static async open(options: HttpOptions): Promise<Http> {
    // Loaded here, because it takes longer to load than everything else that a run without network needs.
    const undici = await import('undici')
    try {
      const agent = new undici.EnvHttpProxyAgent({
        // One stream of one large file gains nothing from HTTP/2 and pays for its framing.
        allowH2: false,
        connect: { timeout: 10_000 },
        headersTimeout: silence * 1000,
        bodyTimeout: silence * 1000,
      })
      return new Http(undici.request, agent, options)
    } catch (thrown) {
      const reason = `the proxy settings of the environment cannot be used: ${reasonOf(thrown)}`
      throw new NciError('DOWNLOAD_FAILED', { url: 'The file', reason }, { cause: thrown })
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.destroy()
  }

  /**
   * Follows redirects and returns what is at their end. A user name and password in the URL are sent to its origin.
   *
   * @throws {Transient} on a lost connection, 5xx and 408
   * @throws {NciError} `DOWNLOAD_FAILED` on what another attempt does not mend
   */
  async get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const first = new URL(url)
    let target = first
    for (let hops = 0; hops <= maximumRedirects; hops++) {
      const answer = await this.#send(target, { ...headers, ...this.#authorization(target, first) }, url)
      if (redirects.has(answer.status)) {
        const location = answer.header('location')
        await this.#drop(answer)
        if (location === undefined || !URL.canParse(location, target.href)) {
          throw failed(url, `${target.host} redirects to nowhere`)
        }
        target = new URL(location, target)
        continue
      }
      if (answer.status >= 500 || answer.status === 408) {
        const retryAfter = seconds(answer.header('retry-after'))
        await this.#drop(answer)
        throw new Transient(`${target.host} answers ${answer.status}`, { retryAfter })
      }
      return answer
    }
    throw failed(url, `it redirects more than ${maximumRedirects} times`)
  }

  /** What a request, or reading its body, failed with, as the error to throw. */
  failure(thrown: unknown, url: string): unknown {
    if (this.#options.signal.aborted) return this.#options.signal.reason
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
    return transientCodes.has(code) || code.startsWith('HPE_')
      ? new Transient(reasonOf(thrown), { cause: thrown })
      : failed(url, reasonOf(thrown), thrown)
  }

  async #send(target: URL, headers: Record<string, string>, url: string): Promise<Answer> {
    if (target.protocol !== 'http:' && target.protocol !== 'https:') {
      throw failed(url, `it redirects to ${target.protocol}`)
    }
    try {
      const response = await this.#request(target.origin + target.pathname + target.search, {
        dispatcher: this.#agent,
        signal: this.#options.signal,
        headers: { 'user-agent': 'nixos-cloud-init-installer', 'accept-encoding': 'identity', ...headers },
      })
      const header = (name: string): string | undefined => [response.headers[name]].flat()[0]
      return { status: response.statusCode, header, body: response.body }
    } catch (thrown) {
      throw this.failure(thrown, url)
    }
  }

  #authorization(target: URL, first: URL): Record<string, string> {
    const { token, apiUrl } = this.#options
    if (token !== undefined && apiUrl !== undefined && target.origin === new URL(apiUrl).origin) {
      return { authorization: `Bearer ${token}` }
    }
    if (first.username !== '' && target.origin === first.origin) {
      const pair = `${querystring.unescape(first.username)}:${querystring.unescape(first.password)}`
      return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
    }
    return {}
  }

  async #drop(answer: Answer): Promise<void> {
    // The connection may break while the body of an answer that nobody wants is read.
    await answer.body.dump().catch(() => {})
    this.#options.signal.throwIfAborted()
  }
}

/** The URL without user name and password: what may be shown and stored. */
export function withoutCredentials(url: string): string {
  const shown = new URL(url)
  shown.username = ''
  shown.password = ''
  return shown.href
}

/** Gives up the rest of a body, and with it the connection. */
export function abandon({ body }: Answer): void {
  body.on('error', () => {}).destroy()
}

/** The seconds of a `retry-after` header, in either of its forms. */
export function seconds(retryAfter: string | undefined): number | undefined {
  if (retryAfter === undefined) return undefined
  const value = /^\d+$/.test(retryAfter) ? Number(retryAfter) : (Date.parse(retryAfter) - Date.now()) / 1000
  return Number.isNaN(value) ? undefined : Math.max(0, value)
}

function failed(url: string, reason: string, cause?: unknown): NciError {
  return new NciError('DOWNLOAD_FAILED', { url: withoutCredentials(url), reason }, { cause })
}

const transientCodes = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'UND_ERR_SOCKET',
])
