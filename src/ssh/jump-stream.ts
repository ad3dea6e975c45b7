import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { Duplex } from 'node:stream'
import { childEnvironment } from '../core/child-environment.ts'
import { onForcedExit } from '../core/forced-exit.ts'
import type { Jump } from './jump.ts'

/**
 * Who is at fault: the guest, which cannot be reached yet; a jump host that is not reached; one that refuses us, or a
 * command that is none.
 */
export type JumpFault = 'guest' | 'unreachable' | 'refused'

/** Why nothing comes through a jump. */
export class JumpFailure extends Error {
  readonly fault: JumpFault
  constructor(message: string, fault: JumpFault) {
    super(message)
    this.fault = fault
  }
}

/** Milliseconds that a child has to end when it is told to. */
const patience = 2000

/**
 * Connects through other hosts: the bytes are those of a child process. Resolves once the guest has sent its first.
 *
 * @param timeout milliseconds
 * @throws {JumpFailure} with what the child said
 */
export function openJump(jump: Jump, timeout: number, signal: AbortSignal): Promise<Duplex> {
  signal.throwIfAborted()
  const command = jump.proxyCommand.replaceAll('%%', '%')
  // Its own session: without a terminal nothing in it can ask for anything.
  const child = spawn('/bin/sh', ['-c', `exec ${command}`], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    env: { ...childEnvironment(), SSH_ASKPASS_REQUIRE: 'never' },
  })
  const end = endOf(child)
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  child.stdin.on('error', () => undefined)
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail(new JumpFailure('no answer', 'guest')), timeout)
    const settle = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      child.stdout.off('readable', onReadable)
    }
    const fail = (error: unknown): void => {
      settle()
      end()
      reject(error)
    }
    const onAbort = (): void => fail(signal.reason)
    const onReadable = (): void => {
      // The end is readable as well.
      if (child.stdout.readableLength === 0) return
      settle()
      resolve(streamOf(child, end))
    }
    signal.addEventListener('abort', onAbort, { once: true })
    child.stdout.on('readable', onReadable)
    child.once('error', fail)
    child.once('close', (code) => fail(new JumpFailure(lastLine(said), faultOf(jump, code, said))))
  })
}

/** What ends a child with all that it has started, by force where asking does not help. */
function endOf(child: ChildProcessWithoutNullStreams): () => void {
  const signalGroup = (signal: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined && !hasEnded(child)) process.kill(-child.pid, signal)
    } catch {
      // It has ended.
    }
  }
  const forced = onForcedExit(() => signalGroup('SIGKILL'))
  let killer: NodeJS.Timeout | undefined
  child.once('exit', () => {
    clearTimeout(killer)
    forced[Symbol.dispose]()
  })
  child.once('error', () => forced[Symbol.dispose]())
  return () => {
    if (hasEnded(child)) return
    signalGroup('SIGTERM')
    killer ??= setTimeout(() => signalGroup('SIGKILL'), patience)
  }
}

/** One that a signal ended has no exit code. */
function hasEnded({ exitCode, signalCode }: ChildProcessWithoutNullStreams): boolean {
  return exitCode !== null || signalCode !== null
}

/** What a child writes and reads, as one stream; its destruction ends the child. */
function streamOf(child: ChildProcessWithoutNullStreams, end: () => void): Duplex {
  const { stdin, stdout } = child
  const stream = new Duplex({
    read: () => void stdout.resume(),
    // A child that is gone is told by the end of what it writes.
    write: (chunk, encoding, callback) => void stdin.write(chunk, encoding, () => callback()),
    final: (callback) => void stdin.end(() => callback()),
    destroy(error, callback) {
      end()
      callback(error)
    },
  })
  stdout.on('data', (chunk) => void (stream.push(chunk) || stdout.pause()))
  stdout.once('end', () => stream.push(null))
  child.once('close', () => stream.destroy())
  return stream
}

/** A jump host that says so goes on saying so. */
const refusal =
  /Permission denied \(|Too many authentication failures|Host key verification failed|IDENTIFICATION HAS CHANGED|[Bb]ad configuration option/

function faultOf({ isCommand }: Jump, code: number | null, said: string): JumpFault {
  // 126 and 127 are the shell's: there is no such program.
  if (refusal.test(said) || code === 126 || code === 127) return 'refused'
  // A command of the user's reaches the guest in its own way, and ends where that does not listen yet; the last is said
  // where the way leads through a master.
  if (isCommand || /open failed|stdio forwarding failed|Stdio forwarding request failed/.test(said))
    return 'guest'
  return 'unreachable'
}

/** What a program said last, as the end of a sentence. */
export function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim().replace(/\.$/, '') || 'it said nothing'
}
