import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Redactor } from '../../src/core/redact.ts'

const mask = '********'
const secret = 'pÄss/w+rd "x" & =y?'

function redacted(text: string, ...secrets: string[]): string {
  const redactor = new Redactor()
  for (const one of secrets) redactor.add(one)
  return redactor.text(text)
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const base64url = (text: string): string => Buffer.from(text).toString('base64url')

test.each([
  ['as it is', secret],
  ['URL-encoded', encodeURIComponent(secret)],
  ['URL-encoded twice', encodeURIComponent(encodeURIComponent(secret))],
  ['form-encoded', new URLSearchParams({ s: secret }).toString().slice(2)],
  ['JSON-escaped', JSON.stringify(secret).slice(1, -1)],
])('a secret is masked %s', (_, form) => {
  expect(redacted(`before ${form} after ${form}`, secret)).toBe(`before ${mask} after ${mask}`)
})

test.each([0, 1, 2, 3, 4, 5].flatMap((before) => [0, 1, 2].map((after) => [before, after] as const)))(
  'nothing of a secret can be read in base64 with %i bytes before it and %i after it',
  (before, after) => {
    const whole = `${'u'.repeat(before)}${secret}${'v'.repeat(after)}`
    for (const encode of [base64, base64url]) {
      const masked = redacted(encode(whole), secret)
      expect(masked).toContain(mask)
      // What is left is at most the characters that the secret shares with its neighbours.
      expect(masked.replace(mask, '').replace(/=+$/, '').length).toBeLessThanOrEqual(
        Math.ceil(((before + after) * 8) / 6) + 2,
      )
    }
  },
)

test('every line of a real private key is masked, alone or in the whole, but not its armour', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nci-test-redact-'))
  try {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'key')])
    const key = readFileSync(join(folder, 'key'), 'utf8')
    const lines = key.split('\n').filter((line) => line !== '' && !line.startsWith('-----'))
    expect(lines.length).toBeGreaterThan(3)
    for (const line of lines.filter((one) => one.length >= 16)) {
      expect(redacted(`+ echo ${line}`, key)).toBe(`+ echo ${mask}`)
    }
    const masked = redacted(`BEGIN\n${key.replaceAll('\n', '\r\n')}END`, key)
    for (const line of lines.filter((one) => one.length >= 16)) expect(masked).not.toContain(line)
    expect(masked).toContain('-----BEGIN OPENSSH PRIVATE KEY-----')
    expect(redacted(JSON.stringify({ key }), key)).toBe(`{"key":"${mask}"}`)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('what is shorter than four characters is left alone', () => {
  expect(redacted('abc is in abcd', 'abc', '')).toBe('abc is in abcd')
  expect(redacted('abc is in abcd', 'abcd')).toBe(`abc is in ${mask}`)
})

test('a secret that contains another is masked whole, in whatever order they were added', () => {
  expect(redacted('longer-secret', 'secret', 'longer-secret')).toBe(mask)
  expect(redacted('longer-secret', 'longer-secret', 'secret')).toBe(mask)
})

test('nothing is left of secrets that overlap', () => {
  expect(redacted('<abcdefghijkl>', 'abcdefgh', 'efghijkl')).toBe(`<${mask}>`)
  expect(redacted('<aaaaaa>', 'aaaa')).toBe(`<${mask}>`)
  expect(redacted('<abcdabcd>', 'abcd')).not.toMatch(/[a-d]/)
})

test('characters that mean something in a regular expression or a replacement are plain text', () => {
  expect(redacted('x.*+?^$x $& |()[]{}\\', '.*+?^$', '|()[]{}\\')).toBe(`x${mask}x $& ${mask}`)
})

test('a secret with half a character in it is registered all the same', () => {
  expect(redacted('x half\ud800secret', 'half\ud800secret')).toBe(`x ${mask}`)
})

test('a secret that is added later is masked from then on', () => {
  const redactor = new Redactor()
  redactor.add('first-secret')
  expect(redactor.text('first-secret second-secret')).toBe(`${mask} second-secret`)
  redactor.add('second-secret')
  expect(redactor.text('first-secret second-secret')).toBe(`${mask} ${mask}`)
})

test('all strings of a value are masked, deep and in keys, and the rest stays as it is', () => {
  const redactor = new Redactor()
  redactor.add('hunter22')
  const value = { a: ['hunter22', 1, null, true], hunter22: { b: 'is hunter22' }, c: undefined }
  expect(redactor.value(value)).toEqual({
    a: [mask, 1, null, true],
    [mask]: { b: `is ${mask}` },
    c: undefined,
  })
  expect(value.a[0]).toBe('hunter22')
})

test('a password that is a word of the contract does not break the document', () => {
  const redactor = new Redactor()
  for (const password of ['start', 'code', 'changed']) redactor.add(password)
  expect(
    redactor.value({ step: 'vm.start', type: 'start', error: { code: 'X', message: 'start it' } }),
  ).toEqual({
    step: 'vm.start',
    type: 'start',
    error: { code: 'X', message: `${mask} it` },
  })
})
