import { formatDuration } from '../../../core/format.ts'
import { type Bar, barsOf, concurrency, type Host, isWorkedOn, type Report, spanOf } from './figures.ts'
import { type Html, html } from './html.ts'
import { colourOf, rowText, sortKeys, titleOf } from './row.ts'

/** More rows than these no browser shows with pleasure. */
export const mostRows = 2000

/** The axis, how many hosts ran at a time, shared work and a row a host. */
export function chart(report: Report, hosts: readonly Host[]): Html {
  const scale = scaleOf(report)
  return html`<div id="chart" class="chart ${rowHeight(hosts.length)}" style="--tick:${percent(scale.tick, scale.seconds)}%">
${axis(scale)}
${strip(report, scale.seconds)}
${sharedRows(report, scale.seconds)}
<div id="rows" class="rows">
${hosts.map((host) => hostRow(host, scale.seconds))}
</div>
</div>`
}

export const rowHeights = [
  ['high', 'tall'],
  ['mid', 'medium'],
  ['low', 'dense'],
] as const

/** The more hosts, the lower their rows. */
export function rowHeight(hosts: number): (typeof rowHeights)[number][0] {
  return hosts <= 60 ? 'high' : hosts <= 250 ? 'mid' : 'low'
}

interface Scale {
  readonly seconds: number
  readonly tick: number
}

function scaleOf({ seconds, hosts, shared = [] }: Report): Scale {
  const ends = [
    ...hosts.map((host) => spanOf(host)?.to ?? 0),
    ...shared.map((work) => work.began + work.seconds),
  ]
  const whole = ends.reduce((latest, end) => Math.max(latest, end), Math.max(seconds, 0.001))
  const nice = [0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400]
  return { seconds: whole, tick: nice.find((tick) => whole / tick <= 12) ?? 86_400 }
}

function axis({ seconds, tick }: Scale): Html {
  const ticks = Array.from({ length: Math.floor(seconds / tick) + 1 }, (_, index) => index * tick)
  // The last one would stand over the edge.
  const shown = ticks.filter((at) => at <= seconds * 0.985)
  return html`<div class="line axis" aria-hidden="true"><div></div><div class="track">${shown.map(
    (at) => html`<span style="left:${percent(at, seconds)}%">${clock(at, tick)}</span>`,
  )}</div><div></div></div>`
}

/** `0:30`, `1:05:00`; with parts of seconds where they matter. */
function clock(at: number, tick: number): string {
  if (tick < 1) return `${at.toFixed(tick < 0.1 ? 2 : 1)} s`
  const two = (number: number): string => String(number).padStart(2, '0')
  const [hours, minutes, seconds] = [Math.floor(at / 3600), Math.floor((at % 3600) / 60), Math.round(at % 60)]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`
}

function strip({ hosts }: Report, seconds: number): Html {
  const parts = 300
  const { working, waiting, peak } = concurrency(hosts.filter(isWorkedOn), seconds, parts)
  const top = Math.max(1, peak)
  const area = (values: readonly number[]): string => {
    const points = values.map((value, index) => {
      const y = round(60 - (56 * value) / top)
      return `${index === 0 ? 'M0' : `H${index}`} ${index === 0 ? y : `V${y}`}`
    })
    return `${points.join('')}H${parts}V60H0Z`
  }
  const all = working.map((value, index) => value + (waiting[index] ?? 0))
  const label = `Hosts at once: up to ${peak}`
  return html`<div class="line strip"><div class="name"><div>Hosts at once<small>up to ${peak}; pale: waiting</small></div></div><div class="track"><svg viewBox="0 0 ${parts} 60" preserveAspectRatio="none" role="img" aria-label="${label}"><path d="${area(all)}" fill="var(--area-wait)"/><path d="${area(working)}" fill="var(--area)"/></svg></div><div class="end"></div></div>`
}

function sharedRows({ shared = [] }: Report, seconds: number): Html | string {
  if (shared.length === 0) return ''
  const rows = shared.toSorted((a, b) => a.began - b.began).slice(0, 60)
  const left = shared.length - rows.length
  return html`<div class="shared">${rows.map(
    ({ step, title, status, began, seconds: took, hosts, error }) => {
      const name = `${titleOf(step)}: ${title}`
      const code = typeof error?.code === 'string' ? error.code : ''
      const tip = `${name}\n${status} in ${formatDuration(took)}, for ${hosts} ${hosts === 1 ? 'host' : 'hosts'}${code === '' ? '' : `\n${code}`}`
      const isFailed = status === 'failed'
      const bar: Bar = { step, from: began, to: began + took, isWaiting: false, isFailed }
      return html`<div class="line row ${isFailed ? 'failed' : ''}" title="${tip}"><div class="name"><span>${name}</span></div><div class="track">${barOf(bar, seconds, false)}${isFailed ? failure(code, bar.to, seconds) : ''}</div><div class="end">${formatDuration(took)}</div></div>
`
    },
  )}${left > 0 ? html`<p class="muted">… and ${left} more, in the report.</p>` : ''}</div>`
}

function hostRow(host: Host, seconds: number): Html {
  const bars = barsOf(host.steps)
  const end = spanOf(host)?.to ?? 0
  const code = typeof host.error?.code === 'string' ? host.error.code : ''
  const drawn = bars.map((bar, index) =>
    barOf(
      bar,
      seconds,
      bars.slice(0, index).some((other) => runBeside(bar, other)),
    ),
  )
  return html`<div class="line row ${host.state}" ${sortKeys(host)} title="${rowText(host)}"><div class="name"><span class="dot"></span><span>${host.name}</span></div><div class="track">${drawn}${code === '' ? '' : failure(code, end, seconds)}</div><div class="end">${end === 0 ? '' : formatDuration(host.seconds)}</div></div>
`
}

/** Whether two bars share more than what the rounding of times makes. */
function runBeside(bar: Bar, other: Bar): boolean {
  const common = Math.min(bar.to, other.to) - Math.max(bar.from, other.from)
  return common > Math.max(0.01, 0.05 * Math.min(bar.to - bar.from, other.to - other.from))
}

/** @param isUnder it runs beside another step, and is drawn below it */
function barOf({ step, from, to, isWaiting, isFailed }: Bar, seconds: number, isUnder: boolean): Html {
  const classes = [isWaiting ? 'wait' : '', isFailed ? 'bad' : '', isUnder ? 'under' : ''].filter(
    (name) => name !== '',
  )
  const names = classes.length === 0 ? '' : html` class="${classes.join(' ')}"`
  return html`<i${names} style="--c:${colourOf(step)};left:${percent(from, seconds)}%;width:${percent(to - from, seconds)}%"></i>`
}

/** The code of an error where the bar ends, or before that where there is no more place. */
function failure(code: string, at: number, seconds: number): Html {
  return at / seconds < 0.72
    ? html`<b style="left:${percent(at, seconds)}%">✖ ${code}</b>`
    : html`<b class="left" style="right:${percent(seconds - at, seconds)}%">✖ ${code}</b>`
}

function percent(part: number, whole: number): number {
  return round((100 * part) / whole)
}

function round(number: number): number {
  return Math.round(number * 100) / 100
}
