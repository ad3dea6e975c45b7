import type { ProgressEvent } from '../../core/events.ts'

/** A way to show progress, on stderr. */
export interface Renderer {
  /** The steps to come, in order, with what they are called for people. */
  begin(steps: readonly { readonly step: string; readonly title: string }[]): void | Promise<void>
  event(event: ProgressEvent): void
  /** Nothing is shown any more afterwards. */
  end(): Promise<void>
}
