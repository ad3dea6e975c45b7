import { toNciError } from '../../core/errors.ts'
import type { Outputs } from '../../core/step.ts'
import type { Patient } from './patient.ts'

/** A check as it stands in the result. */
export type CheckResult = Outputs['doctor']['checks'][number]

/** How a check came out. */
export interface Finding extends Pick<CheckResult, 'status' | 'message' | 'hint' | 'details'> {
  /** Commands for a root shell of a node that mend it. */
  readonly commands?: readonly string[]
}

/** Something to look at. An error that it throws is what was found. */
export interface Check {
  readonly id: string
  readonly title: string
  /** Checks without which this one would say nothing. */
  readonly needs?: readonly string[]
  /** The same, where one of them is enough. */
  readonly needsAny?: readonly string[]
  examine(patient: Patient): Finding | Promise<Finding>
}

/** Checks that belong together in the report. */
export interface Group {
  readonly title: string
  readonly checks: readonly Check[]
}

type More = Pick<Finding, 'details' | 'commands'>

export function ok(message: string, more: More = {}): Finding {
  return { status: 'ok', message, ...more }
}

export function warning(message: string, hint: string, more: More = {}): Finding {
  return { status: 'warning', message, hint, ...more }
}

export function failed(message: string, hint: string, more: More = {}): Finding {
  return { status: 'failed', message, hint, ...more }
}

export function skipped(message: string, hint?: string): Finding {
  return { status: 'skipped', message, ...(hint === undefined ? {} : { hint }) }
}

/** What cannot be seen is neither good nor bad. @param need what it would take: `Sys.Audit on /` */
export function unseen(what: string, need: string): Finding {
  return skipped(`Not visible without ${need}: ${what}.`)
}

/** What was found, and how to mend it. */
export interface Examined {
  readonly results: readonly CheckResult[]
  readonly commands: readonly string[]
}

/** How a check came out, and what the checks after it are to blame. */
interface Known {
  readonly result: CheckResult
  readonly cause: CheckResult
}

/** Makes all checks in order. None stops the others; what depends on one that failed is skipped and says so. */
export async function examine(groups: readonly Group[], patient: Patient): Promise<Examined> {
  const known = new Map<string, Known>()
  const commands: string[] = []
  for (const { title: group, checks } of groups) {
    for (const check of checks) {
      patient.context.signal.throwIfAborted()
      const { id, title } = check
      const cause = causeToSkip(check, known)
      const { commands: mending = [], ...finding } =
        cause === undefined ? await examineOne(check, patient) : skippedBecause(cause)
      const result = { id, group, title, ...finding }
      known.set(id, { result, cause: cause ?? result })
      commands.push(...mending)
    }
  }
  return { results: [...known.values()].map(({ result }) => result), commands }
}

function causeToSkip(
  { needs = [], needsAny = [] }: Check,
  known: ReadonlyMap<string, Known>,
): CheckResult | undefined {
  const causeOf = (id: string): CheckResult | undefined => {
    const { result, cause } = known.get(id) ?? {}
    return result?.status === 'failed' || result?.status === 'skipped' ? cause : undefined
  }
  const missing = needs.map(causeOf).find((cause) => cause !== undefined)
  if (missing !== undefined) return missing
  const causes = needsAny.map(causeOf)
  if (causes.includes(undefined)) return undefined
  return causes.find((cause) => cause?.status === 'failed') ?? causes[0]
}

function skippedBecause({ title, status }: CheckResult): Finding {
  return skipped(`Not looked at, as \`${title}\` ${status === 'failed' ? 'failed' : 'was skipped'}.`)
}

async function examineOne({ examine }: Check, patient: Patient): Promise<Finding> {
  try {
    const finding = await examine(patient)
    patient.context.signal.throwIfAborted()
    return finding
  } catch (error) {
    patient.context.signal.throwIfAborted()
    const { code, message, hint, details } = toNciError(error)
    // A mistake of ours is no illness of the patient's.
    if (code === 'ENGINE_BUG') throw error
    return failed(message, hint, { details: { code, ...details } })
  }
}
