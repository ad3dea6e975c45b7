import { messageOfAnyHost } from '../../../core/any-host.ts'
import { formatDuration } from '../../../core/format.ts'
import { median } from '../../../core/median.ts'
import { provisionSteps } from '../../run.ts'
import {
  barsOf,
  concurrency,
  type Host,
  isWorkedOn,
  type Report,
  type StepTotal,
  stepTotals,
} from './figures.ts'
import { type Html, html } from './html.ts'
import { colourOf, stateText, titleOf, waitedSeconds } from './row.ts'

const order = ['iso.build', ...provisionSteps.map(({ step }) => step)]

/** Title, when it was, how hosts ended. */
export function header({ began, seconds, counts }: Report, title: string): Html {
  const when = new Date(began)
  const text = Number.isNaN(when.getTime())
    ? began
    : `${when.toISOString().slice(0, 16).replace('T', ' ')} UTC`
  const states = (Object.entries(counts) as [Host['state'], number][]).filter(([, count]) => count > 0)
  return html`<header><h1>${title}</h1><p class="muted">began ${text}, took ${formatDuration(seconds)}</p>
<ul class="chips">${states.map(([state, count]) => html`<li><span class="dot ${state}"></span>${count} ${stateText(state)}</li>`)}</ul></header>`
}

/** The figures that matter first. */
export function cards({ hosts, seconds }: Report): Html {
  const worked = hosts.filter(isWorkedOn)
  const took = worked.map((host) => host.seconds).filter((time) => time > 0)
  const all = worked.reduce((sum, host) => sum + host.seconds, 0)
  const waited = worked.reduce((sum, host) => sum + waitedSeconds(host), 0)
  const { peak } = concurrency(worked, Math.max(seconds, 0.001), 1)
  const card = (name: string, value: string, more = ''): Html =>
    html`<div><dt>${name}</dt><dd>${value}${more === '' ? '' : html` <small>${more}</small>`}</dd></div>`
  return html`<dl class="cards">
${card('Hosts', String(hosts.length))}
${card('From start to end', formatDuration(seconds))}
${card('A host took', formatDuration(median(took)), took.length > 1 ? `median, at most ${formatDuration(Math.max(...took))}` : '')}
${card('Hosts at once', (all / Math.max(seconds, 0.001)).toFixed(1), `on average, up to ${peak}`)}
${card('Time of all hosts', formatDuration(all), all > 0 ? `${Math.round((100 * waited) / all)} % of it waiting` : '')}
</dl>`
}

interface ErrorGroup {
  readonly code: string
  readonly hint: string
  /** What it says, by what it says without names. */
  readonly messages: Map<string, string>
  readonly names: string[]
}

/** Different errors, each with its hint and the hosts that have it. */
export function errors({ hosts, shared = [] }: Report): Html | string {
  const groups = new Map<string, ErrorGroup>()
  const failed = [
    ...hosts.map(({ name, vmid, error }) => ({ name, vmid, error })),
    ...shared.map(({ step, title, error }) => ({
      name: `${titleOf(step)}: ${title}`,
      vmid: undefined,
      error,
    })),
  ]
  for (const { name, vmid, error } of failed) {
    if (error === undefined) continue
    const text = (value: unknown): string => (typeof value === 'string' ? value : '')
    const [code, message, hint] = [text(error.code), text(error.message), text(error.hint)]
    const key = `${code} ${messageOfAnyHost(hint, name, vmid)}`
    const group = groups.get(key) ?? { code, hint, messages: new Map<string, string>(), names: [] }
    groups.set(key, group)
    group.names.push(name)
    const same = messageOfAnyHost(message, name, vmid)
    if (!group.messages.has(same)) group.messages.set(same, message)
  }
  if (groups.size === 0) return ''
  const sorted = [...groups.values()].toSorted((a, b) => b.names.length - a.names.length)
  const more = sorted.length - 20
  return html`<section class="errors" aria-labelledby="errors"><h2 id="errors">What failed</h2>
${sorted.slice(0, 20).map(({ code, hint, messages, names }) => {
  const [shown, others] = [names.slice(0, 12).join(', '), names.length - 12]
  return html`<article><h3><code>${code}</code> — ${shown}${others > 0 ? ` and ${others} more` : ''}</h3>
${[...messages.values()].slice(0, 3).map((message) => html`<p>${prose(message)}</p>`)}
${messages.size > 3 ? html`<p class="muted">… and ${messages.size - 3} more like that.</p>` : ''}<p class="hint">${prose(hint)}</p></article>
`
})}${more > 0 ? html`<p class="muted">… and ${more} more errors, in the report.</p>` : ''}</section>`
}

/** The time of all hosts by step. */
export function whereTheTimeWent({ hosts }: Report): Html | string {
  // What would be shown as no time at all is left out.
  const totals = stepTotals(hosts, order).filter(({ sum, waited }) => sum + waited >= 0.05)
  const all = totals.reduce((sum, { sum: worked, waited }) => sum + worked + waited, 0)
  if (all === 0) return ''
  const largest = Math.max(...totals.map(({ sum }) => sum))
  const part = ({ step, sum, waited }: StepTotal): Html[] => [
    ...(waited > 0
      ? [piece(step, waited / all, `${titleOf(step)}: waited ${formatDuration(waited)}`, true)]
      : []),
    ...(sum > 0 ? [piece(step, sum / all, `${titleOf(step)}: ${formatDuration(sum)}`, false)] : []),
  ]
  return html`<section aria-labelledby="where"><h2 id="where">Where the time went</h2>
<div class="stack" aria-hidden="true">${totals.map(part)}</div>
<div class="scroll"><table class="totals"><thead><tr><th>step</th><th class="n">hosts</th><th class="share"></th><th class="n">in all</th><th class="n">waited</th><th class="n">median</th><th class="n">longest</th><th>by</th></tr></thead><tbody>
${totals.map(
  ({ step, hosts: count, sum, waited, median: middle, max, slowest }) =>
    html`<tr><td><span class="swatch" style="--c:${colourOf(step)}"></span>${titleOf(step)}</td><td class="n">${count}</td><td class="share"><span style="--c:${colourOf(step)};width:${Math.round((100 * sum) / Math.max(largest, 0.001))}%"></span></td><td class="n">${formatDuration(sum)}</td><td class="n muted">${waited > 0 ? formatDuration(waited) : ''}</td><td class="n">${formatDuration(middle)}</td><td class="n">${formatDuration(max)}</td><td class="cut" title="${slowest}">${slowest}</td></tr>
`,
)}</tbody></table></div></section>`
}

/** The hosts that took longest, and what for. */
export function slowest({ hosts }: Report): Html | string {
  const slow = hosts
    .filter(({ seconds }) => seconds > 0)
    .toSorted((a, b) => b.seconds - a.seconds)
    .slice(0, 10)
  const longest = slow[0]?.seconds ?? 0
  if (hosts.length < 2 || longest === 0) return ''
  return html`<section class="slow" aria-labelledby="slow"><h2 id="slow">The slowest hosts</h2><table><thead><tr><th>host</th><th></th><th class="n">time</th></tr></thead><tbody>
${slow.map(({ name, state, seconds, steps }) => {
  const bars = barsOf(steps)
  const all = Math.max(
    0.001,
    bars.reduce((sum, { from, to }) => sum + to - from, 0),
  )
  const pieces = bars.map(({ step, from, to, isWaiting }) => piece(step, (to - from) / all, '', isWaiting))
  return html`<tr><td class="cut" title="${name}"><span class="dot ${state}"></span>${name}</td><td><div class="mini" style="width:${Math.round((100 * seconds) / longest)}%" aria-hidden="true">${pieces}</div></td><td class="n">${formatDuration(seconds)}</td></tr>
`
})}</tbody></table></section>`
}

export function legend({ hosts, shared = [] }: Report): Html {
  const used = new Set(
    [...hosts.flatMap(({ steps }) => steps), ...shared]
      .filter(({ seconds }) => seconds > 0)
      .map(({ step }) => step),
  )
  const steps = [
    ...order.filter((step) => used.has(step)),
    ...[...used].filter((step) => !order.includes(step)),
  ]
  return html`<div class="legend">${steps.map((step) => html`<span><span class="swatch" style="--c:${colourOf(step)}"></span>${titleOf(step)}</span>`)}<span><span class="swatch wait" style="--c:#64748b"></span>waiting for other hosts</span></div>`
}

function piece(step: string, share: number, title: string, isWaiting: boolean): Html {
  const width = Math.round(10_000 * share) / 100
  return html`<i${isWaiting ? html` class="wait"` : ''} style="--c:${colourOf(step)};width:${width}%"${title === '' ? '' : html` title="${title}"`}></i>`
}

/** A text with its `names` set off. */
function prose(text: string): Html[] {
  return text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`))
}
