import { writeSync } from 'node:fs'
import { NciError } from '../core/errors.ts'
import { doForcedExit } from '../core/forced-exit.ts'
import { failure } from '../core/run.ts'
import { isReaderGone, tellLost } from './output.ts'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * A signal that is aborted by Ctrl-C, SIGTERM and SIGHUP. A second one ends the process at once, for those who cannot
 * wait for the clean-up on the other side; programs are killed, keys are removed, and the document is still printed.
 *
 * @param step whose document it is, asked when it is printed
 */
export function abortOnSignals(step: () => string): AbortSignal {
  const controller = new AbortController()
  for (const name of signals) {
    process.on(name, () => {
      const interrupted = new NciError('INTERRUPTED', { signal: name })
      if (!controller.signal.aborted) return controller.abort(interrupted)
      doForcedExit()
      const document = failure(step(), interrupted)
      try {
        writeSync(1, `${JSON.stringify(document)}\n`)
      } catch (error) {
        if (!isReaderGone(error as NodeJS.ErrnoException)) tellLost(error, document)
      }
      process.exit(interrupted.exitCode)
    })
  }
  return controller.signal
}
