import type { TOTP } from 'otpauth'
import { delay } from '../core/deadline.ts'
import { NciError } from '../core/errors.ts'
import type { PasswordCredentials } from './credentials.ts'

/** Is told the phase that begins: `waiting for the next one-time code`. */
export type Notify = (phase: string) => void

/** What whoever waits for something goes by. */
export interface Waiting {
  readonly signal: AbortSignal
  readonly notify: Notify
}

/** Where one-time codes come from. */
export interface CodeSource {
  /** Whether a code that is refused is not the only one that there will be. */
  readonly isComputed: boolean
  /** A code that was not used yet; waits for it where need be. `undefined`: there is no other. */
  next(waiting: Waiting): Promise<string | undefined>
}

/** The source of a user's codes; `undefined` where none was given. The secret wins over a single code. */
export function codeSource(credentials: PasswordCredentials): CodeSource | undefined {
  const { totpSecret, totpCode } = credentials
  if (totpSecret !== undefined) return new ComputedCodes(totpSecret)
  if (totpCode === undefined) return undefined
  const codes = [totpCode]
  return { isComputed: false, next: async () => codes.shift() }
}

/** Codes computed from the secret. The server takes each once, so none is given twice. */
class ComputedCodes implements CodeSource {
  readonly isComputed = true
  readonly #secret: string
  #generator: TOTP | undefined
  #lastPeriod = 0

  constructor(secret: string) {
    this.#secret = secret
  }

  async next({ signal, notify }: Waiting): Promise<string> {
    this.#generator ??= await readSecret(this.#secret)
    const milliseconds = this.#generator.period * 1000
    const now = Date.now()
    const period = Math.max(Math.floor(now / milliseconds), this.#lastPeriod + 1)
    this.#lastPeriod = period
    const start = period * milliseconds
    if (start > now) {
      notify('waiting for the next one-time code')
      await delay(start - now, signal)
      notify('logging in')
    }
    return this.#generator.generate({ timestamp: start })
  }
}

/** @throws {NciError} `PVE_TOTP_SECRET_INVALID`, without the secret */
async function readSecret(text: string): Promise<TOTP> {
  const otpauth = await import('otpauth')
  const invalid = (reason: string): NciError => new NciError('PVE_TOTP_SECRET_INVALID', { reason })
  if (/^otpauth:/i.test(text.trim())) {
    let parsed: unknown
    try {
      parsed = otpauth.URI.parse(text.trim())
    } catch {
      throw invalid('it is no complete otpauth:// URI')
    }
    if (parsed instanceof otpauth.TOTP) return parsed
    throw invalid('its codes count uses, not time (HOTP)')
  }
  const digits = text.replace(/[\s-]/g, '').toUpperCase()
  if (!/^[A-Z2-7]+=*$/.test(digits)) throw invalid('it is neither base32 nor an otpauth:// URI')
  return new otpauth.TOTP({ secret: digits })
}
