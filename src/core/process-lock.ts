import { delay } from './deadline.ts'

const pause = 200
const sqliteBusy = 5

/** The file of a lock cannot be made or locked. */
export class LockUnusable extends Error {}

/**
 * Waits until no other run of this machine, of this process or another, holds the lock, and takes it. It is one of the
 * operating system, which SQLite takes on an empty database: it ends with its process however that ends, so there are no
 * stale ones, and it needs no heartbeat. The empty file stays: removing it would let two runs lock two files of one name.
 *
 * @param file in a folder that exists
 * @param signal ends the waiting with its reason
 * @param waiting called again and again while another holds it
 * @throws {LockUnusable} the cause is what the file system says
 */
export async function processLock(
  file: string,
  signal: AbortSignal,
  waiting: () => Promise<void> | void,
): Promise<Disposable> {
  const { DatabaseSync } = await import('node:sqlite')
  const database = usable(() => new DatabaseSync(file, { timeout: 0 }))
  try {
    while (!usable(() => tryLock(database))) {
      await waiting()
      await delay(pause, signal)
    }
    return { [Symbol.dispose]: () => database.close() }
  } catch (thrown) {
    database.close()
    throw thrown
  }
}

function tryLock(database: { exec(sql: string): void }): boolean {
  try {
    database.exec('BEGIN EXCLUSIVE')
    return true
  } catch (thrown) {
    if (thrown instanceof Error && 'errcode' in thrown && thrown.errcode === sqliteBusy) return false
    throw thrown
  }
}

function usable<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (cause) {
    throw new LockUnusable(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}
