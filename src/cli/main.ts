import { run } from '@oclif/core'
import { COMMANDS } from '../commands/index.ts'
import { NciError } from '../core/errors.ts'
import { failure } from '../core/run.ts'
import { closest } from '../core/validate.ts'
import { printDocument } from './output.ts'
import { usageError } from './usage.ts'

export { COMMANDS }

/**
 * Runs a command line.
 *
 * @param root folder of package.json
 */
export async function main(root: string, argv: string[] = process.argv.slice(2)): Promise<void> {
  // An error that no one waited for is a bug: the document says so, in place of a stack trace.
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      void fail('nci', error).then(() => process.exit(1))
    })
  }
  // Whoever reads the progress may go away; that is no reason to stop.
  process.stderr.on('error', () => undefined)
  try {
    await run(argv, { root })
  } catch (error) {
    await fail('nci', unknownCommand(error, argv))
  }
}

async function fail(step: string, error: unknown): Promise<void> {
  const document = failure(step, error)
  if (process.env.NCI_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`)
  process.exitCode = error instanceof NciError ? error.exitCode : 1
  await printDocument(document)
}

function unknownCommand(error: unknown, argv: readonly string[]): unknown {
  if (!(error instanceof Error && /^command .* not found$/.test(error.message))) return usageError(error, '')
  const words = argv.filter((word) => !word.startsWith('-')).slice(0, 2)
  const known = Object.keys(COMMANDS).map((id) => id.replace(':', ' '))
  const suggestion = closest(words.join(' '), known) ?? closest(words[0] ?? '', known)
  const meant = suggestion === undefined ? '' : `; did you mean \`nci ${suggestion}\`?`
  return new NciError('USAGE', {
    reason: `There is no command \`nci ${words.join(' ')}\`${meant}`,
    help: 'nci --help',
  })
}
