import { stripVTControlCharacters } from 'node:util'
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

/** A text from elsewhere without what would move the cursor or break the row. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/\p{Cc}+/gu, ' ')
}

/** Cuts a text to a number of columns, with an ellipsis where something is lost; wide characters take two. */
export function cut(text: string, columns: number): string {
  if (text.length * 2 <= columns) return text
  let [width, kept, fitting] = [0, 0, 0]
  for (const character of text) {
    width += wide.test(character) ? 2 : 1
    if (width > columns) return `${text.slice(0, fitting)}…`.slice(0, Math.max(0, columns))
    kept += character.length
    if (width < columns) fitting = kept
  }
  return text
}

/** The same in the middle: names of hosts often differ at their ends only. */
export function cutMiddle(text: string, columns: number): string {
  if (cut(text, columns) === text) return text
  const ofEnd = Math.floor((columns - 1) / 2)
  const end = reversed(cut(reversed(text), ofEnd + 1)).replace(/^…/, '')
  return `${cut(text, columns - ofEnd)}${end}`
}

function reversed(text: string): string {
  return [...text].toReversed().join('')
}

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}]/u
