import { NciError } from '../core/errors.ts'
import type { PasswordCredentials } from './credentials.ts'
import type { Answer, Parameters } from './exchange.ts'
import type { CodeSource, Waiting } from './totp.ts'

/** What a login gives: good for two hours. */
export interface Ticket {
  readonly value: string
  readonly csrfToken: string
  /** Milliseconds since 1970. */
  readonly obtained: number
}

/** What the login needs of the client. */
export interface LoginPort {
  readonly endpoint: string
  /** Sends `POST /access/ticket`; throws where no answer comes. */
  post(parameters: Parameters, signal: AbortSignal): Promise<Answer>
  /** The error that a refused login is. */
  refused(answer: Answer, signal: AbortSignal): Promise<NciError>
}

interface TicketData {
  readonly ticket: string
  readonly CSRFPreventionToken?: string
  /** The ticket is a challenge. */
  readonly NeedTFA?: number
}

/**
 * Logs in, with the second factor where one is asked for.
 *
 * @throws {NciError} `PVE_AUTH_FAILED`, `PVE_TFA_REQUIRED`, `PVE_TFA_FAILED`, `PVE_TOTP_SECRET_INVALID`, `PVE_NOT_PROXMOX`
 */
export async function logIn(
  port: LoginPort,
  { user: username, password }: PasswordCredentials,
  codes: CodeSource | undefined,
  waiting: Waiting,
): Promise<Ticket> {
  const { signal } = waiting
  // A code may have been used by another program in the same half minute: then the next one is tried.
  for (let attempt = 1; ; attempt++) {
    const answer = await port.post({ username, password }, signal)
    if (answer.status !== 200) throw await port.refused(answer, signal)
    const data = ticketData(port, answer)
    if (!data.NeedTFA) return ticketOf(data)
    const code = await codeFor(port, username, data.ticket, codes, waiting)
    const second = await port.post(
      { username, password: `totp:${code}`, 'tfa-challenge': data.ticket },
      signal,
    )
    if (second.status === 200) return ticketOf(ticketData(port, second))
    if (second.status !== 401) throw await port.refused(second, signal)
    if (attempt === 2 || codes?.isComputed !== true) {
      throw new NciError('PVE_TFA_FAILED', { endpoint: port.endpoint, user: username })
    }
  }
}

/** A new ticket for one that is still good: it counts as the password, and no second factor is asked for. */
export async function renew(
  port: LoginPort,
  { user: username }: PasswordCredentials,
  ticket: Ticket,
  signal: AbortSignal,
): Promise<Ticket> {
  const answer = await port.post({ username, password: ticket.value }, signal)
  if (answer.status !== 200) throw await port.refused(answer, signal)
  return ticketOf(ticketData(port, answer))
}

async function codeFor(
  { endpoint }: LoginPort,
  user: string,
  challenge: string,
  codes: CodeSource | undefined,
  waiting: Waiting,
): Promise<string> {
  const kinds = kindsOf(challenge)
  const details = { endpoint, user, kinds: kinds.join(', ') || 'of an unknown kind' }
  if (kinds.length > 0 && !kinds.includes('TOTP')) {
    const hint = 'Only TOTP can be answered here. Use an API token: it needs no second factor.'
    throw new NciError('PVE_TFA_REQUIRED', details, { hint })
  }
  const code = await codes?.next(waiting)
  if (code === undefined) throw new NciError('PVE_TFA_REQUIRED', details)
  return code
}

const kindNames: Readonly<Record<string, string>> = {
  totp: 'TOTP',
  recovery: 'recovery keys',
  yubico: 'Yubico OTP',
  u2f: 'U2F',
  webauthn: 'WebAuthn',
}

/** `PVE:!tfa!{"totp"%3Atrue,"recovery"%3A[0,1]}:6B033D84::<signature>` */
function kindsOf(challenge: string): string[] {
  const [, encoded = ''] = /^PVE:!tfa!([^:]*):/.exec(challenge) ?? []
  try {
    const kinds = JSON.parse(decodeURIComponent(encoded)) as Readonly<Record<string, unknown>>
    return Object.entries(kindNames).flatMap(([kind, name]) => (kinds[kind] ? [name] : []))
  } catch {
    return []
  }
}

function ticketData({ endpoint }: LoginPort, { document }: Answer): TicketData {
  const data = document?.data as Partial<TicketData> | null | undefined
  const ticket = data?.ticket
  const notProxmox = (reason: string): NciError => new NciError('PVE_NOT_PROXMOX', { endpoint, reason })
  if (typeof ticket !== 'string') throw notProxmox('the login was answered without a ticket')
  if (ticket.startsWith('PBS:')) throw notProxmox('it is a Proxmox Backup Server')
  if (ticket.startsWith('PMG:')) throw notProxmox('it is a Proxmox Mail Gateway')
  return { ...data, ticket }
}

function ticketOf({ ticket, CSRFPreventionToken = '' }: TicketData): Ticket {
  return { value: ticket, csrfToken: CSRFPreventionToken, obtained: Date.now() }
}
