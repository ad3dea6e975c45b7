import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { tendGroup } from '../core/process-group.ts'

/** A program to run to its end. */
export interface Command {
  readonly file: string
  readonly arguments: readonly string[]
  /** The whole environment. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  onLine(line: string, stream: 'stdout' | 'stderr'): void
  /** The program's group was ended because of the signal: what may then be done before the error is thrown. */
  onAbort?(): Promise<void>
}

/**
 * Runs a program in a process group of its own, line by line, and gives its exit code. On abort the whole group gets
 * SIGTERM and, when it does not end, SIGKILL: programs such as nixos-anywhere leave their children running when they
 * alone are ended. What has left the group is not waited for, even where it holds the output open.
 *
 * @throws the reason of the signal; an `ENOENT` or the like where it cannot be started
 */
export async function runProgram(command: Command): Promise<number> {
  const { execa } = await import('execa')
  command.signal.throwIfAborted()
  const child = execa(command.file, [...command.arguments], {
    env: command.environment,
    extendEnv: false,
    stdin: 'ignore',
    buffer: false,
    detached: true,
    reject: false,
  })
  using _group = tendGroup(child.nodeChildProcess as ChildProcess, command.signal)
  const [result] = await Promise.all([
    child,
    eachLine(child.stdout, (line) => command.onLine(line, 'stdout')),
    eachLine(child.stderr, (line) => command.onLine(line, 'stderr')),
  ])
  if (command.signal.aborted) {
    await command.onAbort?.()
    throw command.signal.reason
  }
  if (result.exitCode === undefined && result.signal === undefined) throw result
  return result.exitCode ?? 128
}

async function eachLine(stream: Readable, onLine: (line: string) => void): Promise<void> {
  const reader = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })
  // A stream that is destroyed has no end.
  stream.once('close', () => reader.close())
  for await (const line of reader) onLine(line)
}
