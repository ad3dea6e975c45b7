import { delay } from '../core/deadline.ts'
import { inFolder } from './file.ts'

const sqliteBusy = 5

/**
 * Waits until no other run, of this process or another, holds the lock, and takes it. It is one of the operating
 * system, which SQLite takes on an empty database: it ends with its process however that ends, so there are no stale
 * ones, and it needs no heartbeat. The empty file stays: removing it would let two runs lock two files of one name.
 *
 * @param waiting called again and again while another holds it
 * @throws {NciError} `CACHE_UNUSABLE` where the file cannot be made or locked
 */
export async function lock(
  folder: string,
  file: string,
  signal: AbortSignal,
  waiting: () => Promise<void>,
): Promise<Disposable> {
  const { DatabaseSync } = await import('node:sqlite')
  const database = await inFolder(folder, () => new DatabaseSync(file, { timeout: 0 }))
  try {
    while (!(await inFolder(folder, () => tryLock(database)))) {
      await waiting()
      await delay(200, signal)
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
