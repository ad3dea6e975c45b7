import type { Renderer } from './renderer.ts'

export const progressKinds = ['auto', 'terminal', 'lines', 'ndjson', 'none'] as const
export type ProgressKind = (typeof progressKinds)[number]

/**
 * The renderer of a kind; `auto` is listr2 on a terminal and plain lines elsewhere.
 *
 * @param options `batch`: there are many hosts
 */
export async function chooseRenderer(kind: ProgressKind, { batch = false } = {}): Promise<Renderer> {
  // A serial console may not know its size: rows would be cut to nothing.
  const terminal = process.stderr.isTTY && process.stderr.columns > 0 && process.env.TERM !== 'dumb'
  switch (kind === 'auto' ? (terminal ? 'terminal' : 'lines') : kind) {
    case 'terminal':
      return batch
        ? new (await import('./batch-terminal.ts')).BatchTerminalRenderer()
        : new (await import('./terminal.ts')).TerminalRenderer()
    case 'ndjson':
      return new (await import('./ndjson.ts')).NdjsonRenderer()
    case 'none':
      return { begin: () => undefined, event: () => undefined, end: async () => undefined }
    default:
      return batch
        ? new (await import('./batch-lines.ts')).BatchLinesRenderer()
        : new (await import('./lines.ts')).LinesRenderer()
  }
}
