import type { ProgressEvent } from '../../core/events.ts'
import { BatchBoard } from './batch-board.ts'
import { batchRows } from './batch-rows.ts'
import { startListr, type Terminal } from './listr.ts'
import type { BatchSize, Renderer, StepTitle } from './renderer.ts'

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
  #ended: Promise<unknown> = Promise.resolve()

  /** @param isSummaryElsewhere nothing will be printed on this terminal that names failures and warnings */
  constructor(terminal: Terminal = process.stderr, isSummaryElsewhere = process.stdout.isTTY !== true) {
    this.#terminal = terminal
    this.#isSummaryElsewhere = isSummaryElsewhere
  }

  async begin(steps: readonly StepTitle[], batch: BatchSize): Promise<void> {
    const board = new BatchBoard(steps, batch)
    this.#board = board
    const title = `${batch.title ?? 'Provisioning'} ${batch.hosts} ${batch.hosts === 1 ? 'host' : 'hosts'}`
    const task = { title, task: () => this.#over.promise }
    const started = await startListr([task], this.#terminal, (pen) =>
      batchRows(board, title, pen, { now: performance.now(), keepsFailed: this.#isSummaryElsewhere }),
    )
    this.#ended = started.ended
  }

  event(event: ProgressEvent): void {
    if (event.type === 'warning') this.#warnings.add(event.message)
    else this.#board?.take(event)
  }

  async end(): Promise<void> {
    this.#over.resolve()
    await this.#ended
    if (!this.#isSummaryElsewhere) return
    for (const warning of this.#warnings) this.#terminal.write(`warning: ${warning}\n`)
  }
}
