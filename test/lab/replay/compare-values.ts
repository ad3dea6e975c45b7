import { normalizeText } from './normalize.ts'

/** How strictly values are compared. */
export interface Rules {
  /**
   * Names of values that are measured, not determined: only their types are compared. A name with a dot, `cpuinfo.model`,
   * is the end of a path, and stands for all that is there.
   */
  readonly measured: ReadonlySet<string>
  /** Lists tell of what happened before: each of our rows must look like one of theirs, their number does not count. */
  readonly shapeOnly: boolean
  /** The configuration afterwards was recorded for all options whose name fits: there must be no others. */
  readonly wholeConfig?: RegExp | undefined
}

/** Measured on the host, or made anew each time. */
export const measuredEverywhere: readonly string[] = [
  'cpu',
  'mem',
  'memhost',
  'disk',
  'diskread',
  'diskwrite',
  'netin',
  'netout',
  'uptime',
  'pid',
  'pstart',
  'starttime',
  'endtime',
  'ctime',
  'digest',
  'vmgenid',
  'used',
  'used_fraction',
  'avail',
  'free',
  'total',
  'loadavg',
  'idle',
  'wait',
  'ticket',
  'CSRFPreventionToken',
  'ssl_fingerprint',
  'pve_fingerprint',
  'pem',
]

/** Compares two values as JSON has them. */
export function compareValues(recorded: unknown, observed: unknown, path: string, rules: Rules): string[] {
  if (kindOf(recorded) !== kindOf(observed)) return [`${path}: ${shown(recorded)} | lab: ${shown(observed)}`]
  const [name = '', parent] = path.split('.').reverse()
  if (rules.measured.has(`${parent}.${name}`)) return []
  if (Array.isArray(recorded)) return compareLists(recorded, observed as unknown[], path, rules)
  if (isObject(recorded)) return compareObjects(recorded, observed as Record<string, unknown>, path, rules)
  if (isMeasured(name, path, recorded, rules) || rules.shapeOnly) return []
  if (listsInAnyOrder.has(name) && /^[a-z]+(?:,[a-z]+)+$/.test(String(recorded)))
    return compareSets(String(recorded), String(observed), path)
  const same =
    typeof recorded === 'string' && typeof observed === 'string'
      ? normalizeText(recorded) === normalizeText(abbreviatedLike(recorded, observed))
      : recorded === observed
  return same ? [] : [`${path}: ${shown(recorded)} | lab: ${shown(observed)}`]
}

/** The texts of errors, how many rows there are in all, and a model of CPUs are determined, whatever they are called. */
function isMeasured(name: string, path: string, recorded: unknown, { measured }: Rules): boolean {
  if (path.startsWith('body.errors.') || path === 'body.total') return false
  if (name === 'cpu' && typeof recorded !== 'number') return false
  return measured.has(name)
}

/** These come in the order of a Perl hash. */
const listsInAnyOrder = new Set(['content'])

function compareSets(recorded: string, observed: string, path: string): string[] {
  const [theirs, ours] = [recorded, observed].map((text) => text.split(',').sort().join())
  return theirs === ours ? [] : [`${path}: ${recorded} | lab: ${observed}`]
}

function compareObjects(
  recorded: Record<string, unknown>,
  observed: Record<string, unknown>,
  path: string,
  rules: Rules,
): string[] {
  const differences: string[] = []
  for (const [key, value] of Object.entries(recorded)) {
    // `{key: 'digest', value: …}`: a row of a list of options.
    const name = key === 'value' && typeof recorded.key === 'string' ? recorded.key : key
    if (key in observed) differences.push(...compareValues(value, observed[key], `${path}.${name}`, rules))
    else differences.push(`${path}.${key}: ${shown(value)} | lab: (absent)`)
  }
  for (const [key, value] of Object.entries(observed)) {
    if (!(key in recorded)) differences.push(`${path}.${key}: (absent) | lab: ${shown(value)}`)
  }
  return differences
}

function compareLists(
  recorded: readonly unknown[],
  observed: readonly unknown[],
  path: string,
  rules: Rules,
): string[] {
  if (rules.shapeOnly) return compareShapes(recorded, observed, path, rules)
  const keys = ['volid', 'vmid', 'id', 'upid', 'userid', 'roleid', 'tokenid', 'key', 'storage', 'name']
  const key = keys.find((candidate) => identifies(candidate, recorded) && identifies(candidate, observed))
  if (key !== undefined) return compareRows(recorded as Row[], observed as Row[], key, path, rules)
  if (recorded.length !== observed.length)
    return [`${path}: ${recorded.length} rows ${shown(recorded)} | lab: ${shown(observed)}`]
  return recorded.flatMap((value, index) => compareValues(value, observed[index], `${path}[${index}]`, rules))
}

type Row = Record<string, unknown>

function identifies(key: string, rows: readonly unknown[]): boolean {
  const values = rows.map((row) => (isObject(row) ? row[key] : undefined))
  return (
    rows.length > 0 &&
    values.every((value) => value !== undefined) &&
    new Set(values.map((value) => normalizeText(String(value)))).size === rows.length
  )
}

/** Proxmox lists come in the order of a Perl hash: rows are found by what names them. */
function compareRows(
  recorded: readonly Row[],
  observed: readonly Row[],
  key: string,
  path: string,
  rules: Rules,
): string[] {
  const nameOf = (row: Row) => normalizeText(String(row[key]))
  const ours = new Map(observed.map((row) => [nameOf(row), row]))
  const differences: string[] = []
  for (const row of recorded) {
    const other = ours.get(nameOf(row))
    ours.delete(nameOf(row))
    const where = `${path}[${nameOf(row)}]`
    if (other === undefined) differences.push(`${where}: ${shown(row)} | lab: (absent)`)
    else differences.push(...compareObjects(row, other, where, rules))
  }
  for (const [name, row] of ours) differences.push(`${path}[${name}]: (absent) | lab: ${shown(row)}`)
  return differences
}

/** Each of our rows has to look like one of theirs. */
function compareShapes(
  recorded: readonly unknown[],
  observed: readonly unknown[],
  path: string,
  rules: Rules,
): string[] {
  if (recorded.length > 0 && observed.length === 0)
    return [`${path}: ${shown(recorded[0])} | lab: no rows at all`]
  return observed.flatMap((row, index) => {
    const tries = recorded.map((other) => compareValues(other, row, `${path}[${index}]`, rules))
    if (recorded.length === 0) return [`${path}: no rows at all | lab: ${shown(row)}`]
    return tries.sort((a, b) => a.length - b.length)[0] ?? []
  })
}

/** Long texts were recorded as `…<16777216 characters in all>`. */
function abbreviatedLike(recorded: string, observed: string): string {
  const [, begin, count] = /^(.*)\.\.\.<(\d+) characters in all>$/s.exec(recorded) ?? []
  if (begin === undefined || observed.length !== Number(count)) return observed
  return `${observed.slice(0, begin.length)}...<${observed.length} characters in all>`
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'list' : typeof value
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function shown(value: unknown): string {
  const text = value === undefined ? '(absent)' : JSON.stringify(value)
  return text.length > 300 ? `${text.slice(0, 300)}…` : text
}
