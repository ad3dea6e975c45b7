import { NciError, reasonOf } from '../core/errors.ts'
import { findProgram } from '../core/programs.ts'
import type { Context } from '../core/step.ts'
import { progressParser } from './build.ts'
import { nixEnvironment } from './environment.ts'
import { runProgram } from './process.ts'
import type { Program } from './programs.ts'

/** How Nix is called for one ISO. */
export interface NixCall {
  /** The user's options for Nix, by name. */
  readonly options: Readonly<Record<string, string>>
  readonly context: Context
}

/** A call that has ended. */
export interface NixEnd {
  readonly code: number
  /** Lines of standard output. */
  readonly printed: readonly string[]
  /** The last lines of its log, without colours. */
  readonly log: readonly string[]
}

const keptLines = 200

/** Nix itself, with the options for a log that programs can read. @throws {NciError} `NIX_MISSING` */
export function requireNix(): Program {
  const file = findProgram('nix')
  if (file === undefined) throw new NciError('NIX_MISSING', {})
  return { file, arguments: ['--extra-experimental-features', 'nix-command flakes'] }
}

/**
 * Runs a program of Nix to its end; its log and its progress become events.
 *
 * @throws {NciError} `NIX_UNUSABLE` where it cannot be started, the signal's reason
 */
export async function runNix(
  program: Program,
  words: readonly string[],
  { options, context }: NixCall,
): Promise<NixEnd> {
  const printed: string[] = []
  const log: string[] = []
  const parse = progressParser(context)
  const code = await runProgram({
    file: program.file,
    arguments: [...program.arguments, ...words],
    environment: nixEnvironment(options),
    signal: context.signal,
    onLine(line, stream) {
      if (stream === 'stdout') {
        printed.push(line)
        return
      }
      for (const part of parse(line)?.split('\n') ?? []) {
        context.emit({ type: 'log', line: part })
        log.push(part)
        if (log.length > keptLines) log.shift()
      }
    },
  }).catch((error: unknown) => {
    context.signal.throwIfAborted()
    throw new NciError('NIX_UNUSABLE', { reason: reasonOf(error) }, { cause: error })
  })
  return { code, printed, log }
}
