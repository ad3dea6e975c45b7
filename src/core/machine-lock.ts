import { createHash } from 'node:crypto'
import { mkdirSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { LockUnusable, processLock } from './process-lock.ts'
import { userCache } from './user-folders.ts'

export interface MachineLock extends Disposable {
  /** When another run gave it back, in milliseconds since 1970; 0 where none ever had it. */
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
  let told = false
  const lock = await processLock(file, signal, () => {
    if (!told) onWait()
    told = true
  })
  return {
    lastHeld: timeOf(file),
    [Symbol.dispose]() {
      touch(file)
      lock[Symbol.dispose]()
    },
  }
}

function lockFolder(): string {
  const folder = join(userCache(), 'locks')
  try {
    mkdirSync(folder, { recursive: true })
    return folder
  } catch (cause) {
    throw new LockUnusable(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

/** The file is empty until somebody has held the lock: SQLite makes it so. */
function timeOf(file: string): number {
  try {
    return statSync(file).mtimeMs
  } catch {
    return 0
  }
}

function touch(file: string): void {
  try {
    const now = new Date()
    utimesSync(file, now, now)
  } catch {
    // The next run takes it for older than it is, and may find a listing that is some seconds old.
  }
}
