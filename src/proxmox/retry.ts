import { isNciError } from '../core/errors.ts'
import { type Exchange, isCreate, isRepeatable } from './exchange.ts'

/** How long a request is tried again. */
export interface Patience {
  readonly retries: number
  /** Seconds from the first attempt on, after which no other begins. */
  readonly seconds: number
}

const usualPatience: Patience = { retries: 5, seconds: 60 }
const firstPause = 200
const longestPause = 10_000
const longestRetryAfter = 30

/** The attempts of one request. */
export class Attempts {
  readonly #exchange: Exchange
  readonly #began = performance.now()
  #failed = 0

  constructor(exchange: Exchange) {
    this.#exchange = exchange
  }

  /**
   * Milliseconds to wait before the next attempt, longer each time and never twice the same; `undefined` where there
   * is to be none.
   *
   * @param hasAnswered the server was there before
   */
  next(error: unknown, hasAnswered: boolean): number | undefined {
    const { retries, seconds } = this.#exchange.patience ?? usualPatience
    const isOver = this.#failed >= retries || performance.now() - this.#began > seconds * 1000
    if (isOver || !mayRepeat(this.#exchange, error, hasAnswered)) return undefined
    const pause = Math.min(longestPause, firstPause * 2 ** this.#failed) * (0.5 + Math.random())
    this.#failed++
    return Math.max(pause, askedPause(error))
  }
}

/** Whether trying again may help, and cannot do anything twice. */
function mayRepeat(exchange: Exchange, error: unknown, hasAnswered: boolean): boolean {
  // Nothing was sent. A server that never answered is more likely the wrong one than one that comes back.
  if (isNciError(error, 'PVE_UNREACHABLE')) return hasAnswered
  if (isNciError(error, 'PVE_CONNECTION_LOST', 'PVE_NODE_OFFLINE')) return isRepeatable(exchange)
  if (!isNciError(error, 'PVE_BUSY')) return false
  if (isRepeatable(exchange)) return true
  return error.details.nothingDone === true && exchange.body === undefined && !isCreate(exchange)
}

/** Milliseconds that the server asks for. */
function askedPause(error: unknown): number {
  const seconds = isNciError(error, 'PVE_BUSY') ? Number(error.details.retryAfter ?? 0) : 0
  return Math.min(seconds, longestRetryAfter) * 1000
}
