import { isNciError, NciError, reasonOf } from '../core/errors.ts'
import type { Result } from '../core/run.ts'

/** Prints the one document, whole, before the process may end. */
export function printDocument(
  document: Result | Readonly<Record<string, unknown>> | readonly string[],
): Promise<void> {
  const text = process.stdout.isTTY ? JSON.stringify(document, null, 2) : JSON.stringify(document)
  return writeOut(`${text}\n`)
}

/** Errors of stdout that whoever wrote has got. */
export const handled = new WeakSet<Error>()

/**
 * Writes to stdout and waits until it is taken; a reader that went away is no error of ours.
 *
 * @throws {NciError} `STDOUT_UNWRITABLE`
 */
export function writeOut(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (error == null || isReaderGone(error)) resolve()
      else {
        handled.add(error)
        reject(unwritable(error))
      }
    })
  })
}

/**
 * Prints what became of a run. Where stdout does not take it, stderr gets it in a sentence: what was done must not be
 * lost without a word.
 *
 * @param print writes it to stdout, as a document or for people
 */
export async function printOutcome(outcome: Result, print: () => Promise<void>): Promise<void> {
  // Of this there is nothing to be said on stdout.
  if (!outcome.ok && outcome.error.code === 'STDOUT_UNWRITABLE') return tell(outcome.error)
  try {
    await print()
  } catch (error) {
    if (!isNciError(error, 'STDOUT_UNWRITABLE')) throw error
    tellLost(error.cause, outcome)
  }
}

/** Says on stderr why stdout has no document, and what became of the run; the exit code of one that failed stays. */
export function tellLost(error: unknown, outcome: Result): void {
  const code = process.exitCode
  tell(unwritable(error, outcome))
  if (!outcome.ok) process.exitCode = code
}

/** What stdout does not take: `nci schema > /dev/full`. */
export function unwritable(error: unknown, outcome?: Result): NciError<'STDOUT_UNWRITABLE'> {
  const details = { reason: reasonOf(error), outcome: outcome === undefined ? '' : inShort(outcome) }
  return new NciError('STDOUT_UNWRITABLE', details, { cause: error })
}

/** Whoever reads stdout may go away, as `head` does. */
export function isReaderGone(error: NodeJS.ErrnoException): boolean {
  return ['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED'].includes(error.code ?? '')
}

function tell(error: { readonly code: string; readonly message: string; readonly hint: string }): void {
  process.exitCode = new NciError('STDOUT_UNWRITABLE', { reason: '', outcome: '' }).exitCode
  process.stderr.write(`${error.code}: ${error.message}\n  ${error.hint}\n`)
}

function inShort(outcome: Result): string {
  const { step } = outcome
  if (!outcome.ok) return `; \`${step}\` itself failed with ${outcome.error.code}: ${outcome.error.message}`
  if (outcome.check) return `; \`${step}\` itself succeeded: it was a check`
  return `; \`${step}\` itself succeeded, ${outcome.changed ? 'with changes' : 'and changed nothing'}`
}
