import { isNciError, NciError } from '../core/errors.ts'
import { Connections, type ConnectionsOptions } from './connections.ts'
import type { Endpoint } from './endpoint.ts'
import { type Answer, type Exchange, isRepeatable } from './exchange.ts'

/** The endpoints of one cluster: one is in use, the others stand by. */
export class Endpoints implements AsyncDisposable {
  readonly #all: readonly Connections[]
  #inUse: number = 0
  /** Whether any has answered: what is unreachable now may come back. */
  hasAnswered = false

  constructor(endpoints: readonly Endpoint[], options: ConnectionsOptions) {
    this.#all = endpoints.map((endpoint) => new Connections(endpoint, options))
  }

  get inUse(): Connections {
    return this.#all[this.#inUse] as Connections
  }

  /**
   * Asks the endpoint in use. Where that cannot be reached the next one is asked, and kept from then on. A request that
   * was sent and lost goes to another one only where it may be done twice.
   *
   * @throws {NciError} `PVE_UNREACHABLE` naming each that was tried, `PVE_CONNECTION_LOST`, and where TLS or what
   *   answers is not to be trusted what {@link Connections.ask} throws
   */
  async ask(
    exchange: Exchange,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Answer> {
    const failures: NciError[] = []
    const first = this.#inUse
    for (let step = 0; step < this.#all.length; step++) {
      const index = (first + step) % this.#all.length
      const connections = this.#all[index] as Connections
      try {
        const answer = await connections.ask(exchange, headers, signal)
        if (this.#all.length > 1) assertAlive(connections.endpoint, exchange, answer)
        this.#inUse = index
        this.hasAnswered = true
        return answer
      } catch (error) {
        if (!goesElsewhere(error, exchange)) throw error
        failures.push(error)
      }
    }
    const [only] = failures
    throw failures.length === 1 && only !== undefined ? only : allFailed(failures)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#all.map((connections) => connections[Symbol.asyncDispose]()))
  }
}

/** A proxy in front of a node that is down. A change may have got through before it gave up. */
function assertAlive({ origin }: Endpoint, exchange: Exchange, { status, reason }: Answer): void {
  if (![502, 503, 504].includes(status) || !isRepeatable(exchange)) return
  throw new NciError('PVE_UNREACHABLE', {
    endpoint: origin,
    reason: `a proxy answers ${status} ${reason}`,
  })
}

function goesElsewhere(error: unknown, exchange: Exchange): error is NciError {
  return (
    isNciError(error, 'PVE_UNREACHABLE') ||
    (isNciError(error, 'PVE_CONNECTION_LOST') && isRepeatable(exchange))
  )
}

function allFailed(failures: readonly NciError[]): NciError {
  const tried = failures.map(({ details }) => `${details.endpoint}: ${details.reason}`)
  return new NciError(
    'PVE_UNREACHABLE',
    { endpoint: `any of its ${failures.length} endpoints`, reason: tried.join('; '), tried },
    { cause: failures.at(-1) },
  )
}
