import { createHash } from 'node:crypto'
import { chart, mostRows, rowHeight, rowHeights } from './timeline/chart.ts'
import type { Host, Report } from './timeline/figures.ts'
import { Html, html } from './timeline/html.ts'
import { generator } from './timeline/mark.ts'
import { stateText } from './timeline/row.ts'
import { script } from './timeline/script.ts'
import { cards, errors, header, legend, slowest, whereTheTimeWent } from './timeline/sections.ts'
import { style } from './timeline/style.ts'
import { hostsTable } from './timeline/table.ts'

/**
 * The page that shows where the time of a batch went: all hosts and steps over time, what they took in all, what failed.
 * It asks for nothing from elsewhere, says all of it without its script, and every value in it is escaped. Of the report
 * it shows names, states, times and the texts of errors; never their details.
 */
export function timelinePage(report: Report, title: string): string {
  const hosts = shownHosts(report.hosts)
  const left = report.hosts.length - hosts.length
  const digest = createHash('sha256').update(script).digest('base64')
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="generator" content="${generator}">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${new Html(style)}</style>
</head>
<body>
<main>
${header(report, title)}
${cards(report)}
${errors(report)}
<div class="two">
${whereTheTimeWent(report)}
${slowest(report)}
</div>
<section aria-labelledby="timeline">
<div class="head"><h2 id="timeline">Timeline</h2>${tools(report.hosts)}</div>
${legend(report)}
${chart(report, hosts)}
${left > 0 ? html`<p class="muted">${left} more hosts took less time than these; the report has them all.</p>` : ''}
</section>
${hostsTable(report, hosts)}
<footer>Times count from the beginning of the batch. A step that waited for other hosts is drawn waiting first.</footer>
</main>
<script>${new Html(script)}</script>
</body>
</html>
`.text
}

/** Of very many hosts those that failed and those that took longest, in the order of the inventory. */
function shownHosts(hosts: readonly Host[]): readonly Host[] {
  if (hosts.length <= mostRows) return hosts
  const isFailed = ({ state }: Host): number => (state === 'failed' || state === 'interrupted' ? 0 : 1)
  const kept = hosts.toSorted((a, b) => isFailed(a) - isFailed(b) || b.seconds - a.seconds).slice(0, mostRows)
  const known = new Set(kept)
  return hosts.filter((host) => known.has(host))
}

/** What the script works with; without it they are not shown. */
function tools(hosts: readonly Host[]): Html {
  const states = [...new Set(hosts.map(({ state }) => state))]
  const height = rowHeight(hosts.length)
  const orders = ['inventory', 'began', 'longest', 'waited', 'name', 'node', 'state']
  return html`<div class="tools"><span id="shown" class="muted" role="status"></span>
<label>Filter<input id="filter" type="search" placeholder="name, node, error" autocomplete="off"></label>
<label>State<select id="state"><option value="">all</option>${states.map((state) => html`<option value="${state}">${stateText(state)}</option>`)}</select></label>
<label>Order<select id="sort">${orders.map((order) => html`<option>${order}</option>`)}</select></label>
<label>Rows<select id="height">${rowHeights.map(([value, name]) => html`<option value="${value}"${value === height ? ' selected' : ''}>${name}</option>`)}</select></label></div>`
}
