import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { loadLoginKey } from '../../src/ssh/keys.ts'
import { temporaryFolder } from '../support/folder.ts'
import { makeKey } from '../support/sshd.ts'

let folder: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  folder = temporaryFolder()
})
beforeEach(() => vi.stubEnv('SSH_AUTH_SOCK', undefined))
afterEach(() => {
  vi.unstubAllEnvs()
  folder[Symbol.dispose]()
})

/** The public key as OpenSSH derives it, without the comment. */
function publicOf(file: string): string {
  return readFileSync(`${file}.pub`, 'utf8').split(' ').slice(0, 2).join(' ').trim()
}

describe.each([
  ['ed25519', ['-t', 'ed25519']],
  ['ECDSA 256', ['-t', 'ecdsa', '-b', '256']],
  ['ECDSA 384', ['-t', 'ecdsa', '-b', '384']],
  ['ECDSA 521', ['-t', 'ecdsa', '-b', '521']],
  ['RSA', ['-t', 'rsa', '-b', '2048']],
  ['RSA in PEM', ['-t', 'rsa', '-b', '2048', '-m', 'PEM']],
  ['ECDSA in PEM', ['-t', 'ecdsa', '-b', '256', '-m', 'PEM']],
])('a key of the type %s', (_, options) => {
  test('is read from its file', async () => {
    const file = makeKey(folder.path, 'key', ...options)
    expect(await loadLoginKey({ ssh_private_key_file: file })).toMatchObject({ publicKey: publicOf(file) })
  })

  test('is read when it is encrypted and the passphrase is given, and only then', async () => {
    const file = makeKey(folder.path, 'key', ...options, '-N', 'open sesame')
    const key = { ssh_private_key_file: file }
    expect(await loadLoginKey({ ...key, ssh_private_key_passphrase: 'open sesame' })).toMatchObject({
      publicKey: publicOf(file),
    })
    await expect(loadLoginKey(key)).rejects.toMatchObject({
      code: 'SSH_KEY_UNUSABLE',
      details: { reason: 'it is encrypted and no passphrase was given' },
    })
    const wrong = loadLoginKey({ ...key, ssh_private_key_passphrase: 'open simsim' })
    await expect(wrong).rejects.toMatchObject({
      code: 'SSH_KEY_UNUSABLE',
      details: { reason: 'the passphrase does not open it' },
    })
  })
})

test('a key of which the last line has no end, or that has the line ends of Windows, is read', async () => {
  const file = makeKey(folder.path, 'key')
  const text = readFileSync(file, 'utf8')
  for (const form of [text.trim(), text.replaceAll('\n', '\r\n')]) {
    expect(await loadLoginKey({ ssh_private_key: form })).toMatchObject({ publicKey: publicOf(file) })
  }
})

test('a passphrase that is not needed does no harm', async () => {
  const file = makeKey(folder.path, 'key')
  const key = { ssh_private_key_file: file, ssh_private_key_passphrase: 'x' }
  expect(await loadLoginKey(key)).toMatchObject({ publicKey: publicOf(file) })
})

test('a key given itself wins over a file, which is not even read', async () => {
  const file = makeKey(folder.path, 'key')
  const key = { ssh_private_key: readFileSync(file, 'utf8'), ssh_private_key_file: '/nowhere' }
  expect(await loadLoginKey(key)).toMatchObject({ publicKey: publicOf(file) })
})

test.each([
  ['a public key', () => readFileSync(`${makeKey(folder.path, 'key')}.pub`, 'utf8'), 'it is a public key'],
  ['garbage', () => 'hunter2 hunter2', 'it is no private key in OpenSSH or PEM format'],
  ['nothing', () => '', 'it is no private key in OpenSSH or PEM format'],
  [
    'a broken key',
    () => readFileSync(makeKey(folder.path, 'key'), 'utf8').replace(/\n.{30}/, '\n'),
    'it is no private key in OpenSSH or PEM format',
  ],
])('%s is refused, without being quoted', async (_, content, reason) => {
  const file = join(folder.path, 'given')
  const text = content()
  writeFileSync(file, text)
  const error = await loadLoginKey({ ssh_private_key_file: file }).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'SSH_KEY_UNUSABLE', exitCode: 3, details: { file, reason } })
  for (const line of text.split('\n').filter((one) => one.length > 5)) {
    expect(JSON.stringify(error)).not.toContain(line)
  }
})

test('a key in PKCS #8 says what is wrong with it and what to do', async () => {
  const file = makeKey(folder.path, 'key', '-t', 'rsa', '-b', '2048', '-m', 'PKCS8')
  expect(readFileSync(file, 'utf8')).toContain('-----BEGIN PRIVATE KEY-----')
  await expect(loadLoginKey({ ssh_private_key_file: file })).rejects.toMatchObject({
    code: 'SSH_KEY_UNUSABLE',
    details: { reason: expect.stringMatching(/PKCS ?#8.*ssh-keygen -p/) },
  })
  execFileSync('ssh-keygen', ['-q', '-p', '-N', '', '-f', file], { stdio: 'pipe' })
  expect(await loadLoginKey({ ssh_private_key_file: file })).toMatchObject({ publicKey: publicOf(file) })
})

test('a file that is not there, or is a folder, is named with the reason', async () => {
  const missing = loadLoginKey({ ssh_private_key_file: join(folder.path, 'nowhere') })
  await expect(missing).rejects.toMatchObject({
    code: 'SSH_KEY_UNUSABLE',
    message: /nowhere.*there is no such file/,
  })
  await expect(loadLoginKey({ ssh_private_key_file: folder.path })).rejects.toMatchObject({
    code: 'SSH_KEY_UNUSABLE',
    message: expect.stringContaining('it is a folder'),
  })
})

describe('without any key given', () => {
  beforeEach(() => {
    vi.stubEnv('HOME', folder.path)
    mkdirSync(join(folder.path, '.ssh'))
  })

  test('the user’s own is taken, ed25519 before others', async () => {
    makeKey(join(folder.path, '.ssh'), 'id_rsa', '-t', 'rsa', '-b', '2048')
    const rsa = await loadLoginKey({})
    expect(rsa.publicKey).toMatch(/^ssh-rsa /)
    const file = makeKey(join(folder.path, '.ssh'), 'id_ed25519')
    expect((await loadLoginKey({})).publicKey).toBe(publicOf(file))
  })

  test('and none there, that is the error', async () => {
    await expect(loadLoginKey({})).rejects.toMatchObject({
      code: 'SSH_KEY_MISSING',
      message: `There is no private key to log in with: none was given, and ${folder.path}/.ssh has no id_ed25519, id_ecdsa, id_rsa.`,
    })
  })

  test('a tilde at the beginning of a path is the home folder', async () => {
    const file = makeKey(folder.path, 'mine')
    expect(await loadLoginKey({ ssh_private_key_file: '~/mine' })).toMatchObject({
      publicKey: publicOf(file),
    })
  })
})
