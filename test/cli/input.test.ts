import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { gatherInput, type Sources } from '../../src/cli/input.ts'
import { temporaryFolder } from '../support/folder.ts'

async function gathered(
  text: string | object | undefined,
  rest: Partial<Sources> = {},
  id: Parameters<typeof gatherInput>[0] = 'vm.create',
): Promise<unknown> {
  using folder = temporaryFolder()
  const file = join(folder.path, 'input.json')
  if (text !== undefined) writeFileSync(file, typeof text === 'string' ? text : JSON.stringify(text))
  const sources = { flags: {}, environment: {}, input: text === undefined ? undefined : file, ...rest }
  return await gatherInput(id, sources).catch((error: unknown) => error)
}

test('a flag wins over the document, and that over the environment', async () => {
  const environment = { PROXMOX_HOST: 'from-env', PROXMOX_USER: 'env@pam', PROXMOX_PORT: '1' }
  const document = { api_host: 'from-document', api_user: 'document@pam', name: 'web1' }
  expect(await gathered(document, { environment, flags: { api_host: 'from-flag' } })).toEqual({
    api_host: 'from-flag',
    api_user: 'document@pam',
    api_port: 1,
    name: 'web1',
  })
})

test('a value that would win over another one does not, where it comes from a weaker source', async () => {
  const environment = {
    PROXMOX_USER: 'a@pam',
    PROXMOX_TOKEN_ID: 'ci',
    PROXMOX_TOKEN_SECRET: 'token-secret',
    PROXMOX_FINGERPRINT: 'AA',
  }
  expect(await gathered({ api_password: 'secret', ca_path: '/ca.pem' }, { environment })).toEqual({
    api_user: 'a@pam',
    api_password: 'secret',
    ca_path: '/ca.pem',
  })
  const totp = { environment: { PROXMOX_TOTP_SECRET: 'JBSWY3DPEHPK3PXP' }, flags: { api_totp: '123456' } }
  expect(await gathered(undefined, totp)).toEqual({ api_totp: '123456' })
  const ssh = { environment: { NCI_SSH_PRIVATE_KEY: 'key' }, flags: { ssh_private_key_file: '/mine' } }
  expect(await gathered(undefined, ssh, 'ssh.wait')).toEqual({ ssh_private_key_file: '/mine' })
  // What belongs together may come from several sources.
  expect(await gathered({ api_token_id: 'other' }, { environment })).toMatchObject({
    api_token_id: 'other',
    api_token_secret: 'token-secret',
  })
})

test('of several variables the first that is set counts, and an empty one is not set', async () => {
  const environment = { PROXMOX_HOST: '', PROXMOX_URL: 'https://url', PROXMOX_VE_ENDPOINT: 'https://other' }
  expect(await gathered(undefined, { environment })).toEqual({ api_host: 'https://url' })
})

test.each([
  ['PROXMOX_VALIDATE_CERTS', 'no', { validate_certs: false }],
  ['PROXMOX_VERIFY_SSL', 'TRUE', { validate_certs: true }],
  ['PROXMOX_VALIDATE_CERTS', '0', { validate_certs: false }],
  ['PROXMOX_VALIDATE_CERTS', 'perhaps', { validate_certs: 'perhaps' }],
  ['PROXMOX_PORT', '8443', { api_port: 8443 }],
  ['PROXMOX_PORT', 'eight', { api_port: 'eight' }],
  ['PROXMOX_TIMEOUT', ' ', { api_timeout: ' ' }],
  ['PROXMOX_PASSWORD', '12345', { api_password: '12345' }],
])(
  '%s=%s becomes a value of the property’s type, or is left for validation',
  async (name, text, expected) => {
    expect(await gathered(undefined, { environment: { [name]: text } })).toEqual(expected)
  },
)

describe('JSON that is none', () => {
  test.each([
    ['', 'it is empty'],
    ['  \n', 'it is empty'],
    ['{"a": 1', 'it ends too early'],
    ['{"a": "x', 'it ends too early'],
    ['{"a": tr', 'it ends too early'],
    ['{"a": -', 'it ends too early'],
    ['{"a": hunter22}', 'syntax error at line 1, column 7'],
    ['{\n  "a": 1\n  "b": 2\n}', 'syntax error at line 3, column 3'],
    ['{"a": 1,}', 'syntax error at line 1, column 9'],
    ['{"a": 1} x', 'syntax error at line 1, column 10'],
    ["{'a': 1}", 'syntax error at line 1, column 2'],
    ['{"a": "\\x"}', 'syntax error at line 1, column 9'],
    ['{"a": "at position 2 (line 1 column 3)", x}', 'syntax error at line 1, column 42'],
    ['[1]', 'it is a list'],
    ['null', 'it is null'],
    ['"hunter22"', 'it is a string'],
    ['4242', 'it is a number'],
  ])('%j: %s', async (text, reason) => {
    const error = await gathered(text)
    expect(error).toMatchObject({ code: 'INPUT_NOT_JSON', exitCode: 3, details: { reason } })
    expect((error as Error).message).not.toMatch(/hunter22|4242/)
  })

  test('the place is right wherever a document breaks', async () => {
    const whole = JSON.stringify(
      { a: [1.5e-3, -2, true, null], 'b\n"': { ü: '\u0007\ud83d\ude00', e: [] } },
      null,
      1,
    )
    for (let end = 1; end < whole.length; end++) {
      const cut = whole.slice(0, end)
      expect([end, await gathered(cut)]).toMatchObject([end, { details: { reason: 'it ends too early' } }])
      // A character that nothing in JSON outside of a text may be.
      const lines = cut.split('\n')
      const error = (await gathered(`${cut}\u0001${whole.slice(end)}`)) as { details: { reason: string } }
      expect([end, error.details.reason]).toEqual([
        end,
        `syntax error at line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`,
      ])
    }
  })

  test('a byte order mark is no mistake', async () => {
    expect(await gathered('\ufeff{"name": "web1"}')).toEqual({ name: 'web1' })
  })

  test('a folder is none, and may be an inventory', async () => {
    using folder = temporaryFolder()
    const error = { code: 'INPUT_UNREADABLE', details: { file: folder.path, reason: 'it is a folder' } }
    const input = { input: folder.path }
    expect(await gathered(undefined, input)).toMatchObject({
      ...error,
      hint: expect.not.stringContaining('--inventory'),
    })
    expect(await gathered(undefined, input, 'batch')).toMatchObject({
      ...error,
      hint: expect.stringContaining('`--inventory`'),
    })
  })

  test('a file that cannot be read is named', async () => {
    expect(await gathered(undefined, { input: '/nowhere/input.json' })).toMatchObject({
      code: 'INPUT_UNREADABLE',
      message: expect.stringContaining('/nowhere/input.json'),
    })
  })
})
