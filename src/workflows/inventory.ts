import { deadline } from '../core/deadline.ts'
import type { StepEvent } from '../core/events.ts'
import type { Success } from '../core/run.ts'
import type { Inputs, Outputs } from '../core/step.ts'
import { type BatchHost, invalidHosts, readHosts } from './batch/hosts.ts'

type Output = Outputs['inventory']

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
  const output: Output = { reader: read.reader, hosts: read.hosts.map(describe) }
  const error = invalidHosts(input, read, { ...output })
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
