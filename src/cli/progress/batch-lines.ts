import { messageOfAnyHost } from '../../core/any-host.ts'
import type { ProgressEvent } from '../../core/events.ts'
import { formatDuration } from '../../core/format.ts'
import { BatchBoard, type HostEnd } from './batch-board.ts'
import { LinesRenderer } from './lines.ts'
import type { BatchSize, Renderer, StepTitle } from './renderer.ts'

/**
 * A batch in a log: the phases and ends of each host's steps, a line with counts for each host that is done, warnings
 * once. How far a transfer is stands there only for work that hosts share, and steps with nothing to do are left out.
 */
export class BatchLinesRenderer implements Renderer {
  readonly #lines = new LinesRenderer()
  readonly #warnings = new Set<string>()
  #board = new BatchBoard([], { hosts: 0 })

  begin(steps: readonly StepTitle[], batch: BatchSize): void {
    this.#board = new BatchBoard(steps, batch)
  }

  event(event: ProgressEvent): void {
    const ended = this.#board.take(event)
    // A host that was not begun has nothing to tell.
    if (ended?.status === 'skipped') return
    if (ended !== undefined) this.#hostEnded(event.host ?? '', ended)
    else if (this.#isTelling(event)) this.#lines.event(event)
    else if (event.type === 'end') this.#lines.forget(event)
  }

  async end(): Promise<void> {}

  #hostEnded(host: string, { status, error, seconds }: HostEnd): void {
    const code = error === undefined ? '' : `, ${error}`
    const how = `${status} ${status === 'changed' ? 'in' : 'after'} ${formatDuration(seconds)}${code}`
    process.stderr.write(`${host}: ${how} (${this.#board.counts})\n`)
  }

  #isTelling(event: ProgressEvent): boolean {
    if (event.host === undefined) return true
    if (event.step === 'provision' && event.type === 'start') return false
    switch (event.type) {
      case 'progress':
        return false
      case 'end':
        return event.status !== 'unchanged' && event.status !== 'skipped'
      case 'warning': {
        const message = messageOfAnyHost(event.message, event.host)
        if (this.#warnings.has(message)) return false
        this.#warnings.add(message)
        return true
      }
      default:
        return true
    }
  }
}
