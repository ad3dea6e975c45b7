import { formatDuration } from '../../../core/format.ts'
import { provisionSteps } from '../../run.ts'
import { type Host, spanOf } from './figures.ts'
import { type Html, html } from './html.ts'
import { stepColours } from './style.ts'

const states: readonly Host['state'][] = [
  'failed',
  'interrupted',
  'not_begun',
  'changed',
  'planned',
  'unchanged',
]
const titles: ReadonlyMap<string, string> = new Map([
  ['iso.build', 'Build the ISO'],
  ...provisionSteps.map(({ step, title }) => [step, title] as const),
])

/** What a step is called for people. */
export function titleOf(step: string): string {
  return titles.get(step) ?? step
}

export function colourOf(step: string): string {
  return stepColours[step] ?? '#9ca3af'
}

export function stateText(state: Host['state']): string {
  return state.replace('_', ' ')
}

export function waitedSeconds({ steps }: Host): number {
  return steps.reduce((sum, { waited = 0 }) => sum + waited, 0)
}

/** What the page's script filters and sorts by. */
export function sortKeys(host: Host): Html {
  const { name, state, node = '', vmid = '', seconds, error } = host
  const text = [name, node, vmid, stateText(state), error?.code ?? ''].join(' ').toLowerCase()
  return html`data-name="${name}" data-node="${node}" data-state="${state}" data-rank="${states.indexOf(state)}" data-began="${spanOf(host)?.from ?? Number.MAX_SAFE_INTEGER}" data-seconds="${seconds}" data-waited="${waitedSeconds(host)}" data-text="${text}"`
}

/** All of a host, in lines: where it is, what its steps took, why it failed. */
export function rowText({ name, state, vmid, node, seconds, steps, error }: Host): string {
  const where = [
    ...(vmid === undefined ? [] : [`VM ${vmid}`]),
    ...(node === undefined ? [] : [`node ${node}`]),
  ]
  const took = steps
    .filter((step) => step.seconds > 0)
    .map(({ step, status, seconds: all, waited = 0 }) => {
      const times = [
        ...(all - waited > 0 ? [formatDuration(Math.max(0, all - waited))] : []),
        ...(waited > 0 ? [`waited ${formatDuration(waited)}`] : []),
      ]
      return `${titleOf(step)}: ${times.join(', ')}${status === 'failed' ? ' ✖' : ''}`
    })
  const failed = [error?.code, error?.message, error?.hint].filter((text) => typeof text === 'string')
  return [
    `${name}: ${stateText(state)} after ${formatDuration(seconds)}`,
    ...(where.length > 0 ? [where.join(', ')] : []),
    ...took,
    ...failed,
  ].join('\n')
}
