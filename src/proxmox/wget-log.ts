import type { StepEvent } from '../core/events.ts'

type Progress = Extract<StepEvent, { type: 'progress' }>

const powers: Readonly<Record<string, number>> = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 }
const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }

/** Reads progress out of the log of a download, which has the lines of `wget --progress=dot:giga`. */
export class WgetLog {
  #total: number | undefined

  /** @returns `undefined` for a line that tells no progress */
  read(line: string): Progress | undefined {
    const length = /^Length: (\d+)/.exec(line)?.[1]
    if (length !== undefined) this.#total = Number(length)
    const total = this.#total
    // `32768K ........ ........ ........ ........ 50% 19.4M 2s`; the last line ends with the time that it took: `=3s`.
    const [, percent, rate, power = '', end, time = ''] =
      /^ *\d+K[ .]+(\d+)%(?: +([\d.]+)([KMG]?)(?:(=| )([\dsmhd.]+))?)?/.exec(line) ?? []
    if (percent === undefined || total === undefined) return undefined
    return {
      type: 'progress',
      done: Math.floor((total * Number(percent)) / 100),
      total,
      unit: 'bytes',
      ...(Number(rate) > 0 ? { rate: Math.round(Number(rate) * (powers[power] ?? 1)) } : {}),
      ...(end === '=' ? { secondsLeft: 0 } : time === '' ? {} : { secondsLeft: secondsOf(time) }),
    }
  }
}

/** `2s`, `1m30s`, `1h2m` */
function secondsOf(time: string): number {
  return [...time.matchAll(/([\d.]+)([smhd])/g)].reduce(
    (sum, [, number, unit = '']) => sum + Number(number) * (seconds[unit] ?? 0),
    0,
  )
}

/** Without the queries of URLs, also of those that a redirection leads to: they may hold signatures. */
export function hideQueries(text: string): string {
  return text.replace(/((?:https?:\/\/|Location: )[^\s?'"]*)\?[^\s'"]*/g, '$1?…')
}
