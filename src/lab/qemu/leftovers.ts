import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { readFileIfPresent } from '../persistence.ts'
import { guardName } from './guarded-process.ts'

const patience = 5000

interface Process {
  readonly parent: number
  readonly command: string
}

/** The file with the process id of a guest's QEMU. */
export function pidFileOf(guestFolder: string): string {
  return join(guestFolder, 'qemu.pid')
}

/**
 * Ends what an earlier lab on the folder left running. Its guard does that, as a rule, in the moment in which that lab ends;
 * where the guard is still there after a while, so is that lab, and the folder is not ours.
 */
export async function endLeftovers(guestsFolder: string): Promise<void> {
  if (!existsSync(guestsFolder)) return
  for (const name of readdirSync(guestsFolder)) {
    const file = pidFileOf(join(guestsFolder, name))
    const pid = Number(readFileIfPresent(file))
    if (!(pid > 0)) continue
    // The id may be another process's by now.
    const isOurs = (): Process | undefined => {
      const found = processOf(pid)
      return found?.command.includes(file) === true ? found : undefined
    }
    await endLeftover(pid, isOurs, guestsFolder)
    rmSync(file, { force: true })
  }
}

async function endLeftover(pid: number, find: () => Process | undefined, folder: string): Promise<void> {
  const until = Date.now() + patience
  for (let found = find(); found !== undefined; found = find()) {
    if (!processOf(found.parent)?.command.includes(guardName)) process.kill(pid, 'SIGKILL')
    else if (Date.now() > until) throw new Error(`another lab runs guests in ${folder} (process ${pid})`)
    await setTimeout(20)
  }
}

function processOf(pid: number): Process | undefined {
  try {
    if (process.platform !== 'linux') return processFromPs(pid)
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return state === 'Z' ? undefined : { parent: Number(parent), command }
  } catch {
    return undefined
  }
}

function processFromPs(pid: number): Process | undefined {
  const line = execFileSync('ps', ['-ww', '-o', 'ppid=,command=', '-p', String(pid)], { encoding: 'utf8' })
  const [, parent, command = ''] = /^\s*(\d+) (.*)$/m.exec(line) ?? []
  return parent === undefined ? undefined : { parent: Number(parent), command }
}
