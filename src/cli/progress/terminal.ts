import type { ProgressEvent } from '../../core/events.ts'
import { formatSeconds } from '../../core/format.ts'
import { startListr, type Wrapper, writeWarning } from './listr.ts'
import type { Renderer } from './renderer.ts'
import { progressText } from './text.ts'

interface Row {
  readonly title: string
  readonly started: PromiseWithResolvers<void>
  readonly ended: PromiseWithResolvers<void>
  wrapper?: Wrapper
  end?: { readonly title: string; readonly isSkipped: boolean }
  began: number
  phase: string
  detail: string
}

/** listr2 on a terminal: a row a step, with its phase and how far it is. */
export class TerminalRenderer implements Renderer {
  readonly #rows = new Map<string, Row>()
  readonly #warnings: string[] = []
  #failed = false
  #ended: Promise<unknown> = Promise.resolve()

  get leavesRows(): boolean {
    return this.#rows.size > 0 && process.stderr.isTTY
  }

  /** Whether any step has begun: a run that was refused before has done nothing. */
  #began(): boolean {
    return [...this.#rows.values()].some(({ began }) => began !== 0)
  }

  async begin(steps: readonly { readonly step: string; readonly title: string }[]): Promise<void> {
    for (const { step, title } of steps) {
      const [started, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      // A step that failed is shown by listr2, not by the runtime.
      ended.promise.catch(() => undefined)
      this.#rows.set(step, { title, started, ended, began: 0, phase: '', detail: '' })
    }
    const tasks = [...this.#rows.values()].map((row) => {
      let asked = 0
      return {
        title: row.title,
        // listr2 asks twice: for all tasks at the beginning, and before it runs one. The second answer is held back
        // until the step starts, so that a row has a spinner only while its step runs.
        enabled: () => (asked++ === 0 ? true : row.started.promise.then(() => true)),
        task: (_: unknown, wrapper: Wrapper) => {
          if (row.began === 0) {
            wrapper.skip(`${row.title} (${this.#failed || !this.#began() ? 'not reached' : 'not needed'})`)
            return undefined
          }
          row.wrapper = wrapper
          // A step with nothing to do ends before listr2 has come to it.
          if (row.end === undefined) this.#show(row)
          else showEnd(wrapper, row.end)
          return row.ended.promise
        },
      }
    })
    this.#ended = (await startListr(tasks, process.stderr)).ended
  }

  event(event: ProgressEvent): void {
    const row = this.#rows.get(event.step)
    if (row === undefined) return
    switch (event.type) {
      case 'start':
        row.began = performance.now()
        row.started.resolve()
        break
      case 'phase':
        row.phase = event.phase
        row.detail = ''
        break
      case 'progress':
        row.detail = progressText(event)
        break
      case 'log':
        if (row.wrapper !== undefined) row.wrapper.output = event.line
        return
      case 'warning':
        this.#warnings.push(event.message)
        return
      case 'end':
        this.#endRow(row, event.status, event.error)
        return
    }
    this.#show(row)
  }

  async end(): Promise<void> {
    for (const row of this.#rows.values()) {
      row.started.resolve()
      row.ended.resolve()
    }
    await this.#ended
    for (const warning of this.#warnings) writeWarning(process.stderr, warning)
  }

  #show(row: Row): void {
    if (row.wrapper === undefined) return
    const text = [row.phase, row.detail].filter((part) => part !== '').join(': ')
    row.wrapper.title = text === '' ? row.title : `${row.title} — ${text}`
  }

  #endRow(row: Row, status: string, error: string | undefined): void {
    const seconds = formatSeconds((performance.now() - row.began) / 1000)
    const title = `${row.title} (${status === 'done' ? '' : `${status}, `}${seconds})`
    row.end = { title, isSkipped: status === 'skipped' }
    if (row.wrapper !== undefined) showEnd(row.wrapper, row.end)
    this.#failed ||= status === 'failed'
    if (status === 'failed') row.ended.reject(new Error(error ?? 'failed'))
    else row.ended.resolve()
  }
}

function showEnd(wrapper: Wrapper, { title, isSkipped }: NonNullable<Row['end']>): void {
  wrapper.output = ''
  wrapper.title = title
  if (isSkipped) wrapper.skip(title)
}
