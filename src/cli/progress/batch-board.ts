import type { ProgressEvent, StepStatus } from '../../core/events.ts'
import { remainingSeconds } from './batch-estimate.ts'
import type { BatchSize, StepTitle } from './renderer.ts'
import { percentOf, printable, progressText } from './text.ts'

/** A step of a host, or shared work, that is under way. */
export interface Running {
  readonly step: string
  /** For people. */
  readonly title: string
  /** Milliseconds on the clock of `performance`. */
  readonly began: number
  phase: string
  progress?: Extract<ProgressEvent, { type: 'progress' }>
}

export interface RunningHost {
  readonly began: number
  /** When it last got its turn. */
  since: number
  /** Milliseconds that it waited for its turn until then. */
  waited: number
  /** When the wait began that it is in. */
  waitingSince?: number
  /** The last one to begin is what is shown. */
  readonly steps: Running[]
}

export interface FailedHost {
  readonly name: string
  readonly code: string
  /** Where it failed, for people; empty where no step did. */
  readonly step: string
  readonly seconds: number
}

export interface HostEnd {
  readonly status: StepStatus
  readonly error?: string
  readonly seconds: number
}

/** Where a batch is: events make it, and it costs the same for ten hosts and for a thousand. */
export class BatchBoard {
  readonly began = performance.now()
  readonly shared = new Map<string, Running>()
  /** In the order in which they began or got their turn: whoever has run longest comes first. */
  readonly running = new Map<string, RunningHost>()
  readonly failed: FailedHost[] = []
  /** Hosts that ended and did not fail. */
  done = 0
  /** Hosts that ended as the batch was interrupted. */
  interrupted = 0
  readonly hosts: number
  readonly #titles: ReadonlyMap<string, string>
  readonly #failedSteps = new Map<string, string>()
  /** Seconds that it took where there was something to do, without the waiting. */
  readonly #durations: number[] = []

  constructor(steps: readonly StepTitle[], { hosts }: BatchSize) {
    this.hosts = hosts
    this.#titles = new Map(steps.map(({ step, title }) => [step, title]))
  }

  get toGo(): number {
    const ended = this.done + this.failed.length + this.interrupted
    return Math.max(0, this.hosts - ended - this.running.size)
  }

  /** `37 of 100 done, 2 failed` */
  get counts(): string {
    const failed = this.failed.length === 0 ? '' : `, ${this.failed.length} failed`
    const interrupted = this.interrupted === 0 ? '' : `, ${this.interrupted} interrupted`
    return `${this.done} of ${this.hosts} done${failed}${interrupted}`
  }

  /** Seconds that the rest will take, where that can be told. */
  secondsLeft(now: number): number | undefined {
    const running = [...this.running.values()].map((host) => workedSeconds(host, now))
    const elapsed = (now - this.began) / 1000
    return remainingSeconds({ durations: this.#durations, running, toGo: this.toGo, elapsed })
  }

  /** @returns how a host ended, where the event says so */
  take(event: ProgressEvent): HostEnd | undefined {
    if (event.step === 'provision' && event.host !== undefined) return this.#takeHost(event.host, event)
    if (event.shared !== undefined) this.#takeShared(`${event.step} ${event.shared}`, event)
    else if (event.host !== undefined) {
      this.#takeStep(event.host, event)
      this.#noteTurn(event.host)
    }
    return undefined
  }

  #takeHost(name: string, event: ProgressEvent): HostEnd | undefined {
    const now = performance.now()
    if (event.type === 'start') this.running.set(name, { began: now, since: now, waited: 0, steps: [] })
    if (event.type !== 'end') return undefined
    const host = this.running.get(name)
    const seconds = host === undefined ? 0 : (now - host.began) / 1000
    this.running.delete(name)
    if (event.status === 'failed' && event.error === 'INTERRUPTED') this.interrupted++
    else if (event.status === 'failed') {
      const step = this.#failedSteps.get(name) ?? ''
      this.failed.push({ name, code: event.error ?? 'failed', step, seconds })
    } else if (event.status !== 'skipped') {
      this.done++
      if (event.status === 'changed' && host !== undefined) this.#durations.push(workedSeconds(host, now))
    }
    const { status, error } = event
    return { status, seconds, ...(error === undefined ? {} : { error }) }
  }

  #takeShared(key: string, event: ProgressEvent): void {
    if (event.type === 'start') this.shared.set(key, this.#begun(event.step, event.shared))
    else if (event.type === 'end') this.shared.delete(key)
    else note(this.shared.get(key), event)
  }

  #takeStep(host: string, event: ProgressEvent): void {
    const steps = this.running.get(host)?.steps
    if (event.type === 'start') steps?.push(this.#begun(event.step))
    const index = steps?.findLastIndex(({ step }) => step === event.step) ?? -1
    if (event.type === 'end') {
      if (index >= 0) steps?.splice(index, 1)
      if (event.status === 'failed') this.#failedSteps.set(host, this.#title(event.step))
    } else note(steps?.[index], event)
  }

  /** Keeps the time that a host waits, and moves it behind those that run already when it gets its turn. */
  #noteTurn(name: string): void {
    const host = this.running.get(name)
    if (host === undefined || isQueued(host) === (host.waitingSince !== undefined)) return
    const now = performance.now()
    if (host.waitingSince === undefined) {
      host.waitingSince = now
      return
    }
    host.waited += now - host.waitingSince
    delete host.waitingSince
    host.since = now
    this.running.delete(name)
    this.running.set(name, host)
  }

  #begun(step: string, of?: string): Running {
    const title = of === undefined ? this.#title(step) : `${this.#title(step)}: ${printable(of)}`
    return { step, title, began: performance.now(), phase: '' }
  }

  #title(step: string): string {
    return this.#titles.get(step) ?? step
  }
}

/** `copying closure: 412.0 MiB of 948.0 MiB (43 %), 81.0 MiB/s, 7 s left`, or its percents alone where it is to be short. */
export function detailOf({ phase, progress }: Running, isShort: boolean): string {
  const percent = progress?.unit === 'percent' ? Math.round(progress.done) : progress && percentOf(progress)
  const short = percent === undefined ? undefined : `${percent} %`
  const detail = progress === undefined ? undefined : isShort ? short : progressText(progress)
  return [printable(phase), detail].filter((part) => part !== undefined && part !== '').join(': ')
}

/** Whether it only waits for its turn. */
export function isQueued({ steps }: RunningHost): boolean {
  return steps.at(-1)?.phase.startsWith('waiting for a place') === true
}

function workedSeconds({ began, waited, waitingSince }: RunningHost, now: number): number {
  return ((waitingSince ?? now) - began - waited) / 1000
}

function note(running: Running | undefined, event: ProgressEvent): void {
  if (running === undefined) return
  if (event.type === 'phase') {
    running.phase = event.phase
    delete running.progress
  } else if (event.type === 'progress') running.progress = event
}
