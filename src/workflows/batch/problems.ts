import { NciError } from '../../core/errors.ts'
import { listNames } from './names.ts'

/** What is wrong with hosts, by host; what is found twice is kept once. */
export class Problems {
  readonly #byHost = new Map<string, NciError[]>()

  get byHost(): ReadonlyMap<string, readonly NciError[]> {
    return this.#byHost
  }

  add(host: string, ...errors: readonly NciError[]): void {
    const known = this.#byHost.get(host) ?? []
    for (const error of errors) {
      if (known.some(({ code, message }) => code === error.code && message === error.message)) continue
      known.push(error)
      this.#byHost.set(host, known)
    }
  }

  /** Takes over what others have found. */
  addAll(found: ReadonlyMap<string, readonly NciError[]>): void {
    for (const [host, errors] of found) this.add(host, ...errors)
  }

  /** What is thrown is wrong with the host. */
  try<Value>(host: string, look: () => Value): Value | undefined {
    try {
      return look()
    } catch (error) {
      this.add(host, foundIn(error))
      return undefined
    }
  }

  /** What is thrown concerns all of these hosts; unless it was interrupted. */
  async tryAll(hosts: readonly string[], signal: AbortSignal, look: () => Promise<void>): Promise<void> {
    try {
      await look()
    } catch (error) {
      signal.throwIfAborted()
      const found = foundIn(error)
      for (const host of hosts) this.add(host, found)
    }
  }
}

/** A mistake of ours is no mistake of a host's. */
function foundIn(error: unknown): NciError {
  if (error instanceof NciError) return error
  throw error
}

const named = 5
const mostLeftOut = 20

/**
 * The error that tells the mistakes of all hosts at once.
 *
 * @param hosts all hosts, in the order in which theirs are told
 * @param limit the user's own
 * @returns `undefined` where there are none
 */
export function batchInvalid(
  hosts: readonly { readonly name: string }[],
  problems: ReadonlyMap<string, readonly NciError[]>,
  limit = 'all',
): NciError | undefined {
  const wrong = hosts.flatMap(({ name }) => {
    const errors = problems.get(name) ?? []
    return errors.length === 0 ? [] : [{ name, problems: errors.map(shown) }]
  })
  if (wrong.length === 0) return undefined
  const names = wrong.slice(0, named).map(({ name }) => name)
  const details = {
    failed: wrong.length,
    total: hosts.length,
    names: listNames(names, wrong.length),
    // Where a limit has commas, its colons are no separators.
    limit: [limit, ...wrong.map(({ name }) => `!${name}`)].join(limit.includes(',') ? ',' : ':'),
    hosts: wrong,
  }
  // Nobody would be left, or a line that nobody can read.
  const isUseful = wrong.length < hosts.length && wrong.length <= mostLeftOut
  const hint = 'Each of `details.hosts` says what is wrong with it.'
  return new NciError('BATCH_INVALID', details, isUseful ? {} : { hint })
}

function shown({ code, message, hint, details }: NciError): object {
  const { mistakes } = details
  return { code, message, hint, ...(mistakes === undefined ? {} : { mistakes }) }
}
