import type { ProgressEvent } from '../../core/events.ts'
import { conflicts, type Host } from './conflicts.ts'
import { type HostsInput, type ReadOptions, readHosts } from './hosts.ts'
import { Problems } from './problems.ts'

/** What is known to be wrong before any cluster is asked. */
export interface Known {
  /** All hosts of the inventory, also those that have no document. */
  readonly all: readonly { readonly name: string }[]
  readonly problems: Problems
  /** Of the inventory; shown already. */
  readonly warnings: readonly string[]
}

interface CheckOptions extends Omit<ReadOptions, 'emit'> {
  emit(event: ProgressEvent): void
}

/** The hosts of the inventory, and the mistakes in their documents. @throws {NciError} those of {@link readHosts} */
export async function checkedHosts(
  input: HostsInput,
  options: CheckOptions,
): Promise<Known & { hosts: Host[] }> {
  const { signal, redact, keepSecret, emit } = options
  const warnings: string[] = []
  const read = await readHosts(input, {
    signal,
    redact,
    keepSecret,
    emit(event) {
      if (event.type === 'warning') warnings.push(event.message)
      emit({ step: 'provision', ...event })
    },
  })
  const problems = new Problems()
  for (const { name, problems: own } of read.hosts) problems.add(name, ...own)
  const hosts = read.hosts.flatMap(({ name, input: document }) =>
    document === undefined ? [] : [{ name, input: document }],
  )
  problems.addAll(conflicts(hosts))
  return { hosts, all: read.hosts, problems, warnings }
}
