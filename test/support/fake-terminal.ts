import { EventEmitter } from 'node:events'

/**
 * A terminal in memory, as far as log-update writes to one: text, line breaks, the cursor up, down and to the left,
 * erasing of lines and of what is below. It remembers the most rows that were taken.
 */
export class FakeTerminal extends EventEmitter {
  readonly isTTY = true
  columns: number
  rows: number
  /** Bytes and calls, for what drawing costs. */
  written = 0
  writes = 0
  mostRows = 0
  #lines: string[] = ['']
  #line = 0
  #column = 0

  constructor(columns: number, rows: number) {
    super()
    this.columns = columns
    this.rows = rows
  }

  /** What is on it, without blank lines at the end. */
  get screen(): string {
    return this.#lines.join('\n').trimEnd()
  }

  get widest(): number {
    return Math.max(...this.#lines.map((line) => line.length))
  }

  write = (text: string): boolean => {
    this.writes++
    this.written += text.length
    // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals are controlled by them
    for (const [part] of String(text).matchAll(/\u001b\[[?0-9;]*[A-Za-z]|\n|[^\u001b\n]+/g)) this.#take(part)
    this.mostRows = Math.max(this.mostRows, this.screen.split('\n').length)
    return true
  }

  #take(part: string): void {
    const count = Number(/\d+/.exec(part)?.[0] ?? 1)
    if (part === '\n') {
      this.#line++
      this.#column = 0
      this.#lines[this.#line] ??= ''
    } else if (!part.startsWith('\u001b')) {
      const line = this.#lines[this.#line] ?? ''
      this.#lines[this.#line] =
        line.slice(0, this.#column).padEnd(this.#column) + part + line.slice(this.#column + part.length)
      this.#column += part.length
    } else if (part.endsWith('A')) this.#line = Math.max(0, this.#line - count)
    else if (part.endsWith('B')) this.#line += count
    else if (part.endsWith('G')) this.#column = part === '\u001b[G' ? 0 : count - 1
    else if (part === '\u001b[2K') this.#lines[this.#line] = ''
    else if (part === '\u001b[K')
      this.#lines[this.#line] = (this.#lines[this.#line] ?? '').slice(0, this.#column)
    else if (part === '\u001b[J') this.#lines.length = this.#line + 1
  }
}
