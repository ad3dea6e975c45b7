import { dirname } from 'node:path'
import { counted, formatDuration } from '../core/format.ts'
import { median } from '../core/median.ts'
import type { Failure, Success } from '../core/run.ts'
import type { Outputs } from '../generated/types.ts'
import { planLines } from './batch-plan.ts'
import { hostTable, shortSeconds } from './batch-table.ts'
import { errorLines, warningLines } from './host-problems.ts'
import { columns, indented, namesOf, styled } from './layout.ts'
import { cut, printable } from './progress/text.ts'
import { type Circumstances, printReport, printReportFailure } from './report-printer.ts'

type Report = Outputs['batch']
type Host = Report['hosts'][number]

/** Of hosts that changed: up to here each has a row, of more only the slowest have. */
const mostRows = 60
const slowestRows = 20
const mostFailedRows = 40

/** What a person wants to see of a batch at the end. */
export function printBatchSummary(success: Success<Report>): Promise<void> {
  return printReport(success, batchSummaryText)
}

/** The same of a batch that failed, or was not begun. */
export function printBatchFailure(failure: Failure): Promise<void> {
  return printReportFailure(failure, batchSummaryText)
}

/** @param width columns of the terminal */
export function batchSummaryText(report: Report, { check, warnings }: Circumstances, width: number): string {
  const lines = [
    ...(check ? planLines(report, width) : resultLines(report, width)),
    ...quietLines(report.hosts, width),
    ...errorLines([...report.hosts, ...failedShared(report)], width),
    ...warningLines(report.hosts, warnings, width),
    '',
    ...indented(closing(report, check), width, '  ', '').map((line) => styled('bold', line)),
    ...placeLines(report),
  ]
  return `${lines.join('\n').replace(/^\n+/, '')}\n`
}

/** Hosts that failed first, then those that changed; shared work below. */
function resultLines({ hosts, shared = [] }: Report, width: number): string[] {
  const failed = hosts.filter(({ state }) => state === 'failed' || state === 'interrupted')
  const changed = hosts.filter(({ state }) => state === 'changed')
  const isLong = changed.length > mostRows
  const slowest = changed.toSorted((a, b) => b.seconds - a.seconds).slice(0, slowestRows)
  const shown = [...failed.slice(0, mostFailedRows), ...(isLong ? slowest : changed)]
  const rest = changed.length - slowest.length
  const work = shared.filter(({ seconds }) => seconds >= 0.05)
  return [
    ...(shown.length === 0 ? [] : hostTable(shown, width)),
    ...(failed.length > mostFailedRows ? [`… and ${failed.length - mostFailedRows} more failed.`] : []),
    ...(isLong ? [`… and ${rest} more changed, faster than these: ${spread(changed)}.`] : []),
    ...(work.length === 0 ? [] : ['', ...sharedLines(work, width)]),
  ]
}

function sharedLines(shared: NonNullable<Report['shared']>, width: number): string[] {
  const most = 12
  const rows = shared
    .slice(0, most)
    .map(({ step, title, status, seconds, hosts }) => [
      step,
      printable(title),
      status,
      shortSeconds(seconds),
      `for ${counted(hosts, 'host')}`,
    ])
  const lines = columns([['shared', '', 'result', 'time', ''], ...rows], new Set([3]))
  const more = shared.length > most ? [`… and ${shared.length - most} more.`] : []
  return [
    ...lines.map((line, index) => (index === 0 ? styled('bold', cut(line, width)) : cut(line, width))),
    ...more,
  ]
}

/** Hosts with nothing to tell, in a line for each kind. */
function quietLines(hosts: readonly Host[], width: number): string[] {
  const kinds = [
    ['unchanged', 'unchanged'],
    ['not_begun', 'not begun'],
  ] as const
  const lines = kinds.flatMap(([state, title]) => {
    const names = hosts.filter((host) => host.state === state).map(({ name }) => name)
    return names.length === 0
      ? []
      : indented(`${counted(names.length, 'host')} ${title}: ${namesOf(names, 5)}`, width, '  ', '')
  })
  return lines.length === 0 ? [] : ['', ...lines]
}

/** `98 s to 3 min 4 s, median 2 min 1 s` */
function spread(hosts: readonly Host[]): string {
  const sorted = hosts.map(({ seconds }) => seconds).toSorted((a, b) => a - b)
  const at = (index: number): string => formatDuration(sorted[index] ?? 0)
  return `${at(0)} to ${at(sorted.length - 1)}, median ${formatDuration(median(sorted))}`
}

/** Shared work that failed and took no host with it has its error told as well. */
function failedShared({ shared = [], hosts }: Report): { name: string; error: Record<string, unknown> }[] {
  const known = new Set(hosts.map(({ error }) => error?.message))
  return shared.flatMap(({ step, title, error }) =>
    error === undefined || known.has(error.message) ? [] : [{ name: `${step} (${title})`, error }],
  )
}

/** `100 hosts in 12 min 3 s: 90 changed, 8 unchanged, 2 failed.` */
function closing({ hosts, counts, seconds }: Report, check: boolean): string {
  const parts = Object.entries(counts).flatMap(([state, count]) =>
    count > 0 ? [`${count} ${state === 'planned' ? 'to be provisioned' : state.replace('_', ' ')}`] : [],
  )
  const result = `${counted(hosts.length, 'host')} in ${formatDuration(seconds)}: ${parts.join(', ') || 'nothing to do'}.`
  return check ? `Nothing was changed. ${result}` : result
}

function placeLines({ report_file: report, timeline_file: timeline, hosts }: Report): string[] {
  const log = hosts.find(({ log_file }) => log_file !== undefined)?.log_file
  const places = [
    ...(timeline === undefined ? [] : [['  timeline', timeline]]),
    ...(report === undefined ? [] : [['  report', report]]),
    ...(log === undefined ? [] : [['  logs', dirname(log)]]),
  ]
  return columns(places)
}
