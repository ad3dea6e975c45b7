import { NciError, reasonOf } from '../core/errors.ts'
import { closest } from '../core/validate.ts'
import { documents } from '../generated/commands.ts'
import type { DocumentId } from '../generated/types.ts'
import { flagName, plainCommand } from './flags.ts'

/** The command line parser's errors as ours; all others as they are. */
export function usageError(error: unknown, command: string): unknown {
  if (error instanceof NciError || !isOclifError(error)) return error
  // Of its several lines the first says what is wrong; the rest is advice that the hint gives.
  const lines = reasonOf(error)
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('See more help'))
  const said = lines.join(' ').replace(/\s+/g, ' ').replace(/\.$/, '')
  const reason = outOfRange(said) ?? explained(command, said, error)
  return new NciError(
    'USAGE',
    { reason, help: ['nci', ...command.split(':').filter((word) => word !== ''), '--help'].join(' ') },
    { cause: error },
  )
}

function isOclifError(error: unknown): boolean {
  return error instanceof Error && 'oclif' in error
}

/** A number that is none, or is too large or too small. */
function outOfRange(said: string): string | undefined {
  const [, flag, wanted = '', given] =
    /^Parsing (--[\w-]+) Expected (.+) but received: (.*)$/.exec(said) ?? []
  if (flag === undefined) return undefined
  const range = wanted
    .replace(/ greater than or equal to (-?\d+)$/, ' of $1 or more')
    .replace(/ less than or equal to (-?\d+)$/, ' of $1 at most')
  return `${flag} must be ${range}, not ${given === '' ? 'nothing' : given}`
}

/** A flag that does not exist, with the one that was probably meant. */
function explained(command: string, reason: string, error: unknown): string {
  const name = /^Nonexistent flags?: --(?:no-)?([\w-]+)/.exec(reason)?.[1]
  if (name === undefined) return reason
  const words = command.replace(':', ' ')
  const ids = (Object.keys(documents) as DocumentId[]).filter((id) => plainCommand(id) === words)
  const properties = ids.flatMap((id) => documents[id].properties)
  const flags = flagsOf(error)
  if (properties.some((property) => property.secret && flagName(property) === `${name}-file`)) {
    return `Secrets are not taken from the command line: write it to a file and use --${name}-file`
  }
  const listed = properties.find((property) => property.type === 'json' && flagName(property) === name)
  if (listed !== undefined) return `\`${listed.name}\` is a list or an object: give it in the input document`
  const meant = closest(name, flags) ?? flags.find((flag) => flag.startsWith(`${name}-`))
  return meant === undefined ? reason : `${reason}; did you mean --${meant}?`
}

/** The flags of the command whose line was parsed. */
function flagsOf(error: unknown): string[] {
  const { parse } = error as { readonly parse?: { readonly input?: { readonly flags?: object } } }
  return Object.keys(parse?.input?.flags ?? {})
}
