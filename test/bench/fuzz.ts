/** Bad input by the thousand: what the tests do with a few, at full length. */
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Figure } from './figures.ts'

/** Milliseconds after which an input does not come to an end any more. */
const endless = 30_000

/** What the thread tells: with which input it begins, that it is done with those, how all went. */
export interface FuzzMessage {
  readonly input?: string
  readonly figures?: readonly Figure[]
}

/**
 * Generated bad documents through the commands' path, and broken property strings through all that reads them.
 *
 * @throws {Error} names the input that does not come to an end: an endless loop would stop the timers of its own thread
 */
export async function fuzz(): Promise<Figure[]> {
  const worker = new Worker(join(import.meta.dirname, 'fuzz-run.ts'))
  let watch: NodeJS.Timeout | undefined
  try {
    return await new Promise<Figure[]>((resolve, reject) => {
      worker.on('message', ({ input, figures }: FuzzMessage) => {
        clearTimeout(watch)
        if (figures !== undefined) resolve([...figures])
        if (input !== undefined) watch = setTimeout(() => reject(new Error(`no end: ${input}`)), endless)
      })
      worker.on('error', reject)
      worker.on('exit', (code) => reject(new Error(`the thread ended with ${code}`)))
    })
  } finally {
    clearTimeout(watch)
    await worker.terminate()
  }
}
