import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type KnownHost, readKnownHost } from '../../src/ssh/known-hosts.ts'
import { temporaryFolder } from '../support/folder.ts'

let folder: ReturnType<typeof temporaryFolder>
beforeAll(() => {
  folder = temporaryFolder()
})
afterAll(() => folder[Symbol.dispose]())

const ed25519 = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMb4G2N3rVYxkPqGl6a1cJf9uP5Z4wq0m2bQ2s7n9T0h'
const other = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGb4G2N3rVYxkPqGl6a1cJf9uP5Z4wq0m2bQ2s7n9T0h'
const rsa = 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQ=='

function find(lines: readonly string[], host: string, port = 22): KnownHost {
  const file = join(folder.path, 'known_hosts')
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''))
  return readKnownHost(file, { host, port })
}
const keyOf = (...parts: Parameters<typeof find>): string | undefined => find(...parts).key

test.each([
  ['an address', `192.0.2.7 ${ed25519}`, '192.0.2.7', 22],
  ['one of several names, with a comment', `web,192.0.2.7 ${ed25519} me@home`, '192.0.2.7', 22],
  ['an address with a port', `[192.0.2.7]:2222 ${ed25519}`, '192.0.2.7', 2222],
  ['an IPv6 address', `2001:db8::7 ${ed25519}`, '2001:db8::7', 22],
  ['an IPv6 address with a port', `[2001:db8::7]:2222 ${ed25519}`, '2001:db8::7', 2222],
  ['a pattern', `192.0.2.* ${ed25519}`, '192.0.2.7', 22],
  ['a pattern for one letter', `192.0.2.? ${ed25519}`, '192.0.2.7', 22],
  ['a name in capitals', `WEB.example ${ed25519}`, 'web.EXAMPLE', 22],
  ['a line with tabs and blanks before it', `  192.0.2.7\t${ed25519}`, '192.0.2.7', 22],
])('%s is found', (_, line, host, port) => {
  expect(keyOf(['# a comment', '', line], host, port)).toBe(ed25519)
})

test.each([
  ['another port', `192.0.2.7 ${ed25519}`, '192.0.2.7', 2222],
  ['no port, where one is named', `[192.0.2.7]:2222 ${ed25519}`, '192.0.2.7', 22],
  ['an address that only begins so', `192.0.2.7 ${ed25519}`, '192.0.2.77', 22],
  ['a dot that is no other letter', `192.0.2.7 ${ed25519}`, '192a0b2c7', 22],
  ['what a pattern excludes', `192.0.2.*,!192.0.2.7 ${ed25519}`, '192.0.2.7', 22],
  ['a key of a certificate authority', `@cert-authority * ${ed25519}`, '192.0.2.7', 22],
  ['a revoked key alone', `@revoked 192.0.2.7 ${ed25519}`, '192.0.2.7', 22],
  ['a line that is cut', '192.0.2.7 ssh-ed25519', '192.0.2.7', 22],
  ['a type that nobody knows', '192.0.2.7 ssh-new AAAA', '192.0.2.7', 22],
])('%s is not', (_, line, host, port) => {
  expect(keyOf([line], host, port)).toBeUndefined()
})

test('of several keys the one that servers are asked for first is taken', () => {
  expect(keyOf([`192.0.2.7 ${rsa}`, `192.0.2.7 ${ed25519}`], '192.0.2.7')).toBe(ed25519)
})

test('a key that is revoked is not taken, wherever else it stands', () => {
  const lines = [`192.0.2.7 ${ed25519}`, `@revoked * ${ed25519}`]
  expect(keyOf(lines, '192.0.2.7')).toBeUndefined()
  expect(keyOf([...lines, `192.0.2.7 ${other}`], '192.0.2.7')).toBe(other)
})

test('revoked keys are told, also where no other line names the host', () => {
  const lines = [`@revoked 192.0.2.7 ${ed25519}`, `@revoked 192.0.2.9 ${other}`]
  expect(find(lines, '192.0.2.7')).toEqual({ key: undefined, revoked: [ed25519], hasAuthority: false })
})

test('that a certificate authority is named is told', () => {
  expect(find([`@cert-authority *.7 ${ed25519}`], '192.0.2.7').hasAuthority).toBe(true)
  expect(find([`@cert-authority *.8 ${ed25519}`], '192.0.2.7').hasAuthority).toBe(false)
})

describe('names that ssh-keygen hashed', () => {
  test.each([
    ['192.0.2.7', 22, '192.0.2.7'],
    ['192.0.2.7', 2222, '[192.0.2.7]:2222'],
    ['2001:db8::7', 22, '2001:db8::7'],
  ])('%s, port %i, is found', (host, port, name) => {
    const file = join(folder.path, 'hashed')
    writeFileSync(file, `192.0.2.9 ${other}\n${name} ${ed25519}\n`)
    execFileSync('ssh-keygen', ['-H', '-f', file], { stdio: 'pipe' })
    expect(readKnownHost(file, { host, port }).key).toBe(ed25519)
    expect(readKnownHost(file, { host, port: 22222 }).key).toBeUndefined()
    // As OpenSSH's own tool finds it.
    expect(execFileSync('ssh-keygen', ['-F', name, '-f', file], { encoding: 'utf8' })).toContain(ed25519)
  })
})

test('a file that cannot be read is an error that names it', () => {
  expect(() => readKnownHost(join(folder.path, 'nowhere'), { host: '192.0.2.7', port: 22 })).toThrow(
    expect.objectContaining({
      code: 'SSH_KNOWN_HOSTS_UNREADABLE',
      message: expect.stringContaining('nowhere'),
    }),
  )
})
