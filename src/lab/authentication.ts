import type { IncomingHttpHeaders } from 'node:http'
import type { Access } from './access.ts'
import { ApiError } from './api-error.ts'

/** Who sent a request. */
export interface Identity {
  /** `root@pam` or `root@pam!token`. */
  readonly id: string
  readonly userid: string
  readonly isToken: boolean
}

/** Whether it is root@pam with a ticket: some options are for him alone. */
export function isRoot(identity: Identity): boolean {
  return identity.id === 'root@pam'
}

/** Finds out who sent a request; throws the 401, with its empty body. A ticket beats a token. */
export function authenticate(
  access: Access,
  method: string,
  headers: IncomingHttpHeaders,
  options: { readonly isUpload: boolean },
): Identity {
  const authorization = headers.authorization ?? ''
  const cookie = ticketCookie(headers.cookie) ?? /^PVEAuthCookie=(.+)$/.exec(authorization)?.[1]
  if (cookie !== undefined) {
    const userid = access.ticketUser(decode(cookie))
    if (userid === undefined) throw unauthorized('Authentication failed!')
    // Browsers cannot add the header to an upload.
    if (method !== 'GET' && !options.isUpload) checkCsrfToken(access, userid, headers)
    return { id: userid, userid, isToken: false }
  }
  const token = /^PVEAPIToken[ =](.+)$/.exec(authorization)?.[1]
  if (token === undefined) throw unauthorized('No ticket')
  const id = access.tokenId(decode(token))
  if (id === undefined) throw unauthorized('Authentication failed!')
  return { id, userid: id.split('!')[0] ?? '', isToken: true }
}

function checkCsrfToken(access: Access, userid: string, headers: IncomingHttpHeaders): void {
  const token = headers.csrfpreventiontoken
  if (!access.tickets.checkCsrfToken(userid, Array.isArray(token) ? token[0] : token)) {
    throw unauthorized('Permission denied - invalid csrf token')
  }
}

function ticketCookie(cookies: string | undefined): string | undefined {
  return /(?:^|;)\s*PVEAuthCookie=([^;]*)/.exec(cookies ?? '')?.[1]
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function unauthorized(reason: string): ApiError {
  return new ApiError(401, reason, { body: '' })
}
