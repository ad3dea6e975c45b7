import { messageOfAnyHost } from '../core/any-host.ts'
import { counted } from '../core/format.ts'
import { hintForPeople } from './hint-for-people.ts'
import { indented, namesOf, styled } from './layout.ts'
import { printable } from './progress/text.ts'

/** A host of a report, as far as its problems go. */
export interface Host {
  readonly name: string
  readonly vmid?: number
  readonly warnings?: readonly string[]
  /** `code`, `message`, `hint`. */
  readonly error?: Readonly<Record<string, unknown>>
}

interface Problem {
  readonly host: Host
  readonly code: string
  readonly message: string
  readonly hint: string
}

/** Of so many different errors, or warnings, each is shown, and of so many wordings of one. */
const most = 15
const mostWordings = 30

/**
 * The errors of hosts, each once with its hint and the hosts that have it; those of the most hosts first.
 *
 * @param isAll every one of them, however many there are
 */
export function errorLines(hosts: readonly Host[], width: number, isAll = false): string[] {
  const problems = hosts.flatMap((host): Problem[] => {
    if (host.error === undefined) return []
    const text = (key: string): string => textOf(host.error?.[key])
    return [{ host, code: text('code'), message: text('message'), hint: hintForPeople(text('hint')) }]
  })
  const groups = grouped(problems, ({ code, hint }) => `${code} ${hint}`)
  if (isAll) return groups.flatMap((group) => ['', ...errorGroup(group, width, group.length)])
  const shown = groups.slice(0, most).flatMap((group) => ['', ...errorGroup(group, width, mostWordings)])
  return [...shown, ...moreLine(groups.length, 'errors')]
}

/** The warnings of hosts, each once, with how many have it; and those of the whole. */
export function warningLines(hosts: readonly Host[], others: readonly string[], width: number): string[] {
  const problems = hosts.flatMap((host) =>
    (host.warnings ?? []).map(
      (message): Problem => ({ host, code: '', message: printable(message), hint: '' }),
    ),
  )
  const told = new Set(hosts.flatMap(({ warnings = [] }) => warnings))
  const ofHosts = grouped(problems, ({ message }) => message).map(
    (group) => `${group[0]?.message} (${whose(group)})`,
  )
  const all = [...others.filter((text) => !told.has(text)).map(printable), ...ofHosts]
  if (all.length === 0) return []
  const shown = all
    .slice(0, most)
    .flatMap((text) => indented(`warning: ${text}`, width, '  ', '').map((line) => styled('yellow', line)))
  return ['', ...shown, ...moreLine(all.length, 'warnings')]
}

/** `PVE_TASK_FAILED on 3 hosts: db1, db2, db3`, what it says, what to do. */
function errorGroup(group: readonly Problem[], width: number, mostShown: number): string[] {
  const [{ code = '', hint = '' } = {}] = group
  const names = [...new Set(group.map(({ host }) => host.name))]
  const where = `${names.length === 1 ? '' : `${counted(names.length, 'host')}: `}${namesOf(names)}`
  const [first = '', ...rest] = indented(`${code} on ${where}`, width, '  ', '')
  const wordings = grouped(group, ({ message }) => message)
  const more = wordings.length - mostShown
  const texts = wordings
    .slice(0, mostShown)
    .map((own) => (wordings.length === 1 ? wordingOf(own) : named(own)))
  return [
    first.replace(code, styled(['bold', 'red'], code)),
    ...rest,
    ...texts.flatMap((text) => indented(text, width, '  ')),
    ...(more > 0 ? [`  … and ${more} more of these: \`--json\` shows all.`] : []),
    ...(hint === '' ? [] : indented(hint, width, '  ').map((line) => styled('cyan', line))),
  ]
}

function wordingOf([first]: readonly Problem[]): string {
  return first?.message ?? ''
}

/** What several hosts have, or does not say whose it is, with the hosts. */
function named(group: readonly Problem[]): string {
  const text = wordingOf(group)
  const [{ host } = { host: { name: '' } }] = group
  const isOfOne = group.every((problem) => problem.host.name === host.name)
  return isOfOne && messageOfAnyHost(text, host.name) !== text ? text : `${text} (${whose(group, 3)})`
}

/** Problems that say the same but for the host's name and VM id; the largest groups first. */
function grouped(problems: readonly Problem[], textOf: (problem: Problem) => string): Problem[][] {
  const groups = new Map<string, Problem[]>()
  for (const problem of problems) {
    const key = messageOfAnyHost(textOf(problem), problem.host.name, problem.host.vmid)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [problem])
    else group.push(problem)
  }
  return [...groups.values()].toSorted((a, b) => b.length - a.length)
}

/** `web1`, `web1 and 4 more` */
function whose(group: readonly Problem[], mostNames = 1): string {
  return namesOf([...new Set(group.map(({ host }) => host.name))], mostNames)
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? printable(value) : ''
}

function moreLine(count: number, what: string): string[] {
  return count > most ? ['', `… and ${count - most} more ${what}: \`--json\` shows all.`] : []
}
