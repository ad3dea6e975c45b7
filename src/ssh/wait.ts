import { delay } from '../core/deadline.ts'
import { isNciError, type NciError } from '../core/errors.ts'
import type { Address } from './address-map.ts'
import { type Facts, readFacts } from './facts.ts'
import { ConnectFailure, knock, type Login, openSession, type Stage, stages } from './session.ts'

/** How to try: looked up anew before each attempt, because addresses and host keys become known while a machine boots. */
export interface Attempt extends Omit<Login, 'address'> {
  /** `undefined` while no address is known. */
  readonly address: Address | undefined
  /** Only look whether an SSH server answers; log in once its host key is known. */
  readonly knock: boolean
}

export interface WaitOptions {
  readonly signal: AbortSignal
  prepare(): Promise<Attempt>
  /** A machine answered: whether it is the expected one (`true`), or not yet. May throw to give up. */
  accept(facts: Facts, hostKey: string): boolean
  /** A stage was reached that was not reached before. */
  onStage(stage: Stage): void
  /** The host key was another one: `true` to go on trying. */
  onMismatch(error: NciError): Promise<boolean> | boolean
}

export interface Reached {
  readonly facts: Facts
  readonly hostKey: string
  readonly address: Address
}

const pause = 1000
// OpenSSH 9.8 refuses a client for longer and longer after failed logins.
const longestPauseAfterRefusal = 5000

/**
 * Tries until a login by key runs a command and the machine that answers is the expected one. An open port is not
 * enough: keys arrive after sshd starts.
 *
 * @throws the reason of the signal, and what `accept` throws
 */
export async function waitForLogin(options: WaitOptions): Promise<Reached> {
  const { signal } = options
  let furthest = -1
  const reached = (stage: Stage): void => {
    const index = stages.indexOf(stage)
    if (index <= furthest) return
    furthest = index
    options.onStage(stage)
  }
  for (let refusals = 0; ; ) {
    signal.throwIfAborted()
    const attempt = await options.prepare()
    if (attempt.address !== undefined) {
      const { address } = attempt
      reached('address')
      try {
        if (attempt.knock) {
          await knock(address, signal)
          reached('banner')
        } else {
          await using session = await openSession({ ...attempt, address }, signal)
          reached('login')
          const facts = await readFacts(session, signal)
          if (facts !== undefined) {
            reached('command')
            if (options.accept(facts, session.hostKey)) return { facts, hostKey: session.hostKey, address }
          }
        }
      } catch (error) {
        signal.throwIfAborted()
        if (error instanceof ConnectFailure) {
          reached(stages[stages.indexOf(error.stage) - 1] ?? 'address')
          if (error.stage === 'login') refusals++
        } else if (isNciError(error, 'SSH_HOST_KEY_MISMATCH')) {
          reached('banner')
          if (!(await options.onMismatch(error))) throw error
        } else if (!isNciError(error, 'SSH_CONNECTION_LOST')) {
          throw error
        }
      }
    }
    await delay(Math.min(longestPauseAfterRefusal, pause * 1.5 ** refusals), signal)
  }
}
