import { formatSeconds } from '../core/format.ts'
import type { Failure, Success } from '../core/run.ts'
import type { Outputs } from '../generated/types.ts'
import { writeOut } from './output.ts'

type Provisioned = Outputs['provision']

/** What a person wants to see at the end: the steps with their times, and how to log in. */
export async function printSummary({ output, check, warnings }: Success<Provisioned>): Promise<void> {
  const table = stepsTable(output.steps, [['in all', '', formatSeconds(output.seconds)]])
  const changes = check ? output.steps.flatMap(({ diff = [] }) => diff.map(changeLine)) : []
  await writeOut(
    `${[table, ...changes, closing(output, check), ...warnings.map((text) => `warning: ${text}`)].join('\n')}\n`,
  )
}

/** The same of a run that failed: how far it came, why it stopped, what to do. */
export async function printFailureSummary({ error, warnings }: Failure): Promise<void> {
  const { code, message, hint, details } = error
  const steps = (details.steps ?? []) as Provisioned['steps']
  const kept = details.vm_kept as { vmid: number } | undefined
  const lines = [
    ...(steps.length > 0 ? [stepsTable(steps, []), ''] : []),
    `${code}: ${message}`,
    `  ${hint}`,
    ...((details.log ?? []) as string[]).map((line) => `  | ${line}`),
    ...(kept === undefined ? [] : [`  The VM ${kept.vmid} is kept; running this again carries on with it.`]),
    ...warnings.map((text) => `warning: ${text}`),
  ]
  await writeOut(`${lines.join('\n')}\n`)
}

function stepsTable(steps: Provisioned['steps'], more: readonly (readonly string[])[]): string {
  const rows = steps.map(({ step, status, seconds }) => [step, status, formatSeconds(seconds)])
  return columns([['step', 'result', 'time'], ...rows, ...more])
}

function closing(output: Provisioned, check: boolean): string {
  if (check) return `\nNothing was changed: this is what provisioning ${output.name} would do.`
  const { name, vmid, node, host, port, user, system } = output
  const where = `\n${name} runs NixOS: VM ${vmid} on node ${node}${system === undefined ? '' : `\n  system  ${system}`}`
  if (host === undefined) return where
  const login = `ssh ${port === undefined || port === 22 ? '' : `-p ${port} `}${user}@${host}`
  return `${where}\n  login   ${login}${output.known_hosts?.[0] === undefined ? '' : `\n  key     ${output.known_hosts[0]}`}`
}

function changeLine(change: { what?: unknown; before?: unknown; after?: unknown }): string {
  const { what, before, after } = change
  const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
  if (before === undefined) return `  + ${what}: ${text(after)}`
  return after === undefined
    ? `  - ${what}: ${text(before)}`
    : `  ~ ${what}: ${text(before)} → ${text(after)}`
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
