import { expect, test } from 'vitest'
import { credentialsOf } from '../../src/proxmox/credentials.ts'
import { assertSettable, rootOnlyOptions } from '../../src/proxmox/root-options.ts'

const rootTicket = credentialsOf({ api_user: 'root@pam', api_password: 'x' })
const rootToken = credentialsOf({ api_token_id: 'root@pam!ci', api_token_secret: 'x' })
const otherTicket = credentialsOf({ api_user: 'nci@pve', api_password: 'x' })
const otherToken = credentialsOf({ api_user: 'nci@pve', api_token_id: 'ci', api_token_secret: 'x' })
const options = { arch: 'aarch64', args: undefined, hookscript: 'local:snippets/a.pl', cores: 2 }

test.each([
  ['root with a password', rootTicket, []],
  ['a token of root', rootToken, ['arch']],
  ['another user', otherTicket, ['arch', 'hookscript']],
  ['a token of another user', otherToken, ['arch', 'hookscript']],
  [
    'a user whose name begins like root’s',
    credentialsOf({ api_user: 'root@pamela', api_password: 'x' }),
    ['arch', 'hookscript'],
  ],
])('%s may not set: %j', (_, credentials, refused) => {
  expect(rootOnlyOptions(options, credentials)).toEqual(refused)
})

test('the refusal names the options, the user and the way out', () => {
  expect(() => assertSettable({ cores: 2 }, otherToken)).not.toThrow()
  expect(() => assertSettable(options, rootTicket)).not.toThrow()
  expect(() => assertSettable(options, rootToken)).toThrow(
    expect.objectContaining({
      code: 'PVE_ROOT_REQUIRED',
      message: 'Proxmox lets nobody but root set `arch`, and root@pam!ci is not allowed to.',
      hint: expect.stringMatching(/^Log in as `root@pam` with `api_password`/),
    }),
  )
})
