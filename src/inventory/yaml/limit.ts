import { NciError, reasonOf } from '../../core/errors.ts'
import { limitPatterns } from '../limit.ts'
import type { Graph, Host } from './graph.ts'

/**
 * The hosts that a pattern selects, as Ansible understands `--limit`: `web:!web3`, `web,&amd64`, `db*`, `~web\d+`,
 * `web[0:2]`, `@retry.txt`.
 *
 * @throws {NciError} `LIMIT_INVALID`
 */
export function selectHosts(graph: Graph, limit: string, warn: (message: string) => void): Set<Host> {
  const invalid = (reason: string): NciError => new NciError('LIMIT_INVALID', { limit, reason })
  const patterns = limitPatterns(limit)
  const without = (sign: string): string[] =>
    patterns.filter((pattern) => pattern.startsWith(sign)).map((pattern) => pattern.slice(1))
  const plain = patterns.filter((pattern) => !/^[!&]/.test(pattern))
  const select = (pattern: string): Set<Host> => {
    const host = graph.hosts.get(pattern)
    return host === undefined ? matches(graph, pattern, { invalid, warn }) : new Set([host])
  }
  let hosts = new Set((plain.length > 0 ? plain : ['all']).flatMap((pattern) => [...select(pattern)]))
  for (const pattern of without('&')) hosts = hosts.intersection(matches(graph, pattern, { invalid, warn }))
  for (const pattern of without('!')) hosts = hosts.difference(matches(graph, pattern, { invalid, warn }))
  return hosts
}

interface Reports {
  invalid(reason: string): NciError
  warn(message: string): void
}

/** The hosts of the groups that a pattern matches, and the hosts that it matches; of these perhaps only some. */
function matches(graph: Graph, pattern: string, reports: Reports): Set<Host> {
  const [, expression = pattern, ...subscript] = pattern.startsWith('~')
    ? []
    : (/^(.+)\[(?:(-?[0-9]+)|([0-9]+)[:-]([0-9]*))\]$/.exec(pattern) ?? [])
  const { groups, hosts } = graph
  const fits = testOf(expression, reports)
  const fitting = [...groups.values()].filter(({ name }) => fits(name))
  const found = fitting.flatMap((group) => group.members())
  if (fitting.length === 0 || /^~|[.?*[]/.test(expression)) {
    found.push(...[...hosts.values()].filter(({ name }) => fits(name)))
  }
  if (found.length === 0 && fitting.length === 0) {
    reports.warn(`The limit \`${expression}\` matches no host and no group.`)
  }
  const [index, first, last] = subscript
  if (found.length === 0 || (index === undefined && first === undefined)) return new Set(found)
  // To Ansible, an end of 0 is none.
  if (index === undefined && Number(last || 1) !== 0) return new Set(found.slice(Number(first), endOf(last)))
  const host = found.at(Number(index ?? first))
  if (host === undefined) throw reports.invalid(`\`${expression}\` has no host number ${index ?? first}`)
  return new Set([host])
}

/** The end is a part of the range. */
function endOf(last: string | undefined): number | undefined {
  return last === undefined || last === '' ? undefined : Number(last) + 1
}

/** Whether a name fits: a pattern as shells have it, or a regular expression that fits its beginning. */
function testOf(pattern: string, { invalid }: Reports): (name: string) => boolean {
  try {
    if (!pattern.startsWith('~')) {
      const expression = new RegExp(`^(?:${regularExpressionOf(pattern)})$`, 's')
      return (name) => expression.test(name)
    }
    const [, flags = '', source = ''] = /^(?:\(\?([ims]+)\))?(.*)$/s.exec(pattern.slice(1)) ?? []
    const expression = new RegExp(`^(?:${source})`, flags)
    return (name) => expression.test(name)
  } catch (error) {
    throw invalid(reasonOf(error))
  }
}

/** `*`, `?`, `[abc]` and `[!abc]`. */
function regularExpressionOf(pattern: string): string {
  return pattern.replace(/\*|\?|\[(!?)(\]?[^\]]*)\]|[\s\S]/g, (part, not?: string, set?: string) => {
    if (part === '*') return '.*'
    if (part === '?') return '.'
    if (set === undefined || set === '') return RegExp.escape(part)
    return `[${not === '!' ? '^' : ''}${set.replace(/[\\\]^[]/g, '\\$&')}]`
  })
}
