/** What a running step says; `schemas/event.json` is the same for readers of `--progress ndjson`. */
export type StepEvent =
  /** A part of the step begins: `waiting for SSH`. */
  | { readonly type: 'phase'; readonly phase: string }
  /** How far the phase is. `total` is absent while it is unknown. */
  | {
      readonly type: 'progress'
      readonly done: number
      readonly total?: number
      readonly unit: 'bytes' | 'items' | 'percent'
      /** Units a second, where a rate means something. */
      readonly rate?: number
      readonly secondsLeft?: number
    }
  /** A line of a program that the step runs, or of a Proxmox task. */
  | { readonly type: 'log'; readonly line: string }
  /** Something the user should know, also repeated in the result. */
  | { readonly type: 'warning'; readonly message: string }

/** Turns a stream of byte counts into progress events, at most some ten a second. */
export function byteProgress(
  emit: (event: StepEvent) => void,
  total: number | undefined,
  alreadyDone = 0,
): (done: number) => void {
  const began = performance.now()
  let last = Number.NEGATIVE_INFINITY
  return (done) => {
    const now = performance.now()
    if (now - last < 100 && done !== total) return
    last = now
    const seconds = (now - began) / 1000
    const rate = seconds > 0.2 ? (done - alreadyDone) / seconds : 0
    emit({
      type: 'progress',
      done,
      unit: 'bytes',
      ...(total === undefined ? {} : { total }),
      ...(rate > 0 ? { rate: Math.round(rate) } : {}),
      ...(rate > 0 && total !== undefined ? { secondsLeft: Math.round((total - done) / rate) } : {}),
    })
  }
}

/**
 * An event with the step it belongs to, as workflows and renderers see it. In a batch it is that of a host, or of work
 * that hosts share: `shared` says what for. A host as a whole is the step `provision`.
 */
export type ProgressEvent = { readonly step: string; readonly host?: string; readonly shared?: string } & (
  | StepEvent
  | { readonly type: 'start' }
  | { readonly type: 'end'; readonly status: StepStatus; readonly error?: string }
)

/** How a step of a workflow ended. */
export type StepStatus = 'changed' | 'done' | 'unchanged' | 'planned' | 'skipped' | 'failed'
