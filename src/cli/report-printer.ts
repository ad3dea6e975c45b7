import type { Failure, Success } from '../core/run.ts'
import { failureText } from './failure-text.ts'
import { terminalWidth } from './layout.ts'
import { writeOut } from './output.ts'

/** How a report on many hosts came about. */
export interface Circumstances {
  readonly check: boolean
  /** Of the whole. */
  readonly warnings: readonly string[]
}

/** A report as a person wants to see it, for so many columns. */
type TextOf<Report> = (report: Report, circumstances: Circumstances, width: number) => string

/** Prints the report of what succeeded. */
export async function printReport<Report>(
  { output, check, warnings }: Success<Report>,
  textOf: TextOf<Report>,
): Promise<void> {
  await writeOut(textOf(output, { check, warnings }, terminalWidth()))
}

/** Prints the report of what failed, and its error; what was not begun has no report. */
export async function printReportFailure<Report>(failure: Failure, textOf: TextOf<Report>): Promise<void> {
  const { error, warnings } = failure
  const width = terminalWidth()
  const report = error.details.report as Report | undefined
  const summary = report && textOf(report, { check: false, warnings }, width)
  await writeOut(failureText(failure, summary, width))
}
