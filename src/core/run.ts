import { deadline } from './deadline.ts'
import { type ErrorDocument, isNciError, type NciError, toNciError } from './errors.ts'
import type { StepEvent, StepStatus } from './events.ts'
import { Resources } from './resources.ts'
import type { Change, Context, Inputs, ListingAge, Outputs, Step, StepId } from './step.ts'

/** The one JSON document that a step ends with; `schemas/result.json` describes it. */
export type Result<Output = unknown> = Success<Output> | Failure

export interface Success<Output> {
  readonly ok: true
  readonly step: string
  /** In check mode: whether the step would change something. */
  readonly changed: boolean
  readonly check: boolean
  readonly diff: readonly Change[]
  readonly output: Output
  readonly warnings: readonly string[]
}

export interface Failure {
  readonly ok: false
  readonly step: string
  readonly error: ErrorDocument
  readonly warnings: readonly string[]
}

export interface RunOptions {
  /** Plan only. */
  readonly check?: boolean
  /** Seconds for the whole step. */
  readonly timeout?: number | undefined
  readonly signal: AbortSignal
  readonly emit: (event: StepEvent) => void
  /** Masks secrets in what steps write to files. */
  readonly redact?: (text: string) => string
  /** Volume ids that are to be taken as present. */
  readonly assumed?: ReadonlySet<string>
  /** See {@link Context}. */
  readonly preflighted?: boolean
  /** See {@link Context}. */
  readonly listings?: ListingAge | undefined
  /** Shared with other steps of a workflow; a step alone has its own. */
  readonly resources?: Resources
}

/** Runs a step, plan and apply; throws what it throws, or the reason of the signal. */
export async function runStep<Id extends StepId>(
  step: Step<Id>,
  input: Inputs[Id],
  options: RunOptions,
): Promise<Success<Outputs[Id]>> {
  const warnings: string[] = []
  using limit = deadline(options.signal, options.timeout, step.id)
  await using own = new Resources()
  const context: Context = {
    signal: limit.signal,
    resources: options.resources ?? own,
    assumed: options.assumed ?? new Set(),
    preflighted: options.preflighted === true,
    listings: options.listings,
    check: options.check === true,
    redact: options.redact ?? ((text) => text),
    emit(event) {
      if (event.type === 'warning') {
        if (warnings.includes(event.message)) return
        warnings.push(event.message)
      }
      options.emit(event)
    },
  }
  try {
    limit.signal.throwIfAborted()
    const plan = await step.plan(input, context)
    const head = { ok: true, step: step.id, check: options.check === true, warnings } as const
    if (plan.apply === undefined) return { ...head, changed: false, diff: [], output: plan.output }
    const { changed, diff } = plan
    if (options.check === true) return { ...head, changed, diff, output: plan.expected as Outputs[Id] }
    limit.signal.throwIfAborted()
    return { ...head, changed, diff, output: await plan.apply() }
  } catch (thrown) {
    // What fails because of the abort fails in many ways; the reason of the abort is the error.
    const error = limit.signal.aborted && !isMoreTelling(thrown) ? limit.signal.reason : thrown
    throw Object.assign(toNciError(error), { warnings })
  }
}

/** How a step ended, in a word. Waiting changes nothing, and is no mere look either. */
export function statusOf({ step, changed, check }: Success<unknown>): StepStatus {
  if (changed) return check ? 'planned' : 'changed'
  return step === 'ssh.wait' && !check ? 'done' : 'unchanged'
}

/** The failure document of anything that was thrown. */
export function failure(step: string, thrown: unknown): Failure {
  const error = toNciError(thrown) as NciError & { warnings?: readonly string[] }
  return { ok: false, step, error: error.toDocument(), warnings: error.warnings ?? [] }
}

/** A step may turn the abort into an error that says more: how far it got, what was left behind, who answered. */
function isMoreTelling(thrown: unknown): boolean {
  const error = toNciError(thrown)
  if (error.exitCode === 5 || error.exitCode === 130) return true
  return isNciError(
    error,
    'SSH_WRONG_SYSTEM',
    'SSH_HOST_KEY_MISMATCH',
    'SSH_HOST_KEY_UNKNOWN',
    'SSH_JUMP_FAILED',
  )
}
