import { formatDuration } from '../core/format.ts'

/** A body to send, and what aborts the request that sends it. */
export interface WatchedBody {
  readonly body: AsyncIterable<Uint8Array>
  readonly signal: AbortSignal
}

/**
 * A body whose request is given up where the other side does not take a part of it in time, and does not cut the
 * connection either: nobody asks for the next part then. The wait for the answer to the whole is not watched.
 *
 * @param limit milliseconds for a part
 * @param signal aborts the request too
 */
export function watchBody(body: AsyncIterable<Uint8Array>, limit: number, signal: AbortSignal): WatchedBody {
  const stalled = new AbortController()
  const giveUp = (): void =>
    stalled.abort(new Error(`nothing more of it was taken for ${formatDuration(limit / 1000)}`))
  async function* parts(): AsyncGenerator<Uint8Array> {
    for await (const part of body) {
      const timer = setTimeout(giveUp, limit)
      try {
        yield part
      } finally {
        clearTimeout(timer)
      }
    }
  }
  return { body: parts(), signal: AbortSignal.any([signal, stalled.signal]) }
}
