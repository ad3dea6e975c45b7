import { isNciError, NciError } from '../core/errors.ts'
import type { Ticket } from './login.ts'
import type { Notify } from './totp.ts'

const minute = 60_000
/** Half of the time for which a ticket is good: whoever begins something long has the other half for it. */
const renewAfter = 60 * minute
const lifetime = 120 * minute
const pauseBetweenRenewals = minute

/** What the keeper needs to get tickets. */
export interface TicketSource {
  readonly user: string
  readonly endpoint: string
  logIn(notify: Notify): Promise<Ticket>
  renew(ticket: Ticket): Promise<Ticket>
}

/** Keeps one ticket for all requests: gets it once, renews it in time, and gets another one when it is refused. */
export class TicketKeeper {
  readonly #source: TicketSource
  #ticket: Ticket | undefined
  #pending: Promise<Ticket> | undefined
  #renewAt = 0
  #hasLoggedIn = false

  constructor(source: TicketSource) {
    this.#source = source
  }

  /**
   * A ticket that is good. Whoever leaves early does not stop the login that others wait for.
   *
   * @param notify is told what the login waits for, where this call begins it
   * @throws {NciError} what the login throws; `PVE_TICKET_EXPIRED` where it worked before; the signal's reason
   */
  get(signal: AbortSignal, notify: Notify): Promise<Ticket> {
    const ticket = this.#ticket
    if (ticket !== undefined && Date.now() < this.#renewAt) return Promise.resolve(ticket)
    if (this.#pending === undefined) {
      const pending = this.#obtain(ticket, notify).finally(() => {
        this.#pending = undefined
      })
      // Perhaps nobody waits for it any more.
      pending.catch(() => undefined)
      this.#pending = pending
    }
    return untilAborted(this.#pending, signal)
  }

  /** The server refuses this ticket: it is no longer used. */
  discard(ticket: Ticket): void {
    if (this.#ticket === ticket) this.#ticket = undefined
  }

  async #obtain(old: Ticket | undefined, notify: Notify): Promise<Ticket> {
    const ticket = (old && (await this.#renewed(old))) ?? (await this.#logIn(notify))
    this.#ticket = ticket
    return ticket
  }

  /** `undefined` where there must be a new login. */
  async #renewed(old: Ticket): Promise<Ticket | undefined> {
    if (Date.now() > old.obtained + lifetime) return undefined
    try {
      const ticket = await this.#source.renew(old)
      this.#renewAt = ticket.obtained + renewAfter
      return ticket
    } catch (error) {
      if (isNciError(error, 'PVE_AUTH_FAILED')) return undefined
      // It is good for a while yet; the request itself will tell what is wrong.
      this.#renewAt = Date.now() + pauseBetweenRenewals
      return old
    }
  }

  async #logIn(notify: Notify): Promise<Ticket> {
    const { user, endpoint } = this.#source
    try {
      const ticket = await this.#source.logIn(notify)
      this.#renewAt = ticket.obtained + renewAfter
      this.#hasLoggedIn = true
      return ticket
    } catch (error) {
      const isRefused = isNciError(error, 'PVE_AUTH_FAILED', 'PVE_TFA_REQUIRED', 'PVE_TFA_FAILED')
      if (!this.#hasLoggedIn || !isRefused) throw error
      const reason = isNciError(error, 'PVE_AUTH_FAILED')
        ? 'the password is refused now'
        : 'that takes another one-time code'
      throw new NciError('PVE_TICKET_EXPIRED', { user, endpoint, reason }, { cause: error })
    }
  }
}

async function untilAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  signal.throwIfAborted()
  const aborted = Promise.withResolvers<never>()
  const onAbort = (): void => aborted.reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([promise, aborted.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
