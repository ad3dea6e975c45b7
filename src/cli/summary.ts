import { formatSeconds } from '../core/format.ts'
import type { Failure, Success } from '../core/run.ts'
import type { Outputs } from '../generated/types.ts'
import { changeText } from './change.ts'
import { hintForPeople } from './hint-for-people.ts'
import { columns, indented, styled, terminalWidth } from './layout.ts'
import { writeOut } from './output.ts'

type Provisioned = Outputs['provision']

/** `rowsShown`: the steps and warnings stand on this terminal already, as its progress display left them there. */
interface SummaryOptions {
  readonly rowsShown?: boolean
}

/** What a person wants to see at the end: the steps with their times, and how to log in. */
export async function printSummary(
  result: Success<Provisioned>,
  options: SummaryOptions = {},
): Promise<void> {
  await writeOut(summaryText(result, terminalWidth(), options))
}

/** The same of a run that failed: how far it came, why it stopped, what to do. */
export async function printFailureSummary(failure: Failure, options: SummaryOptions = {}): Promise<void> {
  await writeOut(failureSummaryText(failure, terminalWidth(), options))
}

/** @param width columns of the terminal */
export function summaryText(
  { output, changed, check, warnings }: Success<Provisioned>,
  width: number,
  { rowsShown = false }: SummaryOptions = {},
): string {
  const lines = [
    ...(rowsShown ? [] : stepsTable(output.steps)),
    ...(check ? output.steps.flatMap(({ diff = [] }) => diff.map(changeText)) : []),
    '',
    ...closing(output, { changed, check }),
    ...(rowsShown ? [] : warningLines(warnings, width)),
  ]
  return `${lines.join('\n')}\n`
}

/** @param width columns of the terminal */
export function failureSummaryText(
  { error, warnings }: Failure,
  width: number,
  { rowsShown = false }: SummaryOptions = {},
): string {
  const { code, message, hint, details } = error
  const steps = (details.steps ?? []) as Provisioned['steps']
  const kept = details.vm_kept as { vmid: number } | undefined
  const lines = [
    ...(steps.length > 0 && !rowsShown ? stepsTable(steps) : []),
    ...(steps.length > 0 ? [''] : []),
    ...indented(`${code}: ${message}`, width, '  ', ''),
    ...indented(hintForPeople(hint), width, '  ').map((line) => styled('cyan', line)),
    ...((details.log ?? []) as string[]).map((line) => `  | ${line}`),
    ...(kept === undefined
      ? []
      : indented(`The VM ${kept.vmid} is kept; running this again carries on with it.`, width, '  ')),
    ...(rowsShown ? [] : warningLines(warnings, width)),
  ]
  return `${lines.join('\n')}\n`
}

function stepsTable(steps: Provisioned['steps']): string[] {
  const rows = steps.map(({ step, status, seconds }) => [step, status, formatSeconds(seconds)])
  return columns([['step', 'result', 'time'], ...rows])
}

function closing(
  output: Provisioned,
  { changed, check }: { readonly changed: boolean; readonly check: boolean },
): string[] {
  const { name, vmid, node, host, port, user, system, seconds } = output
  if (check && changed) return [`Nothing was changed: this is what provisioning ${name} would do.`]
  const time = changed ? `in ${formatSeconds(seconds)}` : 'nothing to do'
  const where = [
    `${name} runs NixOS: VM ${vmid} on node ${node}, ${time}`,
    ...(system === undefined ? [] : [`  system  ${system}`]),
  ]
  if (host === undefined) return where
  const login = `ssh ${port === undefined || port === 22 ? '' : `-p ${port} `}${user}@${host}`
  const key = output.known_hosts?.[0]
  return [...where, `  login   ${login}`, ...(key === undefined ? [] : [`  key     ${key}`])]
}

function warningLines(warnings: readonly string[], width: number): string[] {
  return warnings.flatMap((text) => indented(`warning: ${text}`, width, '  ', ''))
}
