import type { Inputs, Outputs, StepId } from '../generated/types.ts'
import type { StepEvent } from './events.ts'
import type { Resources } from './resources.ts'

export type { Inputs, Outputs, StepId }

/** One difference between what is and what the input asks for, as `--check` and Ansible's `--diff` show it. */
export interface Change {
  /** What changes: a configuration key (`scsi0`), a volume, a file, a state. */
  readonly what: string
  /** The value now; absent when there is none. Never a secret. */
  readonly before?: unknown
  /** The value afterwards; absent when it is removed. Never a secret. */
  readonly after?: unknown
}

/** What a step would do, found by reading only. Without `apply` there is nothing left to do. */
export type Plan<Output> =
  | { readonly changed: false; readonly output: Output; readonly apply?: never }
  | {
      /** False for a step that only waits. */
      readonly changed: boolean
      readonly diff: readonly Change[]
      /** The output as far as it is known before anything is done: what check mode reports. */
      readonly expected: Partial<Output>
      apply(): Promise<Output>
    }

/** How old a listing may be. */
export interface ListingAge {
  /** Milliseconds. */
  readonly most: number
  /** It was begun after this moment, as `performance.now()` has it. */
  readonly after: number
}

/** What a step may use of the run it is part of. */
export interface Context {
  /** Aborted by Ctrl-C, SIGTERM and the deadline; its reason is the error to report. */
  readonly signal: AbortSignal
  /** Volume ids that are to be taken as present: a step ahead will put them there. */
  readonly assumed: ReadonlySet<string>
  /**
   * The input was compared with the cluster a moment ago, and the output is for the next step only: what Proxmox would
   * refuse by itself is not asked for first.
   */
  readonly preflighted?: boolean
  /** Check mode: there will be no `apply`, and nothing at all is asked of anybody but to be read. */
  readonly check?: boolean
  /** Listings of the whole cluster may be those that another host of the batch has read. Absent: they are read anew. */
  readonly listings?: ListingAge | undefined
  /** What lives as long as the run. */
  readonly resources: Resources
  emit(event: StepEvent): void
  /** A text without the input's secrets, for what is written to files. */
  redact(text: string): string
}

/**
 * One step of the way from nothing to NixOS. `plan` only reads; `apply` does what the plan says. Outside of check mode
 * a plan may also have others read for it, which can leave a trace: the entry of a task. A step knows nothing of the
 * command line, of progress display or of Ansible.
 */
export interface Step<Id extends StepId> {
  readonly id: Id
  plan(input: Inputs[Id], context: Context): Promise<Plan<Outputs[Id]>>
}

/** A step, declared: keeps the id's literal type. */
export function step<Id extends StepId>(id: Id, plan: Step<Id>['plan']): Step<Id> {
  return { id, plan }
}
