import type { Failure } from '../core/run.ts'
import { errorLines, type Host, warningLines } from './host-problems.ts'
import { indented, styled } from './layout.ts'

/** What is wrong with a host of an inventory. */
interface Mistaken {
  readonly name: string
  readonly problems: readonly Readonly<Record<string, unknown>>[]
}

/**
 * A failure of many hosts: what became of them, or what is wrong with them, then the error of the whole.
 *
 * @param summary of the report in the error's details, which tells the warnings as well
 * @param width columns of the terminal
 */
export function failureText(
  { error, warnings }: Failure,
  summary: string | undefined,
  width: number,
): string {
  const mistaken = ((error.details.hosts ?? []) as readonly Mistaken[]).flatMap(({ name, problems = [] }) =>
    problems.map((problem): Host => ({ name, error: problem })),
  )
  const before =
    summary === undefined ? [...errorLines(mistaken, width), ...warningLines([], warnings, width)] : []
  const lines = [
    ...before,
    ...(summary !== undefined || before.length > 0 ? [''] : []),
    ...indented(`${error.code}: ${error.message}`, width, '  ', ''),
    ...indented(error.hint, width, '  ').map((line) => styled('cyan', line)),
  ]
  return `${summary ?? ''}${lines.join('\n').replace(/^\n+(?=.*\S)/, summary === undefined ? '' : '\n')}\n`
}
