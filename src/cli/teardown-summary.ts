import { counted, formatDuration } from '../core/format.ts'
import type { Failure, Success } from '../core/run.ts'
import type { Outputs } from '../generated/types.ts'
import { errorLines, warningLines } from './host-problems.ts'
import { columns, indented, namesOf, styled } from './layout.ts'
import { cut, cutMiddle, printable } from './progress/text.ts'
import { type Circumstances, printReport, printReportFailure } from './report-printer.ts'

type Report = Outputs['teardown']
type Host = Report['hosts'][number]

const mostRows = 60

/** What became of the VMs of an inventory that was torn down. */
export function printTeardownSummary(success: Success<Report>): Promise<void> {
  return printReport(success, teardownSummaryText)
}

/** The same where not all could be destroyed. */
export function printTeardownFailure(failure: Failure): Promise<void> {
  return printReportFailure(failure, teardownSummaryText)
}

/** @param width columns of the terminal */
export function teardownSummaryText(
  { hosts, seconds }: Report,
  { check, warnings }: Circumstances,
  width: number,
): string {
  const of = (...states: Host['state'][]): Host[] => hosts.filter(({ state }) => states.includes(state))
  const rows = [...of('failed'), ...of('destroyed', 'planned')]
  const lines = [
    ...(rows.length === 0 ? [] : table(rows, width)),
    ...quiet(of('absent'), 'had no VM of ours', width),
    ...quiet(of('not_begun'), 'not begun', width),
    ...errorLines(hosts, width),
    ...warningLines([], warnings, width),
    '',
    ...indented(closing(hosts, seconds, check), width, '  ', '').map((line) => styled('bold', line)),
  ]
  return `${lines.join('\n').replace(/^\n+/, '')}\n`
}

function table(hosts: readonly Host[], width: number): string[] {
  const rows = hosts
    .slice(0, mostRows)
    .map(({ name, state, vmid, node, error }) => [
      cutMiddle(printable(name), 40),
      state === 'planned' ? 'to be destroyed' : state,
      vmid === undefined ? '' : String(vmid),
      node ?? '',
      typeof error?.code === 'string' ? error.code : '',
    ])
  const [head = '', ...lines] = columns([['host', 'result', 'VM', 'node', ''], ...rows])
  const more = hosts.length - mostRows
  return [
    styled('bold', cut(head, width)),
    ...lines.map((line, index) =>
      hosts[index]?.state === 'failed' ? styled('red', cut(line, width)) : cut(line, width),
    ),
    ...(more > 0 ? [`… and ${more} more: \`--json\` shows all.`] : []),
  ]
}

function quiet(hosts: readonly Host[], title: string, width: number): string[] {
  if (hosts.length === 0) return []
  const names = hosts.map(({ name }) => name)
  return indented(`${counted(hosts.length, 'host')} ${title}: ${namesOf(names, 5)}`, width, '  ', '')
}

function closing(hosts: readonly Host[], seconds: number, check: boolean): string {
  const titles: readonly (readonly [Host['state'], string])[] = [
    ['destroyed', 'destroyed'],
    ['planned', 'to be destroyed'],
    ['absent', 'without a VM of ours'],
    ['failed', 'failed'],
    ['not_begun', 'not begun'],
  ]
  const parts = titles.flatMap(([state, title]) => {
    const count = hosts.filter((host) => host.state === state).length
    return count > 0 ? [`${count} ${title}`] : []
  })
  const result = `${counted(hosts.length, 'host')} in ${formatDuration(seconds)}: ${parts.join(', ')}.`
  return check ? `Nothing was destroyed. ${result}` : result
}
