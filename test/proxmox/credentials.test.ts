import { expect, test } from 'vitest'
import { type CredentialOptions, credentialsOf } from '../../src/proxmox/credentials.ts'

const secret = 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee'

test('a token is its name beside the user, or whole', () => {
  const token = { kind: 'token', user: 'nci@pve!ci', header: `PVEAPIToken=nci@pve!ci=${secret}` }
  expect(credentialsOf({ api_user: 'nci@pve', api_token_id: 'ci', api_token_secret: secret })).toEqual(token)
  expect(credentialsOf({ api_token_id: 'nci@pve!ci', api_token_secret: secret })).toEqual(token)
  expect(
    credentialsOf({ api_user: 'other@pam', api_token_id: 'nci@pve!ci', api_token_secret: secret }),
  ).toEqual(token)
})

test('a password is the user’s, and a token wins over it', () => {
  const password = { api_user: 'root@pam', api_password: 'secret' }
  expect(credentialsOf(password)).toEqual({ kind: 'password', user: 'root@pam', password: 'secret' })
  expect(credentialsOf({ ...password, api_token_id: 'ci', api_token_secret: secret }).kind).toBe('token')
})

test.each<[CredentialOptions, string]>([
  [{}, '`api_user`'],
  [{ api_user: 'root@pam' }, '`api_token_id` or `api_password`'],
  [{ api_password: 'secret' }, '`api_user`'],
  [{ api_token_id: 'ci' }, '`api_token_secret`'],
  [{ api_user: 'root@pam', api_token_secret: secret }, '`api_token_id`'],
  [{ api_token_id: 'ci', api_token_secret: secret }, '`api_user`'],
])('of %j the missing part is named, and nothing of the rest', (options, missing) => {
  let error: unknown
  try {
    credentialsOf(options)
  } catch (thrown) {
    error = thrown
  }
  expect(error).toMatchObject({ code: 'PVE_CREDENTIALS_MISSING', exitCode: 3, details: { missing } })
  expect(JSON.stringify(error)).not.toContain(secret)
})

test('a second factor belongs to a password; a token has none', () => {
  const login = { api_user: 'root@pam', api_password: 'secret' }
  const factors = { api_totp_secret: 'ABCDEFGH', api_totp: '123456' }
  expect(credentialsOf({ ...login, ...factors })).toEqual({
    ...{ kind: 'password', user: 'root@pam', password: 'secret' },
    ...{ totpSecret: 'ABCDEFGH', totpCode: '123456' },
  })
  const token = { api_token_id: 'root@pam!ci', api_token_secret: 'x' }
  expect(credentialsOf({ ...token, ...factors })).not.toHaveProperty('totpSecret')
})
