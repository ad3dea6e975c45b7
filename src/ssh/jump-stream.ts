import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { Duplex } from 'node:stream'
import type { Jump } from './jump.ts'

/** Why nothing comes through a jump. */
export class JumpFailure extends Error {
  /** The jump host did its part: the guest itself cannot be reached yet. */
  readonly isGuest: boolean
  constructor(message: string, isGuest: boolean) {
    super(message)
    this.isGuest = isGuest
  }
}

/**
 * Connects through other hosts: the bytes are those of a child process. Resolves once the guest has sent its first.
 *
 * @throws {JumpFailure} with what the child said
 */
export function openJump({ proxyCommand }: Jump, timeout: number, signal: AbortSignal): Promise<Duplex> {
  signal.throwIfAborted()
  const command = proxyCommand.replaceAll('%%', '%')
  // Its own session: without a terminal nothing in it can ask for anything.
  const child = spawn('/bin/sh', ['-c', `exec ${command}`], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, SSH_ASKPASS_REQUIRE: 'never' },
  })
  const end = (): void => {
    try {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM')
    } catch {
      // It has ended.
    }
  }
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  child.stdin.on('error', () => undefined)
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail(new JumpFailure('no answer', true)), timeout)
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
    child.once('close', () => fail(new JumpFailure(lastLine(said), isOfGuest(said))))
  })
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

function isOfGuest(said: string): boolean {
  return /open failed|stdio forwarding failed/.test(said)
}

/** What a program said last, as the end of a sentence. */
export function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim().replace(/\.$/, '') || 'it said nothing'
}
