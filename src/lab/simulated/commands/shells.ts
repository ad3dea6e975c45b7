/** `sh` with the options that just-bash's own lacks, and shell built-ins that it has not. */

import type { GuestCommand } from '../shell.ts'
import { runInner } from './inner-shell.ts'
import { textOf } from './stdin.ts'
import { quote } from './words.ts'

/** `sh -s`, `sh -- ARGS` and `sh -eu FILE`; what just-bash knows is left to it. */
const shell: GuestCommand = async (args, context) => {
  let rest = [...args]
  const settings: string[] = []
  let fromStdin = false
  while (rest[0]?.startsWith('-') && rest[0] !== '-') {
    const option = rest.shift() ?? ''
    if (option === '--') break
    if (/^-\w*c$/.test(option)) {
      const command = context.origCommand?.(['-c', `${settings.join('')}${rest[0] ?? ''}`, ...rest.slice(1)])
      return command ?? { exitCode: 127 }
    }
    if (option.startsWith('--')) continue
    const letters = option.slice(1).replace(/[sli]/g, '')
    if (/s/.test(option)) fromStdin = true
    if (letters !== '') settings.push(`set -${letters}; `)
  }
  if (rest[0] === '-') rest = rest.slice(1)
  if (fromStdin || rest.length === 0) {
    const prelude = `${settings.join('')}set -- ${quote(rest)}\n`
    return runInner(context, prelude + (await textOf(context.stdin)))
  }
  return (await context.origCommand?.(rest)) ?? { exitCode: 127 }
}

const nothing: GuestCommand = () => ''

export const shellCommands: Record<string, GuestCommand> = {
  sh: shell,
  bash: shell,
  // File modes follow the command that writes; signals and limits are not simulated.
  umask: nothing,
  trap: nothing,
  ulimit: nothing,
  disown: nothing,
}
