import { counted } from '../core/format.ts'
import type { Failure, Success } from '../core/run.ts'
import type { Outputs } from '../generated/types.ts'
import { failureText } from './failure-text.ts'
import { errorLines, type Host as HostProblem, warningLines } from './host-problems.ts'
import { columns, indented, namesOf, styled, terminalWidth } from './layout.ts'
import { writeOut } from './output.ts'
import { cut, printable } from './progress/text.ts'

type Report = Outputs['inventory']
type Host = Report['hosts'][number]

/** The hosts of an inventory for people. */
export async function printInventory({ output, warnings }: Success<Report>): Promise<void> {
  const width = terminalWidth()
  const lines = [...inventoryLines(output, width), ...warningLines([], warnings, width)]
  await writeOut(`${lines.join('\n')}\n`)
}

/** The same where hosts have mistakes: all hosts, then what is wrong; any other failure by itself. */
export async function printFailedInventory(failure: Failure): Promise<void> {
  const width = terminalWidth()
  const { error, warnings } = failure
  if (error.code !== 'INVENTORY_INVALID') return writeOut(failureText(failure, undefined, width))
  const report = error.details as unknown as Report
  const problems = report.hosts.flatMap(({ name, problems: own }) =>
    own.map((problem): HostProblem => ({ name, error: problem })),
  )
  const lines = [
    ...inventoryLines(report, width),
    ...errorLines(problems, width, true),
    ...warningLines([], warnings, width),
  ]
  await writeOut(`${lines.join('\n')}\n`)
}

/**
 * A line for each host: what it would become, and where.
 *
 * @param width columns of the terminal
 */
export function inventoryLines({ hosts, reader }: Report, width: number): string[] {
  const plain = [['host', 'node', 'address', 'system', 'problems'], ...hosts.map(cellsOf)]
  const rows = withGroups(plain, hosts, width)
  const [head = '', ...lines] = columns(rows)
  const groups = rows === plain ? [...new Set(hosts.flatMap((host) => host.groups))] : []
  const wrong = hosts.filter(({ problems }) => problems.length > 0).length
  const by = reader === 'ansible' ? 'read by Ansible' : 'read without Ansible'
  const verdict = wrong === 0 ? styled('green', 'all fine') : styled('red', `${wrong} with problems`)
  return [
    styled('bold', cut(head, width)),
    ...lines.map((line, index) => {
      const text = cut(line, width)
      return (hosts[index]?.problems.length ?? 0) > 0 ? styled('red', text) : text
    }),
    '',
    `${counted(hosts.length, 'host')}, ${verdict}, ${by}.`,
    ...(groups.length === 0 ? [] : indented(`Groups: ${namesOf(groups, 20)}.`, width, '  ', '')),
  ]
}

/** Fewer columns than these tell nothing of groups. */
const fewestOfGroups = 10

/** The same with the groups of the hosts, where some have any and there is place. */
function withGroups(
  rows: readonly (readonly string[])[],
  hosts: readonly Host[],
  width: number,
): readonly (readonly string[])[] {
  const groups = hosts.map((host) => printable(host.groups.join(', ')))
  const longest = Math.max(...groups.map((text) => text.length), 0)
  const free = width - Math.max(...columns(rows).map((line) => line.length)) - 2
  if (longest === 0 || free < Math.min(longest, fewestOfGroups)) return rows
  const titled = ['groups', ...groups.map((text) => cut(text, Math.max(free, 'groups'.length)))]
  return rows.map(([host = '', ...others], index) => [host, titled[index] ?? '', ...others])
}

function cellsOf({ name, values, problems }: Host): string[] {
  const [path] = Array.isArray(values.store_paths) ? values.store_paths : []
  return [
    values.name === name || typeof values.name !== 'string' ? name : `${name} (${values.name})`,
    textOf(values.node),
    addressOf(values),
    textOf(values.flake ?? path),
    problems.length === 0 ? '' : String(problems.length),
  ].map(printable)
}

/** Where it will be reached, as far as the inventory says. */
function addressOf({ ssh_host, networks }: Host['values']): string {
  if (typeof ssh_host === 'string') return ssh_host
  const [first] = Array.isArray(networks) ? networks : []
  return textOf((first as { ip?: unknown } | undefined)?.ip).replace(/\/\d+$/, '')
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
