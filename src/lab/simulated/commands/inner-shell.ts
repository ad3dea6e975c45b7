/** Running a command line inside a command, with the variables that a child process would have. */
import type { ResolvedCommandContext } from 'just-bash'
import type { Answer } from '../shell.ts'
import { failure, quote } from './words.ts'

export interface InnerOptions {
  /** Variables on top of the exported ones. */
  readonly environment?: Readonly<Record<string, string>>
  /** Nothing to read unless given; `inherit` hands on the command's own. */
  readonly stdin?: 'inherit'
}

export async function runInner(
  context: ResolvedCommandContext,
  script: string,
  options: InnerOptions = {},
): Promise<Answer> {
  if (!context.exec) return failure('cannot execute')
  const { latin1FromBytes } = await import('just-bash')
  const variables = Object.entries({ ...context.exportedEnv, ...options.environment })
    .filter(([name]) => /^[A-Za-z_]\w*$/.test(name))
    .map(([name, value]) => `export ${name}=${quote([value])}; `)
  return context.exec(variables.join('') + script, {
    cwd: context.cwd,
    stdin: options.stdin ? latin1FromBytes(context.stdin) : '',
    stdinKind: 'bytes',
  })
}
