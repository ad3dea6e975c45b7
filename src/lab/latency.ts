import { setTimeout as sleep } from 'node:timers/promises'

/** How slow the lab is. Everything is as fast as it can be unless said otherwise. */
export interface Latency {
  /** Before every answer. */
  readonly requestMs: number
  /** Task durations, on top of what the work takes. */
  readonly createMs: number
  readonly startMs: number
  readonly stopMs: number
  readonly configMs: number
  readonly destroyMs: number
  /** After the upload has arrived: the copy into the storage. */
  readonly copyMs: number
  /** The rate at which an upload is read; 0 is as fast as it comes. */
  readonly uploadBytesPerSecond: number
  /** The rate at which the node itself downloads; 0 is as fast as it comes. */
  readonly downloadBytesPerSecond: number
  /** How long a new VM is without a name in `/cluster/resources`: until its node sends statistics. */
  readonly statsMs: number
}

/** No artificial latency. */
export const noLatency: Latency = {
  requestMs: 0,
  createMs: 0,
  startMs: 0,
  stopMs: 0,
  configMs: 0,
  destroyMs: 0,
  copyMs: 0,
  uploadBytesPerSecond: 0,
  downloadBytesPerSecond: 0,
  statsMs: 0,
}

/** Waits; rejects at once when the signal aborts. Zero does not wait at all. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  if (milliseconds > 0) await sleep(milliseconds, undefined, { signal })
}

/** Waits until the signal aborts, and then rejects. */
export async function pauseForever(signal: AbortSignal): Promise<never> {
  signal.throwIfAborted()
  return await new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
}

/** Holds a stream down to a rate: `await throttle(bytes)` after each chunk. */
export function throttle(bytesPerSecond: number, signal: AbortSignal): (bytes: number) => Promise<void> {
  const began = performance.now()
  let total = 0
  return async (bytes) => {
    if (bytesPerSecond <= 0) return
    total += bytes
    const due = (total / bytesPerSecond) * 1000
    await pause(Math.max(0, due - (performance.now() - began)), signal)
  }
}
