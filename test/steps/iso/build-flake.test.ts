import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ownFlake } from '../../../src/steps/iso/build-flake.ts'
import { temporaryFolder } from '../../support/folder.ts'

const published = 'github:AnarchoBooleanism/nixos-cloud-init-installer'

test('in a checkout the flake is that of the checkout, also through a link to the program', () => {
  using folder = temporaryFolder()
  for (const name of ['bin', 'nix']) mkdirSync(join(folder.path, name))
  for (const name of ['bin/start.cjs', 'nix/installer.nix', 'flake.nix'])
    writeFileSync(join(folder.path, name), '')
  const link = join(folder.path, 'nci')
  symlinkSync(join(folder.path, 'bin', 'start.cjs'), link)
  expect(ownFlake(join(folder.path, 'bin', 'start.cjs'))).toBe(folder.path)
  expect(ownFlake(link)).toBe(folder.path)
  rmSync(join(folder.path, 'flake.nix'))
  expect(ownFlake(link)).toBe(published)
})

test('an installed program builds from the published flake', () => {
  expect(ownFlake('/nowhere/bin/start.cjs')).toBe(published)
  expect(ownFlake(undefined)).toBe(published)
})
