import { run } from '@oclif/core'
import { printFailure } from './cli/failure-text.ts'
import { watchStdout } from './cli/stdout.ts'
import { usageError } from './cli/usage.ts'
import { COMMANDS } from './commands/index.ts'
import { NciError } from './core/errors.ts'
import { failure } from './core/run.ts'
import { closest } from './core/validate.ts'

export { COMMANDS }

/**
 * Runs a command line.
 *
 * @param root folder of package.json
 */
export async function main(root: string, argv: string[] = process.argv.slice(2)): Promise<void> {
  const settled = watchStdout()
  let isFailing = false
  // An error that no one waited for is a bug: the document says so, in place of a stack trace.
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      // What goes wrong while that is said can only make it go wrong again.
      if (isFailing) process.exit(1)
      isFailing = true
      void fail('nci', error).finally(() => process.exit(1))
    })
  }
  // Whoever reads the progress may go away; that is no reason to stop.
  process.stderr.on('error', () => undefined)
  try {
    await run(argv, { root })
    await settled()
  } catch (error) {
    await fail('nci', unknownCommand(error))
  }
}

async function fail(step: string, error: unknown): Promise<void> {
  const document = failure(step, error)
  if (process.env.NCI_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`)
  process.exitCode = error instanceof NciError ? error.exitCode : 1
  await printFailure(document, process.argv)
}

function unknownCommand(error: unknown): unknown {
  const [, id] = error instanceof Error ? (/^command (.*) not found$/.exec(error.message) ?? []) : []
  if (id === undefined) {
    const line = process.argv.slice(2).join(' ')
    return usageError(
      error,
      Object.keys(COMMANDS).find((name) => line.startsWith(name.replace(':', ' '))) ?? '',
    )
  }
  const words = id.split(':')
  const command = words.join(' ')
  const known = Object.keys(COMMANDS).map((name) => name.replace(':', ' '))
  // oclif takes what follows a command for a part of its name.
  const meant = known.find((name) => command.startsWith(`${name} `))
  if (meant !== undefined) {
    const reason = `Unexpected argument: ${command.slice(meant.length + 1)}`
    return new NciError('USAGE', { reason, help: `nci ${meant} --help` })
  }
  const suggestion = closest(command, known) ?? closest(words[0] ?? '', known)
  const advice = suggestion === undefined ? '' : `; did you mean \`nci ${suggestion}\`?`
  const [first = ''] = words
  const help = known.some((name) => name.startsWith(`${first} `)) ? `nci ${first} --help` : 'nci --help'
  return new NciError('USAGE', { reason: `There is no command \`nci ${command}\`${advice}`, help })
}
