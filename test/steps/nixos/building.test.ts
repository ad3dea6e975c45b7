import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { buildPlace } from '../../../src/steps/nixos/building.ts'
import { recordingContext } from '../../support/context.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { writeProgram } from '../../support/program.ts'

const [own, foreign] = process.arch === 'arm64' ? ['aarch64', 'x86_64'] : ['x86_64', 'aarch64']

afterEach(() => {
  vi.unstubAllEnvs()
})

/** Where it is built, on a machine whose Nix has these settings. */
async function placeFor(architecture: string, settings: Record<string, unknown>) {
  using folder = temporaryFolder()
  const values = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, { value }]))
  writeProgram(join(folder.path, 'nix'), `echo '${JSON.stringify(values)}'`)
  vi.stubEnv('PATH', `${folder.path}:${process.env.PATH}`)
  return await buildPlace({ build_on: 'auto' }, architecture, recordingContext())
}

test('what was asked for is done, without asking Nix', async () => {
  vi.stubEnv('PATH', '/nowhere')
  expect(await buildPlace({ build_on: 'local' }, foreign, recordingContext())).toBe('local')
  expect(await buildPlace({ build_on: 'remote' }, own, recordingContext())).toBe('remote')
})

test.skipIf(process.platform !== 'linux')('a system for this architecture is built here', async () => {
  vi.stubEnv('PATH', '/nowhere')
  expect(await buildPlace({ build_on: 'auto' }, own, recordingContext())).toBe('local')
})

test.each([
  ['by emulation', { 'extra-platforms': [`${foreign}-linux`], builders: '' }, 'local'],
  ['on a builder', { 'extra-platforms': [], builders: `ssh://builder ${foreign}-linux - 4` }, 'local'],
  ['in the installer', { 'extra-platforms': [], builders: `ssh://builder ${own}-linux` }, 'remote'],
])('one for another architecture is built %s, as the settings of Nix have it', async (_, settings, place) => {
  expect(await placeFor(foreign, { system: `${own}-linux`, ...settings })).toBe(place)
})
