import type { StepEvent } from '../../core/events.ts'
import { formatBytes, formatSeconds } from '../../core/format.ts'

type Progress = Extract<StepEvent, { type: 'progress' }>

/** `412.0 MiB of 948.0 MiB (43 %), 81.0 MiB/s, 7 s left` */
export function progressText({ done, total, unit, rate, secondsLeft }: Progress): string {
  const amount = (value: number): string => (unit === 'bytes' ? formatBytes(value) : String(value))
  const percent = percentOf({ done, ...(total === undefined ? {} : { total }) })
  if (unit === 'percent') return `${Math.round(done)} %`
  const parts = [
    total === undefined
      ? amount(done)
      : `${amount(done)} of ${amount(total)}${percent === undefined ? '' : ` (${percent} %)`}`,
    ...(rate === undefined ? [] : [`${amount(rate)}/s`]),
    ...(secondsLeft === undefined || secondsLeft === 0 ? [] : [`${formatSeconds(secondsLeft)} left`]),
  ]
  return parts.join(', ')
}

/** Whole percents; `undefined` while the total is unknown. */
export function percentOf({ done, total }: { done: number; total?: number }): number | undefined {
  return total === undefined || total === 0 ? undefined : Math.floor((100 * done) / total)
}
