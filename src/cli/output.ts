import type { Result } from '../core/run.ts'

/** Prints the one document, whole, before the process may end. */
export function printDocument(
  document: Result | Readonly<Record<string, unknown>> | readonly string[],
): Promise<void> {
  const text = process.stdout.isTTY ? JSON.stringify(document, null, 2) : JSON.stringify(document)
  return writeOut(`${text}\n`)
}

/** Writes to stdout and waits until it is taken; a reader that went away is no error of ours. */
export function writeOut(text: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.on('error', () => resolve())
    process.stdout.write(text, () => resolve())
  })
}
