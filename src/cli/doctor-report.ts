import type { Failure } from '../core/run.ts'
import type { Outputs } from '../generated/types.ts'
import { printFailure } from './failure-text.ts'
import { type Style, styled, terminalWidth, wrap } from './layout.ts'
import { writeOut } from './output.ts'

type Report = Outputs['doctor']
type CheckResult = Report['checks'][number]

const signs: Readonly<Record<CheckResult['status'], readonly [sign: string, style: Style]>> = {
  ok: ['✔', 'green'],
  warning: ['!', 'yellow'],
  failed: ['✖', 'red'],
  skipped: ['-', 'gray'],
}

/** The report of an examination for people. */
export async function printReport(report: Report): Promise<void> {
  await writeOut(reportText(report, terminalWidth()))
}

/** The same where something failed; any other failure as what is wrong, and what to do. */
export async function printFailedReport(document: Failure): Promise<void> {
  const { code, details } = document.error
  if (code === 'DOCTOR_FOUND_PROBLEMS') return printReport(details as unknown as Report)
  return printFailure(document, [])
}

/**
 * Checks by group, with what to do about each, and the commands to copy at the end. Coloured as the terminal allows.
 *
 * @param width columns of the terminal
 */
export function reportText({ checks, commands }: Report, width: number): string {
  const groups = [...new Set(checks.map(({ group }) => group))]
  const column = Math.max(...checks.map(({ title }) => title.length))
  const sections = groups.map((group) => {
    const own = gathered(checks.filter((check) => check.group === group))
    const lines = own.flatMap((check, index) =>
      checkLines(check, {
        column,
        width,
        isHinted: !own.slice(index + 1).some(({ hint }) => hint === check.hint),
      }),
    )
    return [styled('bold', group), ...lines, '']
  })
  const mending = [
    styled('bold', 'To mend it, as root in a shell of a Proxmox node:'),
    '',
    ...commands.map((command) => `  ${command}`),
    '',
  ]
  return `${[...sections.flat(), ...(commands.length > 0 ? mending : []), closing(checks)].join('\n')}\n`
}

/** Of so many checks one after the other that were skipped for one reason, that is said once. */
const fewest = 3

function gathered(checks: readonly CheckResult[]): CheckResult[] {
  const runs: CheckResult[][] = []
  for (const check of checks) {
    const last = runs.at(-1)
    const isSame =
      check.status === 'skipped' && check.hint === undefined && last?.[0]?.message === check.message
    if (isSame) last?.push(check)
    else runs.push([check])
  }
  return runs.flatMap((run) => {
    const [first] = run
    if (first === undefined || run.length < fewest) return run
    const names = run.map(({ title }) => title).join(', ')
    return [
      { ...first, title: `${run.length} checks`, message: `${first.message.replace(/\.$/, '')}: ${names}.` },
    ]
  })
}

/** @param layout `isHinted`: of checks of a group with the same hint, the last one gives it */
function checkLines(
  { status, title, message, hint }: CheckResult,
  { column, width, isHinted }: { column: number; width: number; isHinted: boolean },
): string[] {
  const [sign, style] = signs[status]
  const margin = ' '.repeat(column + 6)
  const [first = '', ...rest] = wrap(message, width - margin.length)
  const advice = hint === undefined || !isHinted ? [] : wrap(hint, width - margin.length)
  const quiet = (text: string): string => (status === 'skipped' ? styled('gray', text) : text)
  return [
    `  ${styled(style, sign)} ${quiet(title.padEnd(column))}  ${quiet(first)}`,
    ...rest.map((line) => `${margin}${quiet(line)}`),
    ...advice.map((line) => `${margin}${styled('cyan', line)}`),
  ]
}

function closing(checks: readonly CheckResult[]): string {
  const count = (status: CheckResult['status']): number =>
    checks.filter((check) => check.status === status).length
  const parts = [
    styled('green', `${count('ok')} passed`),
    ...(count('warning') > 0 ? [styled('yellow', `${count('warning')} with a warning`)] : []),
    ...(count('failed') > 0 ? [styled('red', `${count('failed')} failed`)] : []),
    ...(count('skipped') > 0 ? [styled('gray', `${count('skipped')} skipped`)] : []),
  ]
  return `${checks.length} checks: ${parts.join(', ')}.`
}
