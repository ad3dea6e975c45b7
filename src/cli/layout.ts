import { styleText } from 'node:util'
import { printable } from './progress/text.ts'

export type Style = Parameters<typeof styleText>[0]

/** Columns of the terminal that stdout is. */
export function terminalWidth(): number {
  return process.stdout.columns || 80
}

/** Coloured where stdout is a terminal that wants colours. */
export function styled(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout })
}

/** Lines of whole words; a word that is longer than a line keeps its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1)
    if (line !== undefined && line.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word)
  }
  return lines
}

/** The same under a margin; the first line may have another one of the same length. */
export function indented(text: string, width: number, margin: string, first = margin): string[] {
  return wrap(text, width - margin.length).map((line, index) => `${index === 0 ? first : margin}${line}`)
}

/** Cells in columns, two blanks between them; of columns in `right` the ends stand below each other. */
export function columns(
  rows: readonly (readonly string[])[],
  right: ReadonlySet<number> = new Set(),
): string[] {
  const count = Math.max(...rows.map((row) => row.length), 0)
  const widths = Array.from({ length: count }, (_, index) => columnWidth(rows, index))
  return rows.map((row) =>
    row
      .map((cell, index) =>
        right.has(index) ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  )
}

export function columnWidth(rows: readonly (readonly string[])[], index: number): number {
  return Math.max(...rows.map((row) => row[index]?.length ?? 0), 0)
}

/** `web1, web2, web3 and 5 more` */
export function namesOf(all: readonly string[], most = 8): string {
  const names = all.slice(0, most).map(printable)
  return `${names.join(', ')}${all.length > most ? ` and ${all.length - most} more` : ''}`
}
