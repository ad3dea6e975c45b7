import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { timelinePage } from '../../../src/workflows/batch/timeline.ts'
import {
  changedHost,
  failedHost,
  largeReport,
  type Report,
  reportOf,
  sharedUpload,
  taskFailed,
  unchangedHost,
} from '../../support/batch-report.ts'
import { BrowserPage, browserProgram } from '../../support/browser.ts'
import { temporaryFolder } from '../../support/folder.ts'

const evil = `<script>document.title='owned'</script>"'&`
const few = reportOf(
  [changedHost('web1'), changedHost('web2', { slow: 2 }), failedHost('db1'), unchangedHost('old1')],
  {
    shared: [sharedUpload],
  },
)

test('the page names hosts, steps, shared work, errors with their hints and the hosts that have them', () => {
  const page = timelinePage(few, 'Provisioning of prod.yml')
  expect(page).toContain('<title>Provisioning of prod.yml</title>')
  expect(page).toContain('Upload: local on pve1')
  expect(page).toContain('<code>PVE_TASK_FAILED</code> — db1')
  expect(page).toContain('Free space on the <code>storage</code>, or name another one.')
  expect(page).toContain('web2: changed after 4 min 20 s\nVM 100, node pve1\nUpload: 0.1 s, waited 9.9 s\n')
})

test('the time of each step is summed up, with its median and the host that took longest', () => {
  const row = /Install NixOS<\/td>(.*)/
    .exec(timelinePage(few, 'x'))?.[1]
    ?.replaceAll(/<[^>]*>/g, ' ')
    .trim()
  // 85 and 175 seconds at work, 5 and 5 waiting.
  expect(row?.split(/\s{2,}/)).toEqual(['2', '4 min 20 s', '10 s', '2 min 10 s', '2 min 55 s', 'web2'])
})

test('nothing from elsewhere is asked for, and no script but its own may run', () => {
  const page = timelinePage(few, 'x')
  expect(page).not.toMatch(/(?:src|href)=|url\(|@import|https?:/)
  expect(page).toMatch(/Content-Security-Policy" content="default-src &#39;none&#39;/)
  expect(page).toMatch(/script-src &#39;sha256-/)
})

test('every value is escaped, wherever it comes from', () => {
  const error = { ...taskFailed, code: evil, message: evil, hint: evil }
  const host = { ...changedHost(evil), node: evil }
  const odd = { ...host, steps: [{ step: evil, status: 'changed' as const, began: 0, seconds: 5 }] }
  const report = reportOf([host, odd, failedHost(`${evil}2`, error)], {
    shared: [{ ...sharedUpload, title: evil, status: 'failed', error }],
    began: evil,
  })
  const page = timelinePage(report, evil)
  expect(page.match(/<script/g)).toHaveLength(1)
  expect(page).not.toContain(`='owned'</`)
  expect(page).not.toContain(`>"'&`)
})

test('details of errors are not shown', () => {
  expect(timelinePage(few, 'x')).not.toContain('never-to-be-shown')
})

test.each<[string, Report]>([
  ['no host at all', reportOf([])],
  ['hosts that never began', reportOf([{ name: 'a', state: 'not_begun', seconds: 0, steps: [] }])],
  ['a single host', reportOf([changedHost('a')])],
  ['no time at all', reportOf([{ ...unchangedHost('a'), seconds: 0, steps: [] }])],
])('there is a page for %s', (_, report) => {
  const page = timelinePage(report, 'x')
  expect(page).toContain('</html>')
  expect(page.replace(/<script>.*<\/script>/s, '')).not.toMatch(/NaN|Infinity|undefined/)
})

test('a thousand hosts fit into 3 MB, and each has its row', () => {
  const page = timelinePage(largeReport(1000), 'x')
  expect(page.length).toBeLessThan(3_000_000)
  expect(page.match(/class="line row (?:changed|failed)"/g)).toHaveLength(1000)
})

test('of more hosts than a browser likes, those that failed and the slowest have rows, and the page says so', () => {
  const page = timelinePage(largeReport(2600), 'x')
  expect(page.match(/class="line row (?:changed|failed)"/g)).toHaveLength(2000)
  expect(page.match(/class="line row failed"/g)).toHaveLength(52)
  expect(page).toContain('600 more hosts took less time than these')
})

describe.skipIf(browserProgram === undefined)('in a real browser', () => {
  async function open(report: Report): Promise<BrowserPage> {
    using folder = temporaryFolder()
    const file = join(folder.path, 'timeline.html')
    writeFileSync(file, timelinePage(report, `Batch ${evil}`))
    return await BrowserPage.open(pathToFileURL(file).href)
  }
  const names = `[...document.querySelectorAll('#rows .row:not([hidden]) .name')].map((one) => one.textContent)`
  const choose = (id: string, value: string): string =>
    `{ const field = document.getElementById('${id}'); field.value = '${value}'; field.dispatchEvent(new Event('input')) }`

  test('rows are filtered and sorted, nothing is refused, nothing of the names runs', async () => {
    await using page = await open(reportOf([...few.hosts, changedHost(evil)], { shared: [sharedUpload] }))
    expect(await page.run(names)).toEqual(['web1', 'web2', 'db1', 'old1', evil])
    await page.run(choose('filter', 'WEB'))
    expect(await page.run(names)).toEqual(['web1', 'web2'])
    await page.run(choose('filter', ''))
    await page.run(choose('state', 'failed'))
    expect(await page.run(names)).toEqual(['db1'])
    expect(await page.run(`document.getElementById('shown').textContent`)).toBe('1 of 5 shown')
    await page.run(choose('state', ''))
    await page.run(choose('sort', 'longest'))
    expect((await page.run(names)) as string[]).toEqual(['web2', 'web1', evil, 'db1', 'old1'])
    await page.run(choose('sort', 'inventory'))
    expect((await page.run(names)) as string[]).toHaveLength(5)
    expect(await page.run('document.title')).toBe(`Batch ${evil}`)
    expect(page.complaints).toEqual([])
    expect(page.requests.filter((url) => !url.startsWith('file:'))).toEqual([])
  })

  test('bars stand where their times are', async () => {
    await using page = await open(reportOf([changedHost('a'), changedHost('b', { began: 170 })]))
    const [from, to, whole] = (await page.run(`(() => {
      const track = document.querySelectorAll('#rows .track')[1]
      const { left, width } = track.getBoundingClientRect()
      const bars = [...track.querySelectorAll('i')].map((bar) => bar.getBoundingClientRect())
      return [bars[0].left - left, bars.at(-1).right - left, width]
    })()`)) as [number, number, number]
    expect(from / whole).toBeCloseTo(0.5, 2)
    expect(to / whole).toBeCloseTo(1, 2)
  })

  test('a narrow window scrolls down only', async () => {
    await using page = await open(few)
    await page.setWidth(420)
    expect(await page.run('document.documentElement.scrollWidth')).toBeLessThanOrEqual(420)
  })

  test('a thousand hosts are a page of a bounded number of elements', async () => {
    await using page = await open(largeReport(1000))
    expect(await page.run('document.querySelectorAll("*").length')).toBeLessThan(40_000)
    await page.run(choose('filter', 'db999'))
    expect(await page.run(names)).toEqual(['db999'])
    expect(page.complaints).toEqual([])
  })
})
