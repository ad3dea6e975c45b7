import { formatDuration } from '../../../core/format.ts'
import { type Host, type Report, spanOf } from './figures.ts'
import { type Html, html } from './html.ts'
import { sortKeys, stateText, titleOf, waitedSeconds } from './row.ts'

/** The same as a table, for those who cannot see the bars and for copying. */
export function hostsTable({ hosts: all }: Report, hosts: readonly Host[]): Html {
  const steps = [
    ...new Set(
      all.flatMap((host) => host.steps.filter(({ seconds }) => seconds > 0).map(({ step }) => step)),
    ),
  ]
  const time = (seconds: number): string => (seconds > 0 ? formatDuration(seconds) : '')
  return html`<section><details><summary>All hosts as a table</summary><div class="scroll"><table class="all"><thead><tr><th>host</th><th>result</th><th>node</th><th class="n">VM</th><th class="n">began after</th><th class="n">time</th><th class="n">waited</th>${steps.map((step) => html`<th class="n">${titleOf(step)}</th>`)}<th>error</th></tr></thead><tbody id="all">
${hosts.map((host) => {
  const taken = steps.map((step) => host.steps.find((one) => one.step === step)?.seconds ?? 0)
  return html`<tr ${sortKeys(host)}><td>${host.name}</td><td>${stateText(host.state)}</td><td>${host.node ?? ''}</td><td class="n">${host.vmid ?? ''}</td><td class="n">${time(spanOf(host)?.from ?? 0)}</td><td class="n">${time(host.seconds)}</td><td class="n">${time(waitedSeconds(host))}</td>${taken.map((seconds) => html`<td class="n">${time(seconds)}</td>`)}<td>${String(host.error?.code ?? '')}</td></tr>
`
})}</tbody></table></div></details></section>`
}
