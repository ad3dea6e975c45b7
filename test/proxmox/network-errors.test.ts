import { expect, test } from 'vitest'
import { codeOf, plainReason } from '../../src/proxmox/network-errors.ts'

const failed = (code: string, message = `connect ${code} 192.0.2.1:8006`): Error =>
  Object.assign(new Error(message), { code })

test.each([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ECONNRESET',
  'EPIPE',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_SOCKET',
])('%s is put in plain words', (code) => {
  expect(plainReason(failed(code))).toMatch(/^[a-z].*[a-z)]$/)
  expect(plainReason(failed(code))).not.toMatch(/[A-Z]{5}/)
})

test('of several addresses the first tells', () => {
  expect(plainReason(new AggregateError([failed('EHOSTUNREACH'), failed('ECONNREFUSED')]))).toBe(
    'there is no route to the host',
  )
})

test('the code may be that of the cause; what has none keeps its text', () => {
  expect(codeOf(new Error('outer', { cause: failed('EPIPE') }))).toBe('EPIPE')
  expect(plainReason(new Error('something odd'))).toBe('something odd')
  expect(codeOf('text')).toBe('')
})
