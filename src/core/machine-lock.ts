import { createHash } from 'node:crypto'
import { existsSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from './make-folder.ts'
import { LockUnusable, processLock } from './process-lock.ts'
import { userCache } from './user-folders.ts'

export interface MachineLock extends Disposable {
  /**
   * Until when another run had it, in milliseconds since 1970; 0 where none ever had. Of one that was killed, and so did not
   * give it back, that is not known: it is now.
   */
  readonly lastHeld: number
}

/**
 * Waits until no other run of this user on this machine holds the lock of this name, and takes it.
 *
 * @param onWait called once, where another run is waited for
 * @throws {LockUnusable} where there is no folder for locks
 */
export async function machineLock(
  kind: string,
  key: unknown,
  signal: AbortSignal,
  onWait: () => void,
): Promise<MachineLock> {
  const digest = createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 32)
  const file = join(lockFolder(), `${kind}-${digest}`)
  const isNew = !existsSync(file)
  let told = false
  const lock = await processLock(file, signal, () => {
    if (!told) onWait()
    told = true
  })
  const lastHeld = isNew && !told ? 0 : (timeOf(file) ?? Date.now())
  setTime(file, held)
  return {
    lastHeld,
    [Symbol.dispose]() {
      setTime(file, new Date())
      lock[Symbol.dispose]()
    },
  }
}

function lockFolder(): string {
  const folder = join(userCache(), 'locks')
  try {
    makeFolder(folder)
    return folder
  } catch (cause) {
    throw new LockUnusable(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

/** The time of a file whose lock is held, or was when its holder was killed. Nobody ever writes to the file. */
const held = new Date(0)

/** When the lock was given back. */
function timeOf(file: string): number | undefined {
  try {
    const { mtimeMs } = statSync(file)
    return mtimeMs === held.getTime() ? undefined : mtimeMs
  } catch {
    return undefined
  }
}

function setTime(file: string, time: Date): void {
  try {
    utimesSync(file, time, time)
  } catch {
    // The next run takes it for older than it is, and may find a listing that is some seconds old.
  }
}
