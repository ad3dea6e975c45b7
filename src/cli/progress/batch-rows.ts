import { formatDuration } from '../../core/format.ts'
import { type BatchBoard, detailOf, type FailedHost, isQueued, type Running } from './batch-board.ts'
import { roughly } from './batch-estimate.ts'
import type { Pen } from './listr.ts'
import { cut, cutMiddle, printable } from './text.ts'

interface Moment {
  /** Milliseconds on the clock of `performance`. */
  readonly now: number
  /** The failed hosts stay at the end. */
  readonly keepsFailed: boolean
}

/** No more rows than this, however high the terminal is: what is above them should stay in sight. */
const mostRows = 40
const mostFailedAtEnd = 20

/**
 * The rows of a batch: what is done, where it is, shared work, the hosts that run (longest first) and those that failed.
 * The first row never changes, so that log-update rewrites only rows that do.
 */
export function batchRows(board: BatchBoard, title: string, pen: Pen, moment: Moment): string[] {
  // listr2 ends the last row with a line break; a row that is as wide as the terminal may be wrapped by it.
  const [height, width] = [Math.min(mostRows, pen.rows - 1), pen.columns - 1]
  const head = [cut(title, width), overall(board, pen, width, moment.now)]
  if (pen.isLast) {
    const kept = moment.keepsFailed ? failedRows(board.failed, pen, width, mostFailedAtEnd) : []
    return [...head, ...kept]
  }
  // Whoever needs less than its share leaves the rest to the running hosts.
  const free = Math.max(0, height - head.length)
  const failed = failedRows(board.failed, pen, width, Math.ceil(free / 3))
  const shared = sharedRows([...board.shared.values()], pen, width, Math.ceil(free / 4))
  const hosts = hostRows(board, pen, width, free - failed.length - shared.length, moment.now)
  return [...head, ...shared, ...hosts, ...failed].slice(0, Math.max(1, height))
}

/** `37 of 100 hosts done, 2 failed, 10 running, 51 to go — 12 min 3 s, about 20 min left` */
function overall(board: BatchBoard, { icons, isLast }: Pen, width: number, now: number): string {
  const { done, hosts, failed, interrupted, running, toGo } = board
  const waiting = [...running.values()].filter(isQueued).length
  const counts: readonly (readonly [number, string])[] = [
    [failed.length, 'failed'],
    [interrupted, 'interrupted'],
    [running.size - waiting, 'running'],
    [waiting, 'waiting'],
    [toGo, isLast ? 'not begun' : 'to go'],
  ]
  const parts = counts.flatMap(([count, what]) => (count > 0 ? [`${count} ${what}`] : []))
  const seconds = isLast ? undefined : board.secondsLeft(now)
  const left = seconds === undefined ? '' : `, ${roughly(seconds)} left`
  const elapsed = (now - board.began) / 1000
  const time = formatDuration(isLast ? elapsed : Math.floor(elapsed))
  const text = `${[`${done} of ${hosts} ${hosts === 1 ? 'host' : 'hosts'} done`, ...parts].join(', ')} — ${time}${left}`
  const icon = !isLast ? icons.running : failed.length + interrupted > 0 ? icons.failed : icons.done
  return `${icon} ${cut(text, width - 2)}`
}

function sharedRows(all: readonly Running[], pen: Pen, width: number, most: number): string[] {
  return bounded(all, most, pen, 'more under way', (running) => {
    const detail = detailOf(running, false)
    return `  ${pen.icons.item} ${cut(detail === '' ? running.title : `${running.title} — ${detail}`, width - 4)}`
  })
}

function hostRows(board: BatchBoard, pen: Pen, width: number, most: number, now: number): string[] {
  const all = [...board.running].filter(([, host]) => !isQueued(host))
  const shown = all.slice(0, most)
  const names = shown.map(([name]) => printable(name))
  const times = shown.map(([, { since }]) => formatDuration(Math.floor((now - since) / 1000)))
  const longest = Math.max(...times.map((time) => time.length))
  const column = Math.min(Math.max(...names.map((name) => name.length)), Math.max(8, Math.floor(width / 4)))
  return bounded(all, most, pen, 'more running', ([, { steps }], index) => {
    const step = steps.at(-1)
    const detail = step === undefined ? '' : detailOf(step, true)
    const what = [step?.title ?? '', detail].filter((part) => part !== '').join(' — ')
    const time = times[index]?.padStart(longest)
    const text = `${cutMiddle(names[index] ?? '', column).padEnd(column)}  ${time}  ${what}`
    return `  ${pen.icons.item} ${cut(text, width - 4)}`
  })
}

function failedRows(all: readonly FailedHost[], pen: Pen, width: number, most: number): string[] {
  return bounded(all, most, pen, 'more failed', ({ name, code, step, seconds }) => {
    const where = step === '' ? '' : ` in “${step}”`
    const text = `${cutMiddle(printable(name), Math.floor(width / 2))}: ${code}${where} after ${formatDuration(seconds)}`
    return `  ${pen.icons.failed} ${cut(text, width - 4)}`
  })
}

/** A row each, and where there is no place for all, how many more there are in the last one. */
function bounded<Item>(
  all: readonly Item[],
  most: number,
  { dim }: Pen,
  more: string,
  row: (item: Item, index: number) => string,
): string[] {
  if (most <= 0) return []
  if (all.length <= most) return all.map(row)
  return [...all.slice(0, most - 1).map(row), `    ${dim(`… and ${all.length - most + 1} ${more}`)}`]
}
