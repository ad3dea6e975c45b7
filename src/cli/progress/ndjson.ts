import type { ProgressEvent } from '../../core/events.ts'
import type { Renderer } from './renderer.ts'

/** One JSON document a line, as `schemas/event.json` describes it. */
export class NdjsonRenderer implements Renderer {
  begin(): void {}

  event(event: ProgressEvent): void {
    process.stderr.write(`${JSON.stringify(event)}\n`)
  }

  async end(): Promise<void> {}
}
