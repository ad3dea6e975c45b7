import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { wayToBuild } from '../../src/nix/iso-foreign.ts'
import { recordingContext } from '../support/context.ts'
import { temporaryFolder } from '../support/folder.ts'
import { writeProgram } from '../support/program.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

/** Asks on a machine whose Nix is of `system`, and that has these files. */
async function ask(
  wanted: string,
  { system = 'x86_64-linux', builders = '', nixos = false, emulator = false, determinate = false },
): Promise<unknown> {
  using folder = temporaryFolder()
  const settings = { system, 'extra-platforms': ['i686-linux'], builders }
  const shown = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, { value }]))
  writeProgram(join(folder.path, 'nix'), `echo '${JSON.stringify(shown)}'`)
  vi.stubEnv('PATH', folder.path)
  const files = {
    binfmt: join(folder.path, 'binfmt_misc'),
    nixos: join(folder.path, 'NIXOS'),
    customConf: join(folder.path, 'nix.custom.conf'),
  }
  mkdirSync(files.binfmt)
  if (emulator) writeFileSync(join(files.binfmt, 'qemu-aarch64'), 'enabled\n')
  if (determinate) writeFileSync(files.customConf, '')
  if (nixos) writeFileSync(files.nixos, '')
  try {
    return await wayToBuild(wanted, { options: {}, context: recordingContext() }, files)
  } catch (error) {
    return error
  }
}

test('a machine builds for its own architecture, for those that it emulates, and with its remote builders', async () => {
  expect(await ask('x86_64-linux', {})).toEqual({ way: 'natively' })
  expect(await ask('i686-linux', {})).toEqual({ way: 'emulated' })
  expect(await ask('aarch64-linux', { builders: 'ssh://a aarch64-linux' })).toMatchObject({ way: 'remotely' })
})

test.each([
  [
    'NixOS',
    { nixos: true },
    'add `boot.binfmt.emulatedSystems = [ "aarch64-linux" ];` to /etc/nixos/configuration.nix and run `nixos-rebuild switch`',
  ],
  [
    'another Linux',
    {},
    '`apt install qemu-user-static binfmt-support`), add the line `extra-platforms = aarch64-linux` to /etc/nix/nix.conf and restart Nix (`systemctl restart nix-daemon`)',
  ],
  [
    'another Linux that has the emulator',
    { emulator: true },
    'Tell Nix: add the line `extra-platforms = aarch64-linux` to /etc/nix/nix.conf',
  ],
  ['Determinate Nix', { determinate: true }, '/nix.custom.conf and restart Nix'],
  ['a Mac', { system: 'aarch64-darwin' }, '`ssh-ng://USER@HOST aarch64-linux`'],
])('on %s the error says what to add to which file', async (_, machine, line) => {
  const error = await ask('aarch64-linux', machine)
  expect(error).toMatchObject({ code: 'ISO_SYSTEM_FOREIGN', hint: expect.stringContaining(line) })
})
