/** Small helpers for the guest's commands: options, quoting, tables, sizes, failures. */

/** Words as one shell command line. */
export function quote(words: readonly string[]): string {
  return words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')
}

export function failure(message: string, exitCode = 1): { stderr: string; exitCode: number } {
  return { stderr: `${message}\n`, exitCode }
}

export interface Parsed {
  /** Short options as letters, long options by name, with the value of those that take one. */
  readonly options: ReadonlyMap<string, string>
  readonly operands: readonly string[]
}

/** getopt, roughly: `takesValue` lists the options (letters or names) that have a value. */
export function parseWords(args: readonly string[], takesValue: readonly string[] = []): Parsed {
  const options = new Map<string, string>()
  const operands: string[] = []
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? ''
    if (arg === '--') return { options, operands: [...operands, ...args.slice(index + 1)] }
    if (arg.startsWith('--')) {
      const [name = '', value] = arg.slice(2).split(/=(.*)/s)
      options.set(name, value ?? (takesValue.includes(name) ? (args[++index] ?? '') : ''))
    } else if (arg.startsWith('-') && arg !== '-') {
      for (let at = 1; at < arg.length; at++) {
        const letter = arg[at] ?? ''
        if (!takesValue.includes(letter)) {
          options.set(letter, '')
          continue
        }
        options.set(letter, at + 1 < arg.length ? arg.slice(at + 1) : (args[++index] ?? ''))
        break
      }
    } else operands.push(arg)
  }
  return { options, operands }
}

/** Columns padded as util-linux does. */
export function table(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) => {
      const cells = row.map((cell, column) => {
        const width = widths[column] ?? 0
        if (right.includes(column)) return cell.padStart(width)
        return column === row.length - 1 ? cell : cell.padEnd(width)
      })
      return `${cells.join(' ').trimEnd()}\n`
    })
    .join('')
}

/** `4G`, `512M`, `1.5G` */
export function humanSize(bytes: number): string {
  const units = ['B', 'K', 'M', 'G', 'T', 'P']
  let unit = 0
  let size = bytes
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024
    unit++
  }
  return `${Number.isInteger(size) ? size : size.toFixed(1).replace(/\.0$/, '')}${units[unit]}`
}
