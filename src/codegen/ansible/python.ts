/** A value as a Python literal, indented as Python code is. */
export function python(value: unknown, indent = 0): string {
  const pad = '    '.repeat(indent + 1)
  const end = '    '.repeat(indent)
  if (value === null || value === undefined) return 'None'
  if (value instanceof Expression) return value.text
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return quoted(value)
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item !== 'object' || item === null)) {
      const line = `[${value.map((item) => python(item)).join(', ')}]`
      if (line.length < 80) return line
    }
    return `[\n${value.map((item) => `${pad}${python(item, indent + 1)},\n`).join('')}${end}]`
  }
  const entries = Object.entries(value as object).filter(([, item]) => item !== undefined)
  if (entries.length === 0) return '{}'
  const lines = entries.map(([key, item]) => `${pad}${quoted(key)}: ${python(item, indent + 1)},\n`)
  return `{\n${lines.join('')}${end}}`
}

/** Python code among values: `(env_fallback, ["PROXMOX_HOST"])`. */
export class Expression {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

function quoted(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, (character) => character)
}
