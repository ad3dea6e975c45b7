import { median } from '../../core/median.ts'

export interface Course {
  /** Seconds that each host took that is done, of those on which there was something to do; without waiting. */
  readonly durations: readonly number[]
  /** The same of each host that runs or waits. */
  readonly running: readonly number[]
  /** Hosts that have not begun. */
  readonly toGo: number
  /** Seconds since the beginning. */
  readonly elapsed: number
}

/** So many hosts must be done before anything is said, and so large a part of all. */
const fewest = 3
const part = 0.05

/**
 * Seconds that the rest of a batch will take: the hosts' time that is left, with as many at once as there were so far.
 * `undefined` while too few hosts are done to tell.
 */
export function remainingSeconds({ durations, running, toGo, elapsed }: Course): number | undefined {
  const all = durations.length + running.length + toGo
  if (durations.length < Math.max(fewest, part * all) || running.length + toGo === 0) return undefined
  const typical = median(durations)
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
  const atOnce = Math.max(1, (sum(durations) + sum(running)) / elapsed)
  // A host that takes longer than others did is about to end, or is stuck: some of its time is left in any case.
  const left = running.map((seconds) => Math.max(typical - seconds, typical / 10))
  return Math.max((sum(left) + toGo * typical) / Math.min(atOnce, running.length + toGo), ...left)
}

/** Roughly, as an estimate is: `less than a minute`, `about 20 min`, `about 2 h 10 min`. */
export function roughly(seconds: number): string {
  if (seconds < 55) return 'less than a minute'
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `about ${minutes} min`
  const tens = Math.round((minutes % 60) / 10) * 10
  const hours = Math.floor(minutes / 60) + (tens === 60 ? 1 : 0)
  return `about ${hours} h${tens % 60 === 0 ? '' : ` ${tens} min`}`
}
