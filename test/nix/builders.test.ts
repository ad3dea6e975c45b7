import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { buildWay, parseBuilders } from '../../src/nix/builders.ts'
import { temporaryFolder } from '../support/folder.ts'

const facts = { system: 'x86_64-linux', extraPlatforms: ['i686-linux'], builders: '' }
const nowhere = '/nonexistent'

test('a system is built natively, by emulation, by a remote builder, or not at all', () => {
  expect(buildWay('x86_64-linux', facts, nowhere)).toEqual({ way: 'natively' })
  expect(buildWay('i686-linux', facts, nowhere)).toEqual({ way: 'emulated' })
  const builders = 'ssh://a x86_64-linux; ssh://b aarch64-linux,armv7l-linux - 4'
  expect(buildWay('aarch64-linux', { ...facts, builders }, nowhere)).toEqual({
    way: 'remotely',
    builder: 'ssh://b',
  })
  expect(buildWay('aarch64-linux', facts, nowhere)).toEqual({ way: 'none', isEmulated: false })
})

test('what a builder can build is left to it, as Nix does, and not emulated', () => {
  const builders = 'ssh://c i686-linux'
  expect(buildWay('i686-linux', { ...facts, builders }, nowhere)).toMatchObject({ way: 'remotely' })
})

test.each(['aarch64-linux', 'qemu-aarch64'])('the kernel’s %s is noticed', (name) => {
  using folder = temporaryFolder()
  writeFileSync(join(folder.path, name), 'enabled\n')
  expect(buildWay('aarch64-linux', facts, folder.path)).toEqual({ way: 'none', isEmulated: true })
})

test('builders are read from files that the setting names, and one that is missing has none', () => {
  using folder = temporaryFolder()
  mkdirSync(join(folder.path, 'nix'))
  const machines = join(folder.path, 'nix', 'machines')
  writeFileSync(machines, '# mine\nssh-ng://c aarch64-linux /etc/key 8 # big\n\nssh://d\n')
  expect(parseBuilders(`@${machines}`)).toEqual([
    { uri: 'ssh-ng://c', systems: ['aarch64-linux'] },
    { uri: 'ssh://d', systems: [] },
  ])
  expect(parseBuilders(`@${folder.path}/missing`)).toEqual([])
})
