import type { NciError } from '../../core/errors.ts'
import type { Outputs } from '../../core/step.ts'

type Output = Outputs['teardown']
type Row = Output['hosts'][number]

/** The VM of a host. */
export type Place = Required<Pick<Row, 'vmid' | 'node'>>

/** What became of the hosts so far: whatever ends the run, this is true. */
export class Report {
  readonly #began = performance.now()
  readonly #rows: Map<string, Row>

  constructor(hosts: readonly { readonly name: string }[]) {
    this.#rows = new Map(hosts.map(({ name }) => [name, { name, state: 'not_begun' }]))
  }

  get output(): Output {
    const seconds = Math.round(performance.now() - this.#began) / 1000
    return { hosts: [...this.#rows.values()], seconds }
  }

  get failures(): number {
    return [...this.#rows.values()].filter(({ state }) => state === 'failed').length
  }

  set(name: string, row: Omit<Row, 'name'>): void {
    this.#rows.set(name, { name, ...row })
  }

  fail(name: string, error: NciError, place?: Place): void {
    this.set(name, { state: 'failed', ...place, error: { ...error.toDocument() } })
  }
}
