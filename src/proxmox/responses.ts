import { type ErrorCode, NciError } from '../core/errors.ts'
import { forbidden } from './forbidden.ts'
import { knownFailure } from './reasons.ts'

/** An answer of the API that is no success. */
export interface FailedResponse {
  /** What was asked for, to follow "Proxmox could not": `start the VM 101`. */
  readonly request: string
  readonly endpoint: string
  readonly user: string
  /** The node that was to answer, where the path names one. */
  readonly node?: string
  readonly status: number
  /** The reason phrase: Proxmox puts its message there. */
  readonly reason: string
  /** Seconds that the server asks to wait. */
  readonly retryAfter?: number
  /** `errors` of the body: what is wrong with each parameter. */
  readonly parameters: Readonly<Record<string, string>>
}

/** The error that an answer means. Texts are those of Proxmox 8.4 and 9.2. */
export function responseError(response: FailedResponse): NciError {
  const { request, endpoint, user, status, retryAfter } = response
  const reason = sentence(response.reason)
  const parameters = Object.entries(response.parameters)
    .map(([name, text]) => `${name} (${sentence(text)})`)
    .join(', ')
  const details = { request, endpoint, status, reason }
  if (status === 401) return new NciError('PVE_AUTH_FAILED', { ...details, user, check: whatToCheck(user) })
  if (status === 400) {
    return new NciError('PVE_PARAMETER', {
      ...details,
      reason: parameters || reason,
      parameters: parameters || reason,
      errors: response.parameters,
    })
  }
  const known = knownFailure(reason, { request, user, isAnswer: true, details: { endpoint, status } })
  if (known !== undefined) return known
  if (status === 403) return forbidden({ request, user, reason, details: { endpoint, status } })
  if ([429, 502, 503, 504].includes(status)) return new NciError('PVE_BUSY', { ...details, retryAfter })
  if (status >= 595 && status <= 599) {
    return new NciError('PVE_NODE_OFFLINE', { ...details, node: response.node ?? 'that has it' })
  }
  return new NciError('PVE_REQUEST_FAILED', details)
}

/** Whether a create was refused because its id is taken: somebody else was quicker. */
export function isVmidTaken(error: unknown): boolean {
  return (
    hasReason(error, 'PVE_REQUEST_FAILED') &&
    /(VM|CT) \d+ already exists|config file already exists/.test(String(error.details.reason))
  )
}

function hasReason(error: unknown, code: ErrorCode): error is NciError {
  return error instanceof NciError && error.code === code
}

/** Proxmox gives one answer to all that may be wrong. */
function whatToCheck(user: string): string {
  const [owner] = user.split('!')
  return user.includes('!')
    ? `the token's name and secret, and that neither it nor its user has expired: \`pveum user token list '${owner}'\` on a node lists the tokens`
    : `user, realm and password, and that the user is enabled and has not expired: \`pveum user list\` on a node lists the users`
}

/** A reason as part of a sentence: no trailing dot, no place in Perl code. */
function sentence(text: string): string {
  return text
    .replace(/ at \/\S+ line \d+\.?/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[.!]$/, '')
}
