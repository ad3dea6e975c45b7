import type { Pool } from 'undici'
import { NciError } from '../core/errors.ts'
import { connectError } from './connect-errors.ts'
import type { Endpoint } from './endpoint.ts'
import { type Answer, dispatch, type Exchange } from './exchange.ts'
import { plainReason } from './network-errors.ts'
import { type TlsOptions, tlsConnector } from './tls.ts'

export interface ConnectionsOptions extends TlsOptions {
  /** Seconds. */
  readonly api_timeout: number
}

const longestConnect = 10_000

/** The connections to one endpoint: verified, kept, a few at once. */
export class Connections implements AsyncDisposable {
  readonly endpoint: Endpoint
  readonly #options: ConnectionsOptions
  #pool: Promise<Pool> | undefined

  constructor(endpoint: Endpoint, options: ConnectionsOptions) {
    this.endpoint = endpoint
    this.#options = options
  }

  /**
   * Sends a request and reads the answer, whatever it says.
   *
   * @throws {NciError} `PVE_CONNECTION_LOST` where the request may have taken effect; those of {@link connectError}
   *   where nothing was sent; the signal's reason
   */
  async ask(
    exchange: Exchange,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Answer> {
    signal.throwIfAborted()
    const timeout = this.#options.api_timeout * 1000
    const pool = await this.#open()
    try {
      return await dispatch(pool, exchange, headers, { timeout, signal })
    } catch (error) {
      if (signal.aborted) throw signal.reason
      if (error instanceof NciError) throw error
      const { origin } = this.endpoint
      const details = { endpoint: origin, request: exchange.request, reason: plainReason(error) }
      throw new NciError('PVE_CONNECTION_LOST', details, { cause: error })
    }
  }

  /** The Proxmox product whose web interface is here, where it is another one than Proxmox VE. */
  async otherProduct(signal: AbortSignal): Promise<string | undefined> {
    try {
      const { body } = await (await this.#open()).request({
        method: 'GET',
        path: '/',
        headersTimeout: 5000,
        bodyTimeout: 5000,
        signal,
      })
      return /<title>[^<]*(Proxmox (?:Backup Server|Mail Gateway|Datacenter Manager))/i.exec(
        await body.text(),
      )?.[1]
    } catch {
      // It was only to say more about an error.
      return undefined
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A pool that could not be made has nothing to close.
    await (await this.#pool?.catch(() => undefined))?.destroy()
  }

  #open(): Promise<Pool> {
    this.#pool ??= this.#makePool()
    return this.#pool
  }

  async #makePool(): Promise<Pool> {
    const { Pool, buildConnector } = await import('undici')
    const timeout = Math.min(longestConnect, this.#options.api_timeout * 1000)
    const connect = tlsConnector(this.endpoint, this.#options, timeout, buildConnector)
    return new Pool(this.endpoint.origin, {
      connections: 8,
      // The API server drops a connection that is idle for 5 s; a request must not meet that end.
      keepAliveTimeout: 4000,
      connect: (target, callback) =>
        connect(target, (error, socket) => {
          if (error === null && socket !== null) return callback(null, socket)
          void connectError(this.endpoint, error ?? new Error('no socket')).then((reason) =>
            callback(reason, null),
          )
        }),
    })
  }
}
