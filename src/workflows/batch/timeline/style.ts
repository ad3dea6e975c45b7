/** Of each step its colour, on light and on dark; steps that are not here are grey. */
export const stepColours: Readonly<Record<string, string>> = {
  'iso.build': '#a5b4cb',
  'iso.download': '#8494ad',
  'iso.upload': '#64748b',
  'nixos.build': '#8b5cf6',
  'vm.create': '#2563eb',
  'vm.start': '#06b6d4',
  'ssh.wait': '#0f9488',
  'nixos.install': '#f59e0b',
  'vm.detach': '#ec4899',
  proof: '#65a30d',
}

const light = `
  --page: #f5f6f8; --panel: #fff; --text: #16202e; --muted: #5b6778; --line: #e1e5eb; --grid: #e9ecf1;
  --bad: #c81e1e; --bad-panel: #fdf1f1; --good: #15803d; --calm: #64748b; --care: #b45309; --accent: #1d4ed8;
  --area: #93b4f0; --area-wait: #d8e2f5;`
const dark = `
  --page: #0e131b; --panel: #161d28; --text: #e4e9f0; --muted: #94a1b4; --line: #283140; --grid: #212a37;
  --bad: #f87171; --bad-panel: #2a1a1e; --good: #4ade80; --calm: #94a3b8; --care: #fbbf24; --accent: #7fa8ff;
  --area: #4a6fb3; --area-wait: #2a3a58;`

export const style = `
:root { color-scheme: light dark; ${light} }
@media (prefers-color-scheme: dark) { :root { ${dark} } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 14px/1.45 system-ui, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
main { max-width: 1760px; margin: 0 auto; padding: 28px 28px 60px; }
h1 { font-size: 24px; line-height: 1.25; margin: 0; letter-spacing: -.01em; overflow-wrap: anywhere; }
h2 { font-size: 15px; margin: 0 0 12px; }
p { margin: 0; }
code { font: .93em ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.muted { color: var(--muted); }
.n, td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
header .muted { margin-top: 4px; }
.chips { display: flex; flex-wrap: wrap; gap: 8px; margin: 14px 0 0; padding: 0; list-style: none; }
.chips li { background: var(--panel); border: 1px solid var(--line); border-radius: 99px; padding: 3px 12px 3px 10px; }
.dot { display: inline-block; width: 8px; height: 8px; border-radius: 50%; background: var(--calm); margin-right: 6px; flex: none; }
.changed .dot, .dot.changed { background: var(--good); }
.failed .dot, .dot.failed { background: var(--bad); border-radius: 1px; }
.interrupted .dot, .dot.interrupted { background: var(--care); }
.planned .dot, .dot.planned { background: var(--accent); }
.not_begun .dot, .dot.not_begun { background: none; box-shadow: inset 0 0 0 1.5px var(--calm); }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 18px 0 0; }
.cards div, section { background: var(--panel); border: 1px solid var(--line); border-radius: 10px; }
.cards div { padding: 12px 16px; }
.cards dt { color: var(--muted); font-size: 12.5px; }
.cards dd { margin: 2px 0 0; font-size: 20px; font-weight: 600; letter-spacing: -.01em; font-variant-numeric: tabular-nums; }
.cards small { display: block;  font-size: 12.5px; font-weight: 400; color: var(--muted); letter-spacing: 0; }
section { margin-top: 16px; padding: 18px 20px; }
.two { display: grid; grid-template-columns: minmax(0, 1.55fr) minmax(0, 1fr); gap: 0 16px; }
.two > :only-child { grid-column: 1 / -1; }
@media (max-width: 1100px) { .two { grid-template-columns: minmax(0, 1fr); } }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; font-weight: 500; color: var(--muted); font-size: 12.5px; border-bottom: 1px solid var(--line); white-space: nowrap; }
th, td { padding: 4px 10px 4px 0; vertical-align: baseline; }
td:last-child, th:last-child { padding-right: 0; }
.swatch { display: inline-block; width: 11px; height: 11px; border-radius: 2.5px; margin-right: 8px; vertical-align: -1px; background-color: var(--c); }
.stack { display: flex; height: 26px; border-radius: 5px; overflow: hidden; margin-bottom: 12px; background: var(--grid); }
.stack i { background-color: var(--c); box-shadow: inset -1px 0 var(--panel); }
.wait { opacity: .55; background-image: repeating-linear-gradient(135deg, var(--panel) 0 2px, transparent 2px 5px); }
.share { width: 18%; }
.share span { display: block; height: 9px; border-radius: 2px; background: var(--c); min-width: 1px; }
.totals { min-width: 620px; }
.totals td:first-child { white-space: nowrap; }
.cut { max-width: 1px; width: 18%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.mini { display: flex; height: 10px; border-radius: 2px; overflow: hidden; min-width: 2px; }
.mini i { background-color: var(--c); }
.slow td:nth-child(2) { width: 45%; }
.slow .cut { width: 30%; }
.errors { border-color: var(--bad); background: var(--bad-panel); }
.errors h2 { color: var(--bad); }
.errors article + article { margin-top: 14px; padding-top: 14px; border-top: 1px solid var(--line); }
.errors h3 { margin: 0 0 4px; font-size: 14px; font-weight: 500; }
.errors h3 code { font-weight: 700; }
.errors p { max-width: 110ch; overflow-wrap: anywhere; }
.errors p code { background: var(--grid); border-radius: 3px; padding: 0 3px; }
.errors .hint { margin-top: 4px; padding-left: 10px; border-left: 3px solid var(--bad); }
.tools { display: none; flex-wrap: wrap; gap: 8px 14px; align-items: center; margin-left: auto; }
.js .tools { display: flex; }
.tools label { color: var(--muted); font-size: 13px; }
.tools input, .tools select { font: inherit; color: inherit; background: var(--page); border: 1px solid var(--line); border-radius: 6px; padding: 3px 8px; margin-left: 4px; }
.tools input { width: 15em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
.head { display: flex; flex-wrap: wrap; gap: 10px; align-items: baseline; margin-bottom: 10px; }
.head h2 { margin: 0; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 16px; font-size: 13px; color: var(--muted); margin-bottom: 12px; }
.legend .swatch { margin-right: 5px; }
.legend .bad { --c: var(--bad); }
.chart { --name: clamp(90px, 17vw, 250px); --time: 92px; --row: 20px; }
.chart.mid { --row: 14px; } .chart.low { --row: 7px; }
.line { display: grid; grid-template-columns: var(--name) minmax(0, 1fr) var(--time); }
.axis { position: sticky; top: 0; z-index: 3; background: var(--panel); border-bottom: 1px solid var(--line); }
.axis .track { height: 24px; }
.axis span { position: absolute; bottom: 3px; transform: translateX(-50%); font-size: 12px; color: var(--muted); font-variant-numeric: tabular-nums; }
.axis span:first-child { transform: none; }
.track { position: relative; background: linear-gradient(to right, var(--grid) 1px, transparent 1px) 0 0 / var(--tick) 100%; }
@media (max-width: 700px) { .axis span:not(:nth-child(3n + 1)) { display: none; } }
.strip .track { height: 64px; border-bottom: 1px solid var(--line); }
.strip svg { position: absolute; inset: 0; width: 100%; height: 100%; display: block; }
.strip .name { line-height: 1.3; padding: 8px 10px 0 0; align-self: start; white-space: normal; }
.strip .name small { color: var(--muted); display: block; }
.shared { border-bottom: 1px solid var(--line); padding: 5px 0; margin-bottom: 5px; --row: 20px; }
.row { height: var(--row); }
.row:hover { background: var(--grid); }
.name { display: flex; align-items: center; font-size: 13px; padding-right: 10px; white-space: nowrap; overflow: hidden; }
.name span:last-child { overflow: hidden; text-overflow: ellipsis; }
.end { font-size: 12.5px; color: var(--muted); text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; align-self: center; line-height: 1; }
.mid .row .name { font-size: 11px; line-height: 1; } .mid .row .end { font-size: 11px; }
.low .rows .name, .low .rows .end { font-size: 0; }
.low .rows .name { justify-content: flex-end; } .low .dot { width: 5px; height: 5px; margin: 0; }
.low .rows .changed .dot, .low .rows .unchanged .dot { visibility: hidden; }
.row i { position: absolute; top: 14%; bottom: 14%; min-width: 1px; background-color: var(--c); }
.row i.under { top: 62%; box-shadow: 0 0 0 1px var(--panel); }
.row i.bad { box-shadow: inset 0 0 0 1.5px var(--bad); min-width: 4px; }
.low .row i { top: 1px; bottom: 0; }
.row b { position: absolute; top: 0; bottom: 0; display: flex; align-items: center; color: var(--bad); font-size: 11.5px; font-weight: 600; white-space: nowrap; padding: 0 5px; z-index: 1; }
.row b.left { background: var(--panel); margin: 1px 3px; border-radius: 3px; }
.mid .row b { font-size: 10px; } .low .row b { font-size: 0; padding: 0; } .low .row b::after { content: "✖"; font-size: 8px; }
.row[hidden], tr[hidden] { display: none; }
#tip { position: fixed; z-index: 9; pointer-events: none; background: var(--text); color: var(--panel); font-size: 12.5px; line-height: 1.5; padding: 8px 12px; border-radius: 7px; white-space: pre-line; max-width: 460px; box-shadow: 0 6px 24px #0005; }
summary { cursor: pointer; font-weight: 600; }
.scroll { overflow-x: auto; }
details .scroll { margin-top: 12px; }
.all td, .all th { white-space: nowrap; padding-right: 14px; font-size: 13px; }
.all tbody tr:hover { background: var(--grid); }
footer { margin-top: 18px; color: var(--muted); font-size: 12.5px; }
@media print {
  :root { color-scheme: light; ${light} --page: #fff; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  @page { size: landscape; margin: 12mm; }
  main { padding: 0; max-width: none; }
  .js .tools, #tip { display: none; }
  .axis { position: static; }
  .row, .cards div, .errors article, tr, .two section, .strip { break-inside: avoid; }
  .head, .legend, .axis, h2 { break-after: avoid; }
}
`
