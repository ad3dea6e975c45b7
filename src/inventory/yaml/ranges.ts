const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'

/**
 * The names that a host of an inventory stands for: `web[01:20]`, `db-[a:c]`, `rack[1:9:2]-[1:4]`. The port of `web1:2222`
 * is no part of the name.
 *
 * @throws {Error} where a range is none, with a message for people
 */
export function expandHost(host: string): { readonly names: readonly string[]; readonly port?: number } {
  const [, bracketed, plain, digits] = /^(?:\[(.+)\]|((?:[^:[\]]|\[[^\]]*\])*)):([0-9]+)$/.exec(host) ?? []
  const address = bracketed ?? plain
  // An IPv6 address has colons of its own.
  if (address === undefined || address === '') return { names: expandRanges(host) }
  return { names: expandRanges(address), port: Number(digits) }
}

function expandRanges(name: string): string[] {
  const [, head, range, tail] = /^([^[]*)\[([^\]]*)\](.*)$/s.exec(name) ?? []
  if (head === undefined || range === undefined || tail === undefined) {
    if (name.includes('[')) throw new Error(`the range of \`${name}\` has no end`)
    return [name]
  }
  const rest = expandRanges(tail)
  return valuesOf(range).flatMap((value) => rest.map((ending) => head + value + ending))
}

function valuesOf(range: string): string[] {
  const [first = '', end = '', stepText = '1', ...more] = range.split(':')
  const begin = first === '' ? '0' : first
  const step = Number(stepText)
  const wrong = new Error(`\`[${range}]\` is no range such as \`[1:20]\` or \`[a:f]\``)
  if (!range.includes(':') || end === '' || more.length > 0 || !Number.isInteger(step) || step < 1)
    throw wrong
  if (/^[a-z]$/i.test(begin) && /^[a-z]$/i.test(end)) {
    return every(letters.indexOf(begin), letters.indexOf(end), step).map((index) => letters.charAt(index))
  }
  if (!/^\d+$/.test(begin) || !/^\d+$/.test(end)) throw wrong
  const width = begin.length > 1 && begin.startsWith('0') ? begin.length : 0
  if (width > 0 && width !== end.length)
    throw new Error(`both ends of \`[${range}]\` need the same number of digits`)
  return every(Number(begin), Number(end), step).map((value) => String(value).padStart(width, '0'))
}

function every(first: number, last: number, step: number): number[] {
  if (last - first > 1_000_000) throw new Error('a range has more than a million values')
  return Array.from(
    { length: Math.max(0, Math.floor((last - first) / step) + 1) },
    (_, index) => first + index * step,
  )
}
