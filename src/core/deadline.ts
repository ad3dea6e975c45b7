import { NciError } from './errors.ts'

/**
 * A signal that is aborted when `parent` is, and after `seconds` with a `TIMEOUT` error. Dispose it, or its timer
 * keeps the process alive.
 */
export function deadline(
  parent: AbortSignal,
  seconds: number | undefined,
  what: string,
): { readonly signal: AbortSignal } & Disposable {
  const controller = new AbortController()
  const timer =
    seconds === undefined
      ? undefined
      : setTimeout(() => controller.abort(new NciError('TIMEOUT', { what, seconds })), seconds * 1000)
  return {
    signal: AbortSignal.any([parent, controller.signal]),
    [Symbol.dispose]() {
      clearTimeout(timer)
    },
  }
}

/** What others work for: who waits for it is let go as soon as its own signal is aborted. */
export function abortable<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const onAbort = (): void => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}

/** Waits; rejects with the signal's reason as soon as it is aborted. */
export function delay(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const onAbort = (): void => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    }, milliseconds)
    signal.addEventListener('abort', onAbort, { once: true })
  })
}
