import { NciError, reasonOf } from '../core/errors.ts'

/** The command line parser's errors as ours; all others as they are. */
export function usageError(error: unknown, command: string): unknown {
  if (error instanceof NciError || !isOclifError(error)) return error
  // Of its several lines the first says what is wrong; the rest is advice that the hint gives.
  const lines = reasonOf(error)
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('See more help'))
  const reason = lines.join(' ').replace(/\.$/, '')
  return new NciError(
    'USAGE',
    { reason, help: ['nci', ...command.split(':').filter((word) => word !== ''), '--help'].join(' ') },
    { cause: error },
  )
}

function isOclifError(error: unknown): boolean {
  return error instanceof Error && 'oclif' in error
}
