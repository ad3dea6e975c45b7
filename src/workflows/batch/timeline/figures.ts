import { median } from '../../../core/median.ts'
import type { Outputs } from '../../../core/step.ts'

export type Report = Outputs['batch']
export type Host = Report['hosts'][number]
type Step = Host['steps'][number]

/** A time, in seconds after the beginning of the batch. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** A bar of a row: a step at work, or waiting for other hosts. */
export interface Bar extends Span {
  readonly step: string
  readonly isWaiting: boolean
  readonly isFailed: boolean
}

/** A host's steps as bars. That a step waited is known, not when: it waits before it does anything. */
export function barsOf(steps: readonly Step[]): Bar[] {
  return steps.flatMap(({ step, status, began, seconds, waited = 0 }): Bar[] => {
    const [turn, end] = [began + Math.min(waited, seconds), began + seconds]
    const isFailed = status === 'failed'
    return [
      ...(turn > began
        ? [{ step, from: began, to: turn, isWaiting: true, isFailed: isFailed && turn === end }]
        : []),
      ...(end > turn || isFailed ? [{ step, from: turn, to: end, isWaiting: false, isFailed }] : []),
    ]
  })
}

export interface StepTotal {
  readonly step: string
  readonly hosts: number
  /** Seconds at work, of all hosts. */
  readonly sum: number
  readonly median: number
  readonly max: number
  readonly slowest: string
  /** Seconds of waiting, of all hosts. */
  readonly waited: number
}

/** What each step took, in the order in which hosts take them. */
export function stepTotals(hosts: readonly Host[], order: readonly string[]): StepTotal[] {
  const times = new Map<string, { name: string; worked: number; waited: number }[]>()
  for (const { name, steps } of hosts) {
    for (const { step, seconds, waited = 0 } of steps) {
      if (seconds <= 0) continue
      const known = times.get(step) ?? []
      known.push({ name, worked: Math.max(0, seconds - waited), waited })
      times.set(step, known)
    }
  }
  const place = (step: string): number => (order.includes(step) ? order.indexOf(step) : order.length)
  return [...times]
    .map(([step, all]) => {
      const sorted = all.toSorted((a, b) => a.worked - b.worked)
      const { worked: max = 0, name: slowest = '' } = sorted.at(-1) ?? {}
      return {
        ...{ step, hosts: all.length, max, slowest },
        sum: all.reduce((sum, { worked }) => sum + worked, 0),
        waited: all.reduce((sum, { waited }) => sum + waited, 0),
        median: median(sorted.map(({ worked }) => worked)),
      }
    })
    .toSorted((a, b) => place(a.step) - place(b.step))
}

export interface Concurrency {
  /** Hosts at work, on average over each part of the time. */
  readonly working: readonly number[]
  readonly waiting: readonly number[]
  /** The most hosts under way at a time. */
  readonly peak: number
}

/** How many hosts were under way over time, in so many parts of equal length. */
export function concurrency(hosts: readonly Host[], seconds: number, parts: number): Concurrency {
  const [working, waiting] = [new Array<number>(parts).fill(0), new Array<number>(parts).fill(0)]
  const length = seconds / parts
  const add = (sums: number[], { from, to }: Span, sign = 1): void => {
    const last = Math.min(parts - 1, Math.floor(to / length))
    for (let part = Math.max(0, Math.floor(from / length)); part <= last; part++) {
      const within = Math.min(to, (part + 1) * length) - Math.max(from, part * length)
      sums[part] = (sums[part] ?? 0) + (sign * Math.max(0, within)) / length
    }
  }
  for (const host of hosts) {
    const whole = spanOf(host)
    if (whole === undefined) continue
    add(working, whole)
    for (const span of waitsOf(host)) {
      add(working, span, -1)
      add(waiting, span)
    }
  }
  const positive = (sums: readonly number[]): number[] => sums.map((sum) => Math.max(0, sum))
  return { working: positive(working), waiting: positive(waiting), peak: peakOf(hosts) }
}

/** Whether there was more to do than to look: those with nothing to do come and go in a moment, many at a time. */
export function isWorkedOn({ state }: Host): boolean {
  return state !== 'unchanged' && state !== 'not_begun'
}

/** From a host's beginning to its end; `undefined` where it never began. */
export function spanOf({ began, seconds, steps }: Host): Span | undefined {
  const from = began ?? steps[0]?.began
  return from === undefined || seconds <= 0 ? undefined : { from, to: from + seconds }
}

/** Times in which a host did nothing but wait. */
function waitsOf({ steps }: Host): Span[] {
  const bars = barsOf(steps)
  const work = bars.filter(({ isWaiting }) => !isWaiting)
  return bars
    .filter(({ isWaiting }) => isWaiting)
    .flatMap((wait) =>
      work.reduce<Span[]>((left, busy) => left.flatMap((span) => without(span, busy)), [wait]),
    )
}

function without({ from, to }: Span, other: Span): Span[] {
  if (other.to <= from || other.from >= to) return [{ from, to }]
  return [
    { from, to: other.from },
    { from: other.to, to },
  ].filter((span) => span.to > span.from)
}

/** Seconds by which the end of a host may seem later than the beginning of the one that took its place. */
const rounding = 0.003

function peakOf(hosts: readonly Host[]): number {
  const changes = hosts.flatMap((host) => {
    const span = spanOf(host)
    return span === undefined
      ? []
      : [
          { at: span.from, by: 1 },
          { at: span.to - rounding, by: -1 },
        ]
  })
  let [now, peak] = [0, 0]
  for (const { by } of changes.toSorted((a, b) => a.at - b.at || a.by - b.by)) {
    now += by
    peak = Math.max(peak, now)
  }
  return peak
}
