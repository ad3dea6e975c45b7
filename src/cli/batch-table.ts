import type { Outputs } from '../generated/types.ts'
import { columns, columnWidth, styled } from './layout.ts'
import { cut, cutMiddle, printable } from './progress/text.ts'

type Host = Outputs['batch']['hosts'][number]

/** The columns of the table, and the steps whose times are in them. */
const stages: readonly (readonly [title: string, steps: readonly string[]])[] = [
  ['iso', ['iso.download', 'iso.build', 'iso.upload']],
  ['build', ['nixos.build']],
  ['create', ['vm.create']],
  ['boot', ['vm.start', 'ssh.wait']],
  ['install', ['nixos.install']],
  ['detach', ['vm.detach']],
  ['proof', ['proof']],
]
/** Left out first where there is no place for all. */
const leastTelling = ['waited', 'iso', 'build', 'proof', 'detach', 'create', 'boot', 'install']

/** Hosts with how they ended, their times by stage without waiting, and the codes of their errors. */
export function hostTable(hosts: readonly Host[], width: number): string[] {
  const cells = hosts.map((host) => hostCells(host, Math.max(16, Math.floor(width / 4))))
  const used = [...stages.map(([title]) => title), 'waited'].filter((title) =>
    cells.some((row) => row[title] !== undefined && row[title] !== ''),
  )
  const hasErrors = cells.some(({ error }) => error !== '')
  let shown = used
  for (const title of ['', ...leastTelling]) {
    shown = shown.filter((one) => one !== title)
    const titles = ['host', 'result', 'time', ...shown, ...(hasErrors ? ['error'] : [])]
    const rows = [titles, ...cells.map((row) => titles.map((name) => row[name] ?? ''))]
    const isLastTry = shown.length === 0
    if (!isLastTry && tableWidth(rows) > width) continue
    const right = new Set(titles.keys().filter((index) => index >= 2 && titles[index] !== 'error'))
    const [head = '', ...lines] = columns(rows, right)
    return [
      styled('bold', cut(head, width)),
      ...lines.map((line, index) => coloured(cut(line, width), hosts[index])),
    ]
  }
  return []
}

/** `41s`, `2m03s`, `1h02m` */
export function shortSeconds(seconds: number): string {
  const whole = Math.round(seconds)
  const two = (number: number): string => String(number).padStart(2, '0')
  if (seconds > 0 && seconds < 0.95) return `${Math.max(0.1, seconds).toFixed(1)}s`
  if (whole < 60) return `${whole}s`
  if (whole < 3600) return `${Math.floor(whole / 60)}m${two(whole % 60)}s`
  return `${Math.floor(whole / 3600)}h${two(Math.floor((whole % 3600) / 60))}m`
}

function hostCells(host: Host, longestName: number): Record<string, string> {
  const ofStages = stages.map(([title, steps]) => {
    const own = host.steps.filter(({ step, seconds }) => steps.includes(step) && seconds > 0)
    const worked = own.reduce((sum, { seconds, waited = 0 }) => sum + Math.max(0, seconds - waited), 0)
    // What takes no time worth speaking of is left out, so that the rest can be seen.
    return [title, worked >= Math.max(0.05, host.seconds / 100) ? shortSeconds(worked) : '']
  })
  const waited = host.steps.reduce((sum, step) => sum + (step.waited ?? 0), 0)
  return {
    ...Object.fromEntries(ofStages),
    host: cutMiddle(printable(host.name), longestName),
    result: host.state.replace('_', ' '),
    time: shortSeconds(host.seconds),
    waited: waited >= 0.5 ? shortSeconds(waited) : '',
    error: typeof host.error?.code === 'string' ? host.error.code : '',
  }
}

function tableWidth(rows: readonly (readonly string[])[]): number {
  const count = rows[0]?.length ?? 0
  return Array.from({ length: count }, (_, index) => columnWidth(rows, index) + 2).reduce(
    (sum, one) => sum + one,
    -2,
  )
}

function coloured(line: string, host: Host | undefined): string {
  if (host?.state === 'failed') return styled('red', line)
  return host?.state === 'interrupted' ? styled('yellow', line) : line
}
