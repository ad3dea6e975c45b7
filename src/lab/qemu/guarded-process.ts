import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import type { Duplex } from 'node:stream'

/** How it shows in the list of processes. */
export const guardName = 'nci-lab-guard'

/**
 * Runs the command that it is given, and kills it when the pipe that it reads from is closed: that happens when this
 * process ends, however it ends. A shell can do that on every system.
 */
const guard = `
exec 9<&0
"$@" 9<&- </dev/null &
child=$!
exec 3>&- 4>&-
{ read -r _ <&9; kill -KILL "$child"; } &
watcher=$!
exec 9<&-
wait "$child"
code=$?
kill "$watcher" 2>/dev/null
exit "$code"
`

/** A process that lives no longer than this one, with two streams to talk to it. */
export class GuardedProcess {
  /** What it finds open as 3 and 4. */
  readonly streams: readonly [Duplex, Duplex]
  /** Resolves with how it ended: `exit code 1`, `signal SIGKILL`; `undefined` where all was well. */
  readonly ended: Promise<string | undefined>
  readonly #guard: ChildProcess
  readonly #log: string

  constructor(program: string, words: readonly string[], log: string) {
    this.#log = log
    const output = openSync(log, 'w')
    // In a session of its own: Ctrl-C on the terminal is for this program, which then ends it in order.
    this.#guard = spawn('sh', ['-c', guard, guardName, program, ...words], {
      stdio: ['pipe', output, output, 'pipe', 'pipe'],
      detached: true,
    })
    closeSync(output)
    this.#guard.stdin?.on('error', () => undefined)
    this.streams = [this.#guard.stdio[3] as Duplex, this.#guard.stdio[4] as Duplex]
    this.ended = new Promise((resolve) => {
      this.#guard.once('error', (error) => resolve(error.message))
      this.#guard.once('exit', (code, signal) => resolve(describe(code, signal)))
    })
  }

  /** The last lines that it printed. */
  get lastWords(): string {
    return readFileSync(this.#log, 'utf8').trim().split('\n').slice(-5).join('\n')
  }

  /** Ends it at once. */
  kill(): void {
    this.#guard.stdin?.destroy()
  }
}

/** A shell tells a signal as 128 and its number. */
function describe(code: number | null, signal: NodeJS.Signals | null): string | undefined {
  if (signal !== null) return `signal ${signal}`
  if (code === 0) return undefined
  return code !== null && code > 128 ? `signal ${code - 128}` : `exit code ${code}`
}
