import { NciError } from '../core/errors.ts'
import { LockUnusable, processLock } from '../core/process-lock.ts'

/**
 * The lock of a file in the cache: see {@link processLock}.
 *
 * @throws {NciError} `CACHE_UNUSABLE` where the file cannot be made or locked
 */
export async function lock(
  folder: string,
  file: string,
  signal: AbortSignal,
  waiting: () => Promise<void>,
): Promise<Disposable> {
  try {
    return await processLock(file, signal, waiting)
  } catch (thrown) {
    if (!(thrown instanceof LockUnusable)) throw thrown
    throw new NciError('CACHE_UNUSABLE', { folder, reason: thrown.message }, { cause: thrown })
  }
}
