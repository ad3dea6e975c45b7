import { createHmac, timingSafeEqual } from 'node:crypto'

const lifetime = 2 * 3600
/** How far a clock may be ahead. */
const grace = 300

/** Signs and checks tickets and CSRF tokens. */
export class Tickets {
  readonly #key: Buffer

  constructor(key: Buffer) {
    this.#key = key
  }

  /** `PVE:root@pam:6B033D84::<signature>` */
  create(userid: string): string {
    return this.#signed(`PVE:${userid}:${hexTime()}`)
  }

  /** The user name in a valid ticket. Whether the user still exists is not its business. */
  user(ticket: string): string | undefined {
    const name = this.#content(ticket)
    return name === undefined || name.startsWith('!tfa!') ? undefined : name
  }

  /** A ticket that asks for the second factor; it is bound to the user, whose name it does not contain. */
  createChallenge(userid: string, challenge: string): string {
    return this.#signed(`PVE:!tfa!${challenge.replaceAll(':', '%3A')}:${hexTime()}`, userid)
  }

  /** The challenge in a valid ticket of that user. */
  challenge(ticket: string, userid: string): string | undefined {
    const content = this.#content(ticket, userid)
    return content?.startsWith('!tfa!') ? content.slice(5).replaceAll('%3A', ':') : undefined
  }

  /** The token that writes with a ticket need. */
  createCsrfToken(userid: string): string {
    const time = hexTime()
    return `${time}:${this.#sign(`csrf:${time}:${userid}`)}`
  }

  /** Whether it is that user's, and not too old. */
  checkCsrfToken(userid: string, token: string | undefined): boolean {
    const [, time = '', signature = ''] = /^([0-9A-F]{8}):(.*)$/.exec(token ?? '') ?? []
    return isCurrent(time) && equal(signature, this.#sign(`csrf:${time}:${userid}`))
  }

  #content(ticket: string, bound = ''): string | undefined {
    const match = /^(PVE:([^:]+):([0-9A-F]{8}))::(\S+)$/.exec(ticket)
    if (match === null) return undefined
    const [, text = '', content = '', time = '', signature = ''] = match
    return isCurrent(time) && equal(signature, this.#sign(`${text}:${bound}`)) ? content : undefined
  }

  #signed(text: string, bound = ''): string {
    return `${text}::${this.#sign(`${text}:${bound}`)}`
  }

  #sign(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('base64')
  }
}

function hexTime(): string {
  return now().toString(16).toUpperCase().padStart(8, '0')
}

function isCurrent(time: string): boolean {
  const age = now() - Number.parseInt(time, 16)
  return age <= lifetime && age >= -grace
}

function now(): number {
  return Math.floor(Date.now() / 1000)
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
