import { NciError } from '../core/errors.ts'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * A signal that is aborted by Ctrl-C, SIGTERM and SIGHUP. A second one ends the process at once, for those who cannot
 * wait for the clean-up.
 */
export function abortOnSignals(): AbortSignal {
  const controller = new AbortController()
  for (const name of signals) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130)
      controller.abort(new NciError('INTERRUPTED', { signal: name }))
    })
  }
  return controller.signal
}
