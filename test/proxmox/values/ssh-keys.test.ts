import { expect, test } from 'vitest'
import { comparing } from '../../../src/proxmox/values/option-value.ts'
import { parseSshKeys, sshKeys, writeSshKeys } from '../../../src/proxmox/values/ssh-keys.ts'

const keys = ['ssh-ed25519 AAAA+/== admin@host', 'ssh-rsa BBBB über']

test('keys come back from their encoding as they were, and nothing in it is left that Proxmox refuses', () => {
  const written = writeSshKeys([` ${keys[0]}\n`, keys[1] ?? ''])
  expect(written).not.toMatch(/[ +@/\n]/)
  expect(parseSshKeys(written)).toEqual(keys)
})

test('half a character in a comment is replaced, and a text that is not encoded is taken as it is', () => {
  expect(parseSshKeys(writeSshKeys(['ssh-rsa AAAA \ud800']))).toEqual(['ssh-rsa AAAA \ufffd'])
  expect(parseSshKeys('ssh-rsa AAAA 100%')).toEqual(['ssh-rsa AAAA 100%'])
})

test('their order and white space around them mean nothing; a key more or less does', () => {
  const compare = comparing(sshKeys)
  const now = writeSshKeys(keys)
  expect(compare(now, writeSshKeys(keys.toReversed())).same).toBe(true)
  expect(compare(`${now}%0A%0A`, now).same).toBe(true)
  expect(compare(now, writeSshKeys(keys.slice(1)))).toEqual({
    same: false,
    merged: writeSshKeys(keys.slice(1)),
  })
})
