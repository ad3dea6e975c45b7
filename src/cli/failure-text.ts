import type { Failure } from '../core/run.ts'
import { hintForPeople } from './hint-for-people.ts'
import { errorLines, type Host, warningLines } from './host-problems.ts'
import { indented, styled, terminalWidth } from './layout.ts'
import { printDocument, printOutcome, writeOut } from './output.ts'

/** What is wrong with a host of an inventory. */
interface Mistaken {
  readonly name: string
  readonly problems: readonly Readonly<Record<string, unknown>>[]
}

/** A failure of what is no step: on a terminal what is wrong and what to do, else, and with `--json`, the document. */
export async function printFailure(failure: Failure, argv: readonly string[]): Promise<void> {
  const isDocument = !process.stdout.isTTY || argv.includes('--json')
  await printOutcome(failure, () =>
    isDocument ? printDocument(failure) : writeOut(failureText(failure, undefined, terminalWidth())),
  )
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
    ...indented(hintForPeople(error.hint), width, '  ').map((line) => styled('cyan', line)),
  ]
  return `${summary ?? ''}${lines.join('\n').replace(/^\n+(?=.*\S)/, summary === undefined ? '' : '\n')}\n`
}
