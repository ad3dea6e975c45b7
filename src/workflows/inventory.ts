import { deadline } from '../core/deadline.ts'
import { type Details, isNciError, NciError } from '../core/errors.ts'
import type { StepEvent } from '../core/events.ts'
import type { Success } from '../core/run.ts'
import type { Inputs, Outputs } from '../core/step.ts'
import { conflicts } from './batch/conflicts.ts'
import { type BatchHost, type HostsInput, type ReadHosts, readHosts } from './batch/hosts.ts'

type Output = Outputs['inventory']

/** In the message; all are in the details. */
const mostShown = 20

export interface InventoryOptions {
  readonly check: boolean
  readonly signal: AbortSignal
  readonly redact: (text: string) => string
  emit(event: StepEvent): void
  /** Registers the secrets of a host's document. */
  keepSecret(document: Record<string, unknown>): void
}

/**
 * What of an inventory would be provisioned, and with which values; only reads.
 *
 * @throws {NciError} `INVENTORY_INVALID` with all hosts in its details, where one has mistakes; those of the inventory
 */
export async function inventory(
  input: Inputs['inventory'],
  options: InventoryOptions,
): Promise<Success<Output>> {
  using limit = deadline(options.signal, input.timeout, 'reading the inventory')
  const warnings: string[] = []
  options.emit({ type: 'phase', phase: 'reading the inventory' })
  const read = await readHosts(input, {
    signal: limit.signal,
    redact: options.redact,
    keepSecret: options.keepSecret,
    emit(event) {
      if (event.type === 'warning') warnings.push(event.message)
      options.emit(event)
    },
  })
  const found = conflicts(read.hosts.flatMap(({ name, input: one }) => (one ? [{ name, input: one }] : [])))
  const hosts = read.hosts.map((host) => ({
    ...host,
    problems: [...host.problems, ...(found.get(host.name) ?? [])],
  }))
  const output: Output = { reader: read.reader, hosts: hosts.map(describe) }
  const error = invalidHosts(input, { hosts }, { ...output })
  if (error !== undefined) throw Object.assign(error, { warnings })
  return { ok: true, step: 'inventory', changed: false, check: options.check, diff: [], output, warnings }
}

function describe({ name, groups, document, problems }: BatchHost): Output['hosts'][number] {
  return {
    name,
    groups: [...groups],
    values: document,
    problems: problems.map((problem) => ({ ...problem.toDocument() })),
  }
}

/**
 * The error of hosts with mistakes: all of them together, by host.
 *
 * @param more what else belongs in its details
 */
export function invalidHosts(
  { inventory }: Pick<HostsInput, 'inventory'>,
  { hosts }: Pick<ReadHosts, 'hosts'>,
  more: Readonly<Record<string, unknown>> = {},
): NciError | undefined {
  const wrong = hosts.filter(({ problems }) => problems.length > 0)
  if (wrong.length === 0) return undefined
  const texts = textsOf(wrong.flatMap(({ problems }) => problems))
  const rest = texts.length > mostShown ? [`and ${texts.length - mostShown} more`] : []
  return new NciError('INVENTORY_INVALID', {
    source: inventory,
    count: wrong.length,
    total: hosts.length,
    problems: [...texts.slice(0, mostShown), ...rest].join('; '),
    hosts: wrong.map(({ name, problems }) => ({ name, problems: problems.map((one) => one.toDocument()) })),
    ...more,
  })
}

/** What is wrong, each once with the hosts that it is wrong with. */
function textsOf(problems: readonly NciError[]): string[] {
  const groups = new Map<string, NciError[]>()
  for (const problem of problems) {
    const key = sameProblem(problem)
    groups.set(key, [...(groups.get(key) ?? []), problem])
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const text = isNciError(first, 'INVENTORY_VALUE')
      ? new NciError('INVENTORY_VALUE', {
          ...first.details,
          host: namesIn(group),
        } as Details<'INVENTORY_VALUE'>).message
      : first.message
    return text.replace(/\.$/, '')
  })
}

/** The same text for problems that are one: a value that several hosts have, a conflict that each of its hosts is told. */
function sameProblem(problem: NciError): string {
  const { code, message, details } = problem
  if (isNciError(problem, 'INVENTORY_VALUE')) return JSON.stringify({ ...details, host: undefined })
  if (!isNciError(problem, 'HOST_CONFLICT')) return message
  return JSON.stringify([code, details.what, details.value, details.first_host])
}

/** `web1, web2, web3 and 7 more` */
function namesIn(problems: readonly NciError[]): string {
  const names = [...new Set(problems.map(({ details }) => String(details.host)))]
  const shown = names.slice(0, 3).join(', ')
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown
}
