import type { StepEvent } from '../../src/core/events.ts'
import { Resources } from '../../src/core/resources.ts'
import type { Context } from '../../src/core/step.ts'

/** A context that keeps what is emitted. */
export function recordingContext(
  signal: AbortSignal = new AbortController().signal,
): Context & { readonly events: StepEvent[] } {
  const events: StepEvent[] = []
  return {
    events,
    signal,
    assumed: new Set(),
    resources: new Resources(),
    redact: (text) => text,
    emit: (event) => void events.push(event),
  }
}
