import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'

/** Whether a process runs; one that nobody has noticed the end of does not. */
export function isAlive(pid: number | undefined): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat[stat.lastIndexOf(')') + 2] !== 'Z'
  } catch {
    return false
  }
}

/** Waits for a process to end. */
export async function untilGone(pid: number): Promise<void> {
  while (isAlive(pid)) await setTimeout(20)
}
