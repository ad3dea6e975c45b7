import { delay } from '../core/deadline.ts'
import { isNciError, type NciError } from '../core/errors.ts'
import { maxAuthTries } from './authentication.ts'
import { Silence } from './banner.ts'
import { type Facts, readFacts } from './facts.ts'
import type { Route } from './jump.ts'
import type { LoginKey } from './keys.ts'
import { type Login, openSession, readHostKey, type Session } from './session.ts'
import { ConnectFailure, knock, type OpeningPatience, type Stage, stages, usualSilence } from './stream.ts'

/** How to try: looked up anew before each attempt, because addresses and host keys become known while a machine boots. */
export interface Attempt extends Omit<Login, 'address' | 'key'> {
  /** `undefined` while no address is known. */
  readonly address: Route | undefined
  /** `undefined`: nobody can log in, and the host key is all that is looked at. */
  readonly key: LoginKey | undefined
  /** Only look whether an SSH server answers; log in once its host key is known. */
  readonly knock: boolean
}

/** Whether a machine is the expected one: yes, another one as yet, or it will be and is asked again soon. */
export type Verdict = boolean | 'soon'

export interface WaitOptions {
  readonly signal: AbortSignal
  prepare(): Promise<Attempt>
  /** A machine answered. May throw to give up. */
  accept(facts: Facts, hostKey: string): Verdict
  /** A stage was reached that was not reached before, or not since the machine went silent: `address` and `tcp` say so. */
  onStage(stage: Stage): void
  /** The host key was another one: `true` to go on trying. */
  onMismatch(error: NciError): Promise<boolean> | boolean
  /** No jump host was reached, or again. What comes through is told the same way, with nothing. */
  onJump?(error: NciError | undefined): void
  /** Milliseconds that a jump host may be out of reach; a minute unless given. */
  readonly jumpPatience?: number
}

export interface Reached {
  readonly facts: Facts
  readonly hostKey: string
  readonly address: Route
  /** Whether it was logged in to. Where only the host key was looked at, the facts are unknown. */
  readonly proof: 'login' | 'host-key'
}

/** From this stage on there is an SSH server. */
const answering = stages.indexOf('banner')

/** Milliseconds from the beginning of one connection to that of the next. */
const period = 1000
// OpenSSH 9.8 adds 5 s of penalty for each connection without a login, and refuses a client from 15 s on.
const longestPeriod = 5000
/** Milliseconds that a connection may take: the first packet may get lost while the network comes up. */
const connectTimeout = 2000
const shortestRetryPause = 400
const soon = 500
/** A machine that hangs while it says what it is, is asked anew. */
const factsTimeout = 60_000
/** Attempts in a row that are not answered, after which a machine counts as silent: one may be a hiccup. */
const enoughUnanswered = 2
/** A jump host may have a hiccup; one that refuses us goes on doing so. */
const jumpRefusals = 3
const usualJumpPatience = 60_000

/**
 * Tries until a login by key runs a command and the machine that answers is the expected one. An open port is not
 * enough: keys arrive after sshd starts.
 *
 * @throws {NciError} `SSH_HOST_KEY_MISMATCH`, `SSH_HOST_KEY_REVOKED`, `SSH_JUMP_FAILED`; the reason of the signal; what `accept` throws
 */
export async function waitForLogin(options: WaitOptions): Promise<Reached> {
  const { signal } = options
  const progress = new Progress(options.onStage)
  const reached = (stage: Stage): void => progress.reached(stage)
  const pace = new Pace(signal)
  const jumps = new JumpWatch(options)
  for (let refusals = 0; ; ) {
    const attempt = await pace.prepare(() => options.prepare())
    const spacing = Math.min(longestPeriod, period * 1.5 ** refusals)
    const onOpening = (): void => pace.next(spacing)
    onOpening()
    if (attempt.address === undefined) continue
    reached('address')
    try {
      const patience = { connectTimeout, onOpening, silence: progress.silence }
      const found = await tryOnce(attempt, attempt.address, spacing, patience, { ...options, reached })
      if (found !== undefined) return found
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof ConnectFailure) {
        if (progress.failed(error) === 'down') refusals = 0
        if (error.stage === 'login') refusals++
      } else if (isNciError(error, 'SSH_HOST_KEY_MISMATCH')) {
        reached('banner')
        if (!(await options.onMismatch(error))) throw error
      } else if (isNciError(error, 'SSH_JUMP_FAILED')) {
        jumps.failed(error)
        continue
      } else if (!isNciError(error, 'SSH_CONNECTION_LOST')) {
        throw error
      }
    }
    jumps.passed()
  }
}

/** How far the machine that is waited for has come; it may go down on the way. */
class Progress {
  readonly #onStage: (stage: Stage) => void
  #furthest = -1
  /** Attempts in a row that were not answered, and those that hung. */
  #unanswered = 0
  #hung = 0

  constructor(onStage: (stage: Stage) => void) {
    this.#onStage = onStage
  }

  /**
   * Milliseconds until a connection that hangs gets another beside it. Where sshd stands still, all of them wait for it,
   * and are held against us once it goes on: fewer and fewer are opened.
   */
  get silence(): number {
    return usualSilence * 2 ** Math.min(this.#hung, 3)
  }

  reached(stage: Stage): void {
    const index = stages.indexOf(stage)
    if (index >= answering) this.#unanswered = this.#hung = 0
    if (index <= this.#furthest) return
    this.#furthest = index
    this.#onStage(stage)
  }

  /** @returns `down` where it had answered and does so no longer: what comes next may be another system */
  failed({ stage, cause }: ConnectFailure): 'down' | undefined {
    const last = stages.indexOf(stage) - 1
    if (last < answering) this.#unanswered++
    this.#hung = cause instanceof Silence ? this.#hung + 1 : 0
    const isDown = this.#unanswered >= enoughUnanswered && this.#furthest >= answering
    if (isDown) this.#furthest = last - 1
    this.reached(stages[last] ?? 'address')
    return isDown ? 'down' : undefined
  }
}

/** Counts what fails on the way, and gives up on it in time. */
class JumpWatch {
  readonly #options: WaitOptions
  #refusals = 0
  #since: number | undefined

  constructor(options: WaitOptions) {
    this.#options = options
  }

  failed(error: NciError): void {
    this.#since ??= performance.now()
    this.#refusals = error.details.fault === 'refused' ? this.#refusals + 1 : 0
    const isOver = performance.now() - this.#since >= (this.#options.jumpPatience ?? usualJumpPatience)
    if (isOver || this.#refusals >= jumpRefusals) throw error
    this.#options.onJump?.(error)
  }

  passed(): void {
    this.#since = undefined
    this.#refusals = 0
    this.#options.onJump?.(undefined)
  }
}

type Trying = Pick<WaitOptions, 'signal' | 'accept'> & { reached(stage: Stage): void }

async function tryOnce(
  attempt: Attempt,
  address: Route,
  spacing: number,
  patience: OpeningPatience,
  options: Trying,
): Promise<Reached | undefined> {
  const { signal, reached } = options
  const { key } = attempt
  if (attempt.knock) {
    await knock(address, signal, patience)
    reached('banner')
    return undefined
  }
  if (key === undefined) {
    const hostKey = await readHostKey({ ...attempt, address }, signal, patience)
    reached('host-key')
    return { facts: unknownFacts, hostKey, address, proof: 'host-key' }
  }
  // A key that is refused is tried again on the same connection until it is time for the next.
  const retryPause = Math.max(shortestRetryPause, spacing / maxAuthTries)
  await using session = await openSession({ ...attempt, key, address }, signal, {
    ...patience,
    retryPause,
  })
  reached('login')
  const facts = await acceptedFacts(session, options)
  return facts && { facts, hostKey: session.hostKey, address, proof: 'login' }
}

/** What the machine says of itself, once it is the expected one. */
async function acceptedFacts(
  session: Session,
  { signal, accept, reached }: Trying,
): Promise<Facts | undefined> {
  for (;;) {
    const facts = await readFacts(
      session,
      AbortSignal.any([signal, AbortSignal.timeout(factsTimeout)]),
    ).catch((error: unknown) => {
      signal.throwIfAborted()
      if (isNciError(error)) throw error
      return undefined
    })
    if (facts === undefined) return undefined
    reached('command')
    const verdict = accept(facts, session.hostKey)
    if (verdict === true && facts.cloudInit === 'done') reached('cloud-init')
    if (verdict !== 'soon') return verdict ? facts : undefined
    await delay(soon, signal)
  }
}

/** Keeps connections apart. Preparing one takes time as well, and is begun so early that it costs none. */
class Pace {
  readonly #signal: AbortSignal
  /** When the next connection is due, and how long preparing the last one took. */
  #due = 0
  #lead = 0

  constructor(signal: AbortSignal) {
    this.#signal = signal
  }

  async prepare<Value>(prepare: () => Promise<Value>): Promise<Value> {
    await this.#until(this.#due - this.#lead)
    const began = performance.now()
    const value = await prepare()
    this.#lead = Math.min(performance.now() - began, period / 2)
    await this.#until(this.#due)
    return value
  }

  /** A connection begins now. */
  next(spacing: number): void {
    this.#due = performance.now() + spacing
  }

  async #until(time: number): Promise<void> {
    this.#signal.throwIfAborted()
    const left = time - performance.now()
    if (left > 0) await delay(left, this.#signal)
  }
}

/** Of a machine that nobody logged in to. */
const unknownFacts: Facts = {
  hostname: '',
  os: '',
  installer: false,
  uuid: undefined,
  system: undefined,
  bootId: '',
  architecture: '',
  memoryMib: 0,
  cloudInit: 'absent',
  disks: [],
  mounted: [],
}
