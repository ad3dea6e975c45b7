import { fstatSync, writeSync } from 'node:fs'
import { handled, isReaderGone, unwritable } from './output.ts'

/**
 * Takes charge of stdout, for libraries that write to it and never ask whether it was taken: they print the help.
 *
 * @returns resolves when all that was written is taken, and throws `STDOUT_UNWRITABLE` where it was not
 */
export function watchStdout(): () => Promise<void> {
  const { stdout } = process
  let lost: Error | undefined
  // oclif's throws the error again, out of nowhere.
  stdout.removeAllListeners('error')
  stdout.on('error', (error) => {
    if (!isReaderGone(error) && !handled.has(error)) lost ??= error
  })
  if (isFile(1)) stdout._write = writeWhole
  return async () => {
    // An error is told after the write that met it.
    await new Promise((resolve) => setImmediate(resolve))
    if (lost !== undefined) throw unwritable(lost)
  }
}

function isFile(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFile()
  } catch {
    return false
  }
}

/** Node takes a write for done of which a disk that is nearly full took the beginning. */
function writeWhole(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
  try {
    for (let written = 0; written < chunk.length; ) written += writeSync(1, chunk, written)
  } catch (error) {
    done(error as Error)
    return
  }
  done()
}
