import { createServer } from 'node:net'
import { join } from 'node:path'
import { NciError, reasonOf } from '../core/errors.ts'
import { makeFolder } from '../core/make-folder.ts'
import { LockUnusable, processLock } from '../core/process-lock.ts'
import { readFileIfPresent, writeFileAtomically } from './persistence.ts'

/**
 * Takes the folder of a lab: two labs on one would write over each other. The lock ends with the process, however that
 * ends.
 *
 * @throws {NciError} `LAB_FAILED` where another lab has it, or where it cannot be written to
 */
export async function takeFolder(folder: string): Promise<Disposable> {
  const failed = (reason: string, way: string, cause?: unknown): NciError =>
    new NciError('LAB_FAILED', { reason, way }, { cause })
  try {
    makeFolder(folder)
    return await processLock(join(folder, 'lock'), new AbortController().signal, () => {
      throw failed(
        `another one is running in the folder ${folder}`,
        `Use that one (\`. ${join(folder, 'environment')}\`), end it, or choose another \`--folder\`.`,
      )
    })
  } catch (error) {
    if (error instanceof NciError) throw error
    const reason = error instanceof LockUnusable ? reasonOf(error.cause, folder) : reasonOf(error, folder)
    throw failed(
      `its folder ${folder} cannot be used: ${reason}`,
      'Choose another `--folder` that can be written to.',
      error,
    )
  }
}

/** The port of the last lab in a folder, where it is free: what points to that lab is good for the next one as well. */
export async function lastPort(folder: string): Promise<number | undefined> {
  const port = Number(readFileIfPresent(portFile(folder)))
  return Number.isInteger(port) && port > 0 && port < 65536 && (await isFree(port)) ? port : undefined
}

export function keepPort(folder: string, port: number): void {
  writeFileAtomically(portFile(folder), `${port}\n`)
}

function portFile(folder: string): string {
  return join(folder, 'port')
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
