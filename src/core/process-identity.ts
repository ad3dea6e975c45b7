import { readdirSync, readFileSync } from 'node:fs'

/**
 * When a process started, in the kernel's ticks: process ids are used again. Only Linux tells it; elsewhere, and of a
 * process that is gone, it is `undefined`.
 */
export function startOf(pid: number): string | undefined {
  return statOf(pid)?.[19]
}

/** The session that a process is in: the id of the process that began it. Only Linux tells it. */
export function sessionOf(pid: number): string | undefined {
  return statOf(pid)?.[3]
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/**
 * Kills what was started with a text in its environment, such as the path of a folder for it alone, and what that has
 * started. Only Linux tells; elsewhere it does nothing.
 */
export function killUsersOf(text: string): void {
  // What is started between the look and the kill is found by the next look.
  for (let round = 0; round < 5; round++) {
    const users = processes().filter((pid) => pid !== process.pid && environmentOf(pid).includes(text))
    if (users.length === 0) return
    for (const pid of users) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It has ended.
      }
    }
  }
}

function processes(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
  } catch {
    return []
  }
}

/** Readable only where the process is the user's own. */
function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1')
  } catch {
    return ''
  }
}

/** What `/proc/PID/stat` says, from the third field on. */
function statOf(pid: number): readonly string[] | undefined {
  try {
    // The name of the program comes second, in parentheses, and may hold anything.
    return readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ')
  } catch {
    return undefined
  }
}
