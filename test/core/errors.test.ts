import { mkdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type ErrorCode, isNciError, NciError, reasonOf, toNciError } from '../../src/core/errors.ts'
import { errorCatalogue } from '../../src/generated/errors.ts'

const codes = Object.keys(errorCatalogue) as ErrorCode[]
// Between a text and its end nothing may be doubled, nor stand with a blank before it.
const badPunctuation = /[.!?]{2}|[.!?]`?[.!]|\s[.,;:!?](\s|$)|\s{2}|,\.|:\./

/** An error whose placeholders are filled by `fillWith`. */
function errorOf(code: ErrorCode, fillWith: (name: string) => string): NciError {
  const { message, hint } = errorCatalogue[code]
  const names = [...`${message} ${hint}`.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  return new NciError(code, Object.fromEntries(names.map((name) => [name, fillWith(name)])) as never)
}

describe.each(codes)('%s', (code) => {
  // These stand where a whole sentence belongs.
  const sentences = new Set(['known', 'guess', 'way'])
  const isSentence = (name: string): boolean =>
    sentences.has(name) && !errorCatalogue[code].hint.includes(`: {${name}}.`)

  test('has a message and a hint that are sentences, with every placeholder filled', () => {
    const { message, hint } = errorOf(code, (name) => (isSentence(name) ? 'Look there.' : 'value'))
    for (const text of [message, hint]) {
      expect(text).not.toMatch(/[{}]/)
      expect(text).toMatch(/\S[.!?]$/)
      expect(text).not.toMatch(badPunctuation)
    }
  })

  test('has no double punctuation where a value is a sentence itself', () => {
    const { message, hint } = errorOf(code, () => 'It broke.')
    expect(`${message}\n${hint}`).not.toMatch(/\.\.|\. \./)
  })

  test('ends without a blank where the value at its end is empty', () => {
    const { message, hint } = errorOf(code, (name) => (isSentence(name) ? '' : 'value'))
    expect([message, hint]).toEqual([message.trim(), hint.trim()])
  })

  test('has an exit code of the contract', () => {
    expect([1, 2, 3, 4, 5, 130]).toContain(errorOf(code, () => 'value').exitCode)
  })
})

test('a question as a reason keeps its question mark alone', () => {
  const error = new NciError('USAGE', { reason: 'There is no `x`; did you mean `y`?', help: 'nci --help' })
  expect(error.message).toBe('There is no `x`; did you mean `y`?')
})

test('a value is filled in as it is: neither patterns of a replacement nor braces in it are interpreted', () => {
  const error = new NciError('USAGE', { reason: "$& $1 {help} $'", help: 'h' })
  expect(error.message).toBe("$& $1 {help} $'.")
})

test('what a hint says to type is a word of the shell', () => {
  const { hint, message } = new NciError('LIMIT_NO_MATCH', { source: "it's a {limit}.", limit: 'web' })
  expect(hint).toContain("nci inventory --inventory 'it'\\''s a {limit}.'` prints")
  expect(message).toContain("of the inventory it's a {limit}.")
})

test('more details keep code, message, hint and exit code, and the error before as the cause', () => {
  const original = new NciError('TIMEOUT', { what: 'x', seconds: 3 }, { hint: 'Wait.' })
  const more = original.withDetails({ host: 'web1', seconds: 4 })
  expect(more).toMatchObject({ code: 'TIMEOUT', message: original.message, hint: 'Wait.', exitCode: 5 })
  expect(more.details).toEqual({ what: 'x', seconds: 4, host: 'web1' })
  expect(more.cause).toBe(original)
  expect(original.details).not.toHaveProperty('host')
})

test('the document of an error is plain JSON with all its parts', () => {
  const error = new NciError('PVE_VM_RUNNING', { vmid: 101 })
  expect(JSON.parse(JSON.stringify(error.toDocument()))).toEqual({
    code: 'PVE_VM_RUNNING',
    message: 'The VM 101 is running.',
    hint: 'Stop it first, or set `stop: true`.',
    retryable: false,
    details: { vmid: 101 },
  })
})

test('whatever else is thrown is a bug of the engine, with the original as the cause', () => {
  const thrown = new TypeError('x is not a function')
  expect(toNciError(thrown)).toMatchObject({
    code: 'ENGINE_BUG',
    exitCode: 1,
    cause: thrown,
    message: 'The engine failed in a way it should not: TypeError: x is not a function.',
  })
  expect(toNciError('text').message).toContain('text')
  expect(toNciError(undefined).code).toBe('ENGINE_BUG')
  const ours = new NciError('PVE_HOST_MISSING', {})
  expect(toNciError(ours)).toBe(ours)
})

test('an error is told by any of several codes', () => {
  const error = new NciError('PVE_HOST_MISSING', {})
  expect(isNciError(error, 'TIMEOUT', 'PVE_HOST_MISSING')).toBe(true)
  expect(isNciError(error, 'TIMEOUT')).toBe(false)
  expect(isNciError(new Error('PVE_HOST_MISSING'), 'PVE_HOST_MISSING')).toBe(false)
})

test('a reason is the message, or the code where there is none, with that of the cause once', () => {
  expect(reasonOf(new Error('outer', { cause: new Error('inner') }))).toBe('outer: inner')
  expect(reasonOf(new Error('outer inner', { cause: new Error('inner') }))).toBe('outer inner')
  expect(reasonOf(Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }))).toBe('ECONNREFUSED')
  expect(reasonOf('text')).toBe('text')
})

/** What Node throws. */
function thrownBy(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

test('what Node says of files is told in words, with the file unless the sentence has it already', () => {
  const absent = thrownBy(() => readFileSync('/nowhere/lab.json'))
  expect(reasonOf(absent)).toBe('there is no such file or folder (/nowhere/lab.json)')
  expect(reasonOf(absent, '/nowhere/lab.json')).toBe('there is no such file or folder')
  expect(reasonOf(thrownBy(() => readFileSync('/')))).toBe('it is a folder')
  expect(reasonOf(thrownBy(() => mkdirSync('/')))).toBe('it exists already (/)')
})

test('what is no trouble with a file keeps the words of Node', () => {
  const refused = { code: 'EACCES', syscall: 'listen', address: '0.0.0.0', port: 80 }
  const text = 'listen EACCES: permission denied 0.0.0.0:80'
  expect(reasonOf(Object.assign(new Error(text), refused))).toBe(text)
  const unknown = Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO', syscall: 'read' })
  expect(reasonOf(unknown)).toBe('EIO: i/o error, read')
})

test('a message names a file once, though its reason names it too', () => {
  const reason = reasonOf(thrownBy(() => readFileSync('/nowhere/a.iso')))
  const error = new NciError('ISO_FILE_MISSING', { file: '/nowhere/a.iso', reason })
  expect(error.message).toBe('The ISO file /nowhere/a.iso cannot be read: there is no such file or folder.')
  const composed = `the file /nowhere/a.iso cannot be read: ${reason}`
  expect(new NciError('LIMIT_INVALID', { limit: '@a', reason: composed }).message).toBe(
    'The limit `@a` cannot be used: the file /nowhere/a.iso cannot be read: there is no such file or folder.',
  )
  expect(new NciError('INSTALL_FILES_MISSING', { property: '`extra_files`', reason }).message).toBe(
    '`extra_files` cannot be used: there is no such file or folder (/nowhere/a.iso).',
  )
})
