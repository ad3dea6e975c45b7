import { createHmac, randomUUID } from 'node:crypto'

/** A user's TOTP secrets and what is known of his failures. */
interface UserFactors {
  readonly entries: TotpEntry[]
  failures: number
  locked: boolean
}

interface TotpEntry {
  readonly id: string
  readonly description: string
  readonly created: number
  /** Base32. */
  readonly secret: string
  /** The time step of the last code that was accepted: that code and those before it are used up. */
  lastStep: number
}

/** What is kept over a restart. */
export type SavedFactors = Readonly<Record<string, UserFactors>>

const stepSeconds = 30
/** A code of the step before or after counts too: clocks differ. */
const tolerance = 1
const failureLimit = 8

/** The users' second factors: time-based one-time passwords. */
export class SecondFactors {
  readonly #users = new Map<string, UserFactors>()

  constructor(saved: SavedFactors = {}) {
    for (const [userid, factors] of Object.entries(saved)) this.#users.set(userid, structuredClone(factors))
  }

  /** Gives a user a TOTP secret (base32); nothing happens if he has it. */
  addTotp(userid: string, secret: string, description = 'TOTP'): void {
    const factors = this.#users.get(userid) ?? { entries: [], failures: 0, locked: false }
    if (factors.entries.some((entry) => entry.secret === secret)) return
    decodeBase32(secret)
    factors.entries.push({ id: randomUUID(), description, created: now(), secret, lastStep: 0 })
    this.#users.set(userid, factors)
  }

  /** What the user has to answer, as JSON; `undefined` if he has no second factor. */
  challenge(userid: string): string | undefined {
    return this.#users.has(userid) ? JSON.stringify({ totp: true }) : undefined
  }

  /** Whether `totp:123456` is right: a code counts once, and none does after too many failures. */
  verify(userid: string, response: string): boolean {
    const factors = this.#users.get(userid)
    const code = /^totp:(.*)$/.exec(response)?.[1]
    if (factors === undefined || code === undefined || factors.locked) return false
    if (factors.entries.some((entry) => accepts(entry, code))) {
      factors.failures = 0
      return true
    }
    factors.failures++
    factors.locked = factors.failures >= failureLimit
    return false
  }

  /** Lets a user try again; the result says whether he was locked. */
  unlock(userid: string): boolean {
    const factors = this.#users.get(userid)
    const wasLocked = factors?.locked === true
    if (factors !== undefined) factors.locked = false
    return wasLocked
  }

  isLocked(userid: string): boolean {
    return this.#users.get(userid)?.locked === true
  }

  remove(userid: string): void {
    this.#users.delete(userid)
  }

  /** The entries of one user, as the API lists them. */
  list(userid: string): Record<string, unknown>[] {
    const entries = this.#users.get(userid)?.entries ?? []
    return entries.map(({ id, description, created }) => ({ id, type: 'totp', description, created }))
  }

  /** The users who have a second factor. */
  get users(): string[] {
    return [...this.#users.keys()]
  }

  save(): SavedFactors {
    return Object.fromEntries(this.#users)
  }
}

/** The code of RFC 6238 with its usual parameters (SHA-1, 6 digits) for a time step. */
export function totpCode(secret: string, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const digest = createHmac('sha1', decodeBase32(secret)).update(counter).digest()
  const offset = (digest.at(-1) ?? 0) & 0xf
  const number = digest.readUInt32BE(offset) & 0x7fffffff
  return String(number % 1_000_000).padStart(6, '0')
}

/** The time step of a moment, in seconds since 1970. */
export function totpStep(seconds: number = now()): number {
  return Math.floor(seconds / stepSeconds)
}

function accepts(entry: TotpEntry, code: string): boolean {
  const current = totpStep()
  for (let step = current - tolerance; step <= current + tolerance; step++) {
    if (totpCode(entry.secret, step) !== code) continue
    if (step <= entry.lastStep) return false
    entry.lastStep = step
    return true
  }
  return false
}

function decodeBase32(text: string): Buffer {
  const digits = text.toUpperCase().replaceAll(/[\s=-]/g, '')
  if (!/^[A-Z2-7]+$/.test(digits)) throw new Error('a TOTP secret is written in base32')
  const bits = [...digits]
    .map((digit) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(digit).toString(2).padStart(5, '0'))
    .join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}

function now(): number {
  return Math.floor(Date.now() / 1000)
}
