import type { ListrTask, ListrTaskWrapper } from 'listr2'
import { indented } from '../layout.ts'
import { printable } from './text.ts'

// biome-ignore lint/suspicious/noExplicitAny: the renderer's type parameters are of no interest here
export type Wrapper = ListrTaskWrapper<any, any, any>

/** A terminal to draw on: stderr, or what a test has instead. */
export type Terminal = NodeJS.WritableStream & { readonly columns?: number; readonly rows?: number }

/** What listr2 draws with. */
export interface Pen {
  readonly columns: number
  readonly rows: number
  /** The last time: what is drawn now stays. */
  readonly isLast: boolean
  readonly icons: Readonly<Record<'running' | 'item' | 'done' | 'failed', string>>
  dim(text: string): string
}

/**
 * Runs tasks under listr2, shown on a terminal; resolves when listr2 is loaded.
 *
 * @param draw makes the rows, instead of a row a task: some ten times a second, however much happens
 * @returns a promise of the end, which never rejects
 */
export async function startListr(
  tasks: readonly ListrTask[],
  terminal: Terminal,
  draw?: (pen: Pen) => readonly string[],
): Promise<{ readonly ended: Promise<unknown> }> {
  const { DefaultRenderer, Listr, ListrLogger, ProcessOutput, Spinner, color, figures } = await import(
    'listr2'
  )
  const spinner = new Spinner()
  const output = new ProcessOutput(terminal as NodeJS.WriteStream, terminal as NodeJS.WriteStream)
  // Where stdout is no terminal listr2 would show something else, on stdout; what is shown goes to stderr.
  class TerminalRenderer extends DefaultRenderer {
    static override nonTTY = true
  }
  class DrawingRenderer extends TerminalRenderer {
    #drawn: readonly string[] = []
    #columns = columnsOf(terminal)

    override update(): void {
      const columns = columnsOf(terminal)
      // A terminal that became narrower has broken the rows; listr2 takes back as many rows as it wrote.
      const more = this.#drawn.reduce((sum, row) => sum + Math.ceil((plainWidth(row) || 1) / columns) - 1, 0)
      if (columns < this.#columns && more > 0) output.toStdout(`\u001b[${more}A\u001b[J`, false)
      this.#columns = columns
      super.update()
    }

    override create(options?: { prompt?: boolean }): string {
      this.#drawn =
        draw?.({
          columns: columnsOf(terminal),
          rows: terminal.rows || 24,
          // listr2 asks without its prompt when it is done.
          isLast: options?.prompt === false,
          icons: {
            running: color.yellow?.(spinner.fetch()) ?? spinner.fetch(),
            item: color.yellow?.(figures.pointer) ?? figures.pointer,
            done: color.green?.(figures.tick) ?? figures.tick,
            failed: color.red?.(figures.cross) ?? figures.cross,
          },
          dim: (text) => color.dim?.(text) ?? text,
        }) ?? []
      return this.#drawn.join('\n')
    }
  }
  const listr = new Listr([...tasks], {
    concurrent: true,
    exitOnError: false,
    // The engine handles Ctrl-C; listr2's own handler would end the process.
    registerSignalListeners: false,
    renderer: draw === undefined ? TerminalRenderer : DrawingRenderer,
    rendererOptions: {
      spinner,
      logger: new ListrLogger({ processOutput: output }),
      formatOutput: 'truncate',
      collapseErrors: false,
      showErrorMessage: true,
    },
  })
  return { ended: listr.run().catch(() => undefined) }
}

/** A warning in lines of whole words, below the rows. */
export function writeWarning(terminal: Terminal, message: string): void {
  const lines = indented(`warning: ${printable(message)}`, columnsOf(terminal), '  ', '')
  terminal.write(`${lines.join('\n')}\n`)
}

function columnsOf(terminal: Terminal): number {
  return terminal.columns || 80
}

function plainWidth(row: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control sequences
  return row.replace(/\u001b\[[0-9;]*m/g, '').length
}
