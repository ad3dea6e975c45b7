import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { generateIso } from '../../src/nix/iso-build.ts'
import { isoTarget } from '../../src/nix/iso-target.ts'
import { recordingContext } from '../support/context.ts'
import { temporaryFolder } from '../support/folder.ts'
import { writeProgram } from '../support/program.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

test('where nixos-generators is not installed, that of nixpkgs is run, with flakes for the Nix that it calls', async () => {
  using folder = temporaryFolder()
  const notes = join(folder.path, 'notes')
  writeProgram(join(folder.path, 'nix'), `echo "$*" >${notes}; echo "$NIX_CONFIG" >>${notes}`)
  vi.stubEnv('PATH', folder.path)
  vi.stubEnv('NIX_CONFIG', '')
  const target = isoTarget('.', 'mine', 'aarch64')
  await generateIso(target, '/tmp/link', { options: { cores: '4' }, context: recordingContext() })
  expect(readFileSync(notes, 'utf8').trim().split('\n')).toEqual([
    '--extra-experimental-features nix-command flakes run nixpkgs#nixos-generators -- --format iso --system aarch64-linux --out-link /tmp/link --flake .#mine',
    'extra-experimental-features = nix-command flakes',
    'cores = 4',
  ])
})

test.each([
  [undefined, '.#nixosConfigurations.x86_64.config.system.build.isoImage'],
  ['web.iso', '.#web.iso'],
  [
    'nixosConfigurations."web.example.org"',
    '.#nixosConfigurations."web.example.org".config.system.build.isoImage',
  ],
  ['nixosConfigurations.a.config.system.build.image', '.#nixosConfigurations.a.config.system.build.image'],
  ['7up', '.#nixosConfigurations."7up".config.system.build.isoImage'],
])('the attribute %s means %s', (attribute, installable) => {
  expect(isoTarget('.', attribute, 'x86_64')).toMatchObject({ installable, system: 'x86_64-linux' })
})
