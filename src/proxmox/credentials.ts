import { NciError } from '../core/errors.ts'

/** How requests are authorised. */
export type Credentials = TokenCredentials | PasswordCredentials

export interface TokenCredentials {
  readonly kind: 'token'
  readonly user: string
  readonly header: string
}

export interface PasswordCredentials {
  readonly kind: 'password'
  readonly user: string
  readonly password: string
  /** What one-time codes are computed from: base32, or an otpauth:// URI. */
  readonly totpSecret?: string
  /** One one-time code. */
  readonly totpCode?: string
}

/** The connection properties that name the user. */
export interface CredentialOptions {
  readonly api_user?: string
  readonly api_password?: string
  readonly api_totp_secret?: string
  readonly api_totp?: string
  readonly api_token_id?: string
  readonly api_token_secret?: string
}

/**
 * The credentials of a connection; a token wins over a password, and is never asked for a second factor.
 *
 * @throws {NciError} `PVE_CREDENTIALS_MISSING`
 */
export function credentialsOf(options: CredentialOptions): Credentials {
  const { api_user: user, api_password: password, api_token_id: id, api_token_secret: secret } = options
  const missing = (what: string): NciError => new NciError('PVE_CREDENTIALS_MISSING', { missing: what })
  if (id !== undefined || secret !== undefined) {
    if (id === undefined) throw missing('`api_token_id`')
    if (secret === undefined) throw missing('`api_token_secret`')
    if (!id.includes('!') && user === undefined) throw missing('`api_user`')
    const token = id.includes('!') ? id : `${user}!${id}`
    return { kind: 'token', user: token, header: `PVEAPIToken=${token}=${secret}` }
  }
  if (user === undefined) throw missing('`api_user`')
  if (password === undefined) throw missing('`api_token_id` or `api_password`')
  const { api_totp_secret: totpSecret, api_totp: totpCode } = options
  return {
    kind: 'password',
    user,
    password,
    ...(totpSecret === undefined ? {} : { totpSecret }),
    ...(totpCode === undefined ? {} : { totpCode }),
  }
}
