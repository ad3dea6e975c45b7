import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { formatAddress, knownHostsLine, reachable } from '../../src/ssh/address-map.ts'
import { temporaryFolder } from '../support/folder.ts'

const address = { host: '192.0.2.7', port: 22 }

async function mapped(map: string, from = address) {
  using folder = temporaryFolder()
  const file = join(folder.path, 'map.json')
  writeFileSync(file, map)
  return await reachable(from, file).catch((error: unknown) => error)
}

test('without a map an address is reached as it is', async () => {
  expect(await reachable(address, undefined)).toEqual(address)
})

test('an address of the map is reached where that says, any other one as it is', async () => {
  const map = JSON.stringify({ '192.0.2.7:22': '127.0.0.1:2207', '[2001:db8::7]:22': '[::1]:2208' })
  expect(await mapped(map)).toEqual({ host: '127.0.0.1', port: 2207 })
  expect(await mapped(map, { host: '2001:db8::7', port: 22 })).toEqual({ host: '::1', port: 2208 })
  expect(await mapped(map, { host: '192.0.2.7', port: 23 })).toEqual({ host: '192.0.2.7', port: 23 })
})

test.each([
  ['{', /JSON/],
  ['null', /no JSON object/],
  ['[]', /no JSON object/],
  ['"x"', /no JSON object/],
  ['{"192.0.2.7:22": "127.0.0.1"}', /`127.0.0.1` is no host:port/],
  ['{"192.0.2.7:22": 2207}', /no host:port/],
  ['{"192.0.2.7:22": "127.0.0.1:99999"}', /no host:port/],
  ['{"192.0.2.7:22": "127.0.0.1:0"}', /no host:port/],
])('the map %s is refused', async (map, message) => {
  expect(await mapped(map)).toMatchObject({ code: 'SSH_ADDRESS_MAP_INVALID', message, exitCode: 3 })
})

test('a map that cannot be read is refused', async () => {
  await expect(reachable(address, '/nowhere/map.json')).rejects.toMatchObject({
    code: 'SSH_ADDRESS_MAP_INVALID',
    message: expect.stringContaining('there is no such file or folder'),
  })
})

test('an IPv6 address is written in brackets before a port', () => {
  expect(formatAddress(address)).toBe('192.0.2.7:22')
  expect(formatAddress({ host: '2001:db8::7', port: 2222 })).toBe('[2001:db8::7]:2222')
})

test('a line for known_hosts is what ssh looks for, without the comment', () => {
  const key = 'ssh-ed25519 AAAA web1 of ours'
  expect(knownHostsLine(address, key)).toBe('192.0.2.7 ssh-ed25519 AAAA')
  expect(knownHostsLine({ host: '2001:db8::7', port: 2222 }, key)).toBe('[2001:db8::7]:2222 ssh-ed25519 AAAA')
})
