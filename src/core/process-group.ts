import type { ChildProcess } from 'node:child_process'
import { onForcedExit } from './forced-exit.ts'

const patience = 5000
/** After the program's own end, for what is left of its output. */
const drain = 1000

/**
 * Sees to it that a program, started `detached` and so in a process group of its own, ends with all its children: on
 * abort the whole group gets SIGTERM and, when it does not end, SIGKILL. What it leaves behind when it ends is killed;
 * what has left the group is not waited for, even where it holds the output open. Dispose it when the program has ended.
 */
export function tendGroup(child: ChildProcess, signal: AbortSignal): Disposable {
  const group = (name: NodeJS.Signals): void => signalGroup(child.pid, name)
  // Whatever the program leaves behind in its group would keep its output open, and us waiting.
  let drained: NodeJS.Timeout | undefined
  child.once('exit', () => {
    group('SIGKILL')
    drained = setTimeout(() => {
      child.stdout?.destroy()
      child.stderr?.destroy()
    }, drain)
  })
  const forced = onForcedExit(() => group('SIGKILL'))
  let killer: NodeJS.Timeout | undefined
  const onAbort = (): void => {
    group('SIGTERM')
    killer = setTimeout(() => group('SIGKILL'), patience)
  }
  signal.addEventListener('abort', onAbort, { once: true })
  return {
    [Symbol.dispose]() {
      forced[Symbol.dispose]()
      signal.removeEventListener('abort', onAbort)
      clearTimeout(killer)
      clearTimeout(drained)
      group('SIGKILL')
    },
  }
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch {
    // The group has ended.
  }
}
