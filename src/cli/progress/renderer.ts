import type { ProgressEvent } from '../../core/events.ts'

/** A step to come, and what it is called for people. */
export interface StepTitle {
  readonly step: string
  readonly title: string
}

/** A batch to come. */
export interface BatchSize {
  readonly hosts: number
  /** What is done to them: `Provisioning` where nothing else is said. */
  readonly title?: string
}

/** A way to show progress, on stderr. */
export interface Renderer {
  /** Its rows stay on the terminal at the end: what is printed there afterwards need not say the same again. */
  readonly leavesRows?: boolean
  /** The steps to come, in order; of each host, where it is a batch. */
  begin(steps: readonly StepTitle[], batch?: BatchSize): void | Promise<void>
  event(event: ProgressEvent): void
  /** Nothing is shown any more afterwards. */
  end(): Promise<void>
}
