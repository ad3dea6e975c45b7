import type { ProgressEvent } from '../../core/events.ts'
import { BatchBoard } from './batch-board.ts'
import { batchRows } from './batch-rows.ts'
import { type Pen, startListr, type Terminal, writeWarning } from './listr.ts'
import type { BatchSize, Renderer, StepTitle } from './renderer.ts'
import { cut, printable } from './text.ts'

/**
 * A batch on a terminal, under listr2: never more rows than the terminal has. Events only change the board; it is drawn
 * when listr2's spinner turns.
 */
export class BatchTerminalRenderer implements Renderer {
  readonly #terminal: Terminal
  readonly #isSummaryElsewhere: boolean
  readonly #warnings = new Set<string>()
  readonly #over = Promise.withResolvers<void>()
  #board: BatchBoard | undefined
  #title = 'Getting ready'
  /** What is done before the hosts are known. */
  #phase = ''
  #started: Promise<{ readonly ended: Promise<unknown> }> | undefined

  /** @param isSummaryElsewhere nothing will be printed on this terminal that names failures and warnings */
  constructor(terminal: Terminal = process.stderr, isSummaryElsewhere = process.stdout.isTTY !== true) {
    this.#terminal = terminal
    this.#isSummaryElsewhere = isSummaryElsewhere
  }

  async begin(steps: readonly StepTitle[], batch: BatchSize): Promise<void> {
    this.#board = new BatchBoard(steps, batch)
    this.#title = `${batch.title ?? 'Provisioning'} ${batch.hosts} ${batch.hosts === 1 ? 'host' : 'hosts'}`
    await this.#start()
  }

  event(event: ProgressEvent): void {
    if (event.type === 'warning') this.#warnings.add(event.message)
    else if (this.#board !== undefined) this.#board.take(event)
    else if (event.type === 'phase') {
      this.#phase = event.phase
      this.#start().catch(() => undefined)
    }
  }

  async end(): Promise<void> {
    this.#over.resolve()
    await (await this.#started)?.ended
    if (!this.#isSummaryElsewhere) return
    for (const warning of this.#warnings) writeWarning(this.#terminal, warning)
  }

  #start(): Promise<unknown> {
    const task = { title: this.#title, task: () => this.#over.promise }
    this.#started ??= startListr([task], this.#terminal, (pen) => this.#rows(pen))
    return this.#started
  }

  #rows(pen: Pen): readonly string[] {
    if (this.#board !== undefined) {
      const moment = { now: performance.now(), keepsFailed: this.#isSummaryElsewhere }
      return batchRows(this.#board, this.#title, pen, moment)
    }
    if (pen.isLast) return []
    return [this.#title, `${pen.icons.running} ${cut(printable(this.#phase), pen.columns - 3)}`]
  }
}
