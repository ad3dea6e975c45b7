import type { ProgressEvent } from '../../core/events.ts'
import { formatSeconds } from '../../core/format.ts'
import type { Renderer } from './renderer.ts'
import { percentOf, progressText } from './text.ts'

/** Plain lines for logs: phases, every tenth of a long transfer, warnings. No cursor movements, no colours. */
export class LinesRenderer implements Renderer {
  readonly #began = new Map<string, number>()
  readonly #tenths = new Map<string, number>()

  begin(): void {}

  event(event: ProgressEvent): void {
    const label = labelOf(event)
    const text = this.#text(event, label)
    if (text !== undefined) process.stderr.write(`${label}: ${text}\n`)
  }

  /** An event that is not shown may end what is remembered for it. */
  forget(event: ProgressEvent): void {
    this.#began.delete(labelOf(event))
    this.#tenths.delete(labelOf(event))
  }

  async end(): Promise<void> {}

  #text(event: ProgressEvent, label: string): string | undefined {
    switch (event.type) {
      case 'start':
        this.#began.set(label, performance.now())
        return undefined
      case 'phase':
        this.#tenths.delete(label)
        return event.phase
      case 'progress': {
        const tenth = Math.floor((percentOf(event) ?? 0) / 10)
        if (tenth <= (this.#tenths.get(label) ?? 0)) return undefined
        this.#tenths.set(label, tenth)
        return progressText(event)
      }
      case 'warning':
        return `warning: ${event.message}`
      case 'log':
        return undefined
      case 'end': {
        const now = performance.now()
        const seconds = (now - (this.#began.get(label) ?? now)) / 1000
        this.#began.delete(label)
        this.#tenths.delete(label)
        return `${event.status}${event.error === undefined ? '' : ` (${event.error})`} after ${formatSeconds(seconds)}`
      }
    }
  }
}

/** `web1 vm.create`, `iso.upload (local on pve1)` */
function labelOf({ step, host, shared }: ProgressEvent): string {
  if (shared !== undefined) return `${step} (${shared})`
  return host === undefined ? step : `${host} ${step}`
}
