import { delay } from '../core/deadline.ts'
import { NciError } from '../core/errors.ts'

/** A failure that may be gone in a moment: a lost connection, a truncated body, a server in trouble. */
export class Transient extends Error {
  override readonly name = 'Transient'
  /** Seconds that the server asked to wait. */
  readonly retryAfter: number | undefined

  constructor(message: string, options?: { cause?: unknown; retryAfter?: number | undefined }) {
    super(message, options)
    this.retryAfter = options?.retryAfter
  }
}

const attempts = 5

/**
 * Calls `attempt` until it does not throw a {@link Transient}, at most five times in a row without progress.
 *
 * @param url what `DOWNLOAD_FAILED` names when it gives up
 * @param progressed whether the attempt that just failed got any further; then the count begins anew, so that a
 *   large file gets through a line that breaks now and then
 */
export async function retrying<Result>(
  attempt: () => Promise<Result>,
  { url, signal, progressed = () => false }: { url: string; signal: AbortSignal; progressed?: () => boolean },
): Promise<Result> {
  for (let failures = 0; ; ) {
    try {
      return await attempt()
    } catch (thrown) {
      if (signal.aborted) throw signal.reason
      if (!(thrown instanceof Transient)) throw thrown
      failures = progressed() ? 1 : failures + 1
      if (failures >= attempts) {
        const reason = `${thrown.message} (${attempts} attempts)`
        throw new NciError('DOWNLOAD_FAILED', { url, reason }, { cause: thrown })
      }
      await delay(pause(failures, thrown.retryAfter), signal)
    }
  }
}

/** Milliseconds until the next attempt: doubling from half a second, spread so that many runs do not return at once. */
function pause(failures: number, retryAfter = 0): number {
  const backoff = 500 * 2 ** (failures - 1) * (0.5 + Math.random() / 2)
  return Math.max(backoff, Math.min(retryAfter, 30) * 1000)
}
