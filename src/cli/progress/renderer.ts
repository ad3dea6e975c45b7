import type { ProgressEvent } from '../../core/events.ts'

/** A way to show progress, on stderr. */
export interface Renderer {
  /** The steps to come, in order, with what they are called for people. */
  begin(steps: readonly { readonly step: string; readonly title: string }[]): void | Promise<void>
  event(event: ProgressEvent): void
  /** Nothing is shown any more afterwards. */
  end(): Promise<void>
}

export const progressKinds = ['auto', 'terminal', 'lines', 'ndjson', 'none'] as const
export type ProgressKind = (typeof progressKinds)[number]

/** The renderer of a kind; `auto` is listr2 on a terminal and plain lines elsewhere. */
export async function chooseRenderer(kind: ProgressKind): Promise<Renderer> {
  // A serial console may not know its size: rows would be cut to nothing.
  const terminal = process.stderr.isTTY && process.stderr.columns > 0 && process.env.TERM !== 'dumb'
  switch (kind === 'auto' ? (terminal ? 'terminal' : 'lines') : kind) {
    case 'terminal':
      return new (await import('./terminal.ts')).TerminalRenderer()
    case 'ndjson':
      return new (await import('./ndjson.ts')).NdjsonRenderer()
    case 'none':
      return { begin: () => undefined, event: () => undefined, end: async () => undefined }
    default:
      return new (await import('./lines.ts')).LinesRenderer()
  }
}
