import { expect, test } from 'vitest'
import { familyOf, nameWithDigest } from '../../../src/steps/iso/upload-name.ts'

const sha256 = `0123456789ab${'c'.repeat(52)}`

test.each([
  ['nixos.iso', 'nixos-0123456789ab.iso'],
  ['nixos.img', 'nixos-0123456789ab.iso'],
  ['sp ace (1).ISO', 'sp_ace__1_-0123456789ab.iso'],
  ['nixos-0123456789ab.iso', 'nixos-0123456789ab.iso'],
])('%s is stored as %s', (name, stored) => {
  expect(nameWithDigest(name, sha256)).toBe(stored)
})

test.each([
  ['installer-0123456789ab.iso', 'installer'],
  ['nixos-cloud-init-installer-v2.10.0-x86_64-0123456789ab.iso', 'nixos-cloud-init-installer-x86_64'],
  ['nixos-cloud-init-installer-v2.11.0-rc.1-x86_64-ffffffffffff.iso', 'nixos-cloud-init-installer-x86_64'],
  ['nixos-minimal-25.11.20260101.abcdef0-x86_64-linux-0123456789ab.iso', 'nixos-minimal-x86_64-linux'],
  ['nixos-v3-aarch64-0123456789ab.iso', 'nixos-aarch64'],
])('%s is of the family %s', (name, family) => {
  expect(familyOf(name)).toBe(family)
})

test.each([
  'nixos.iso',
  'nixos-0123456789AB.iso',
  'nixos-0123456789ab.img',
  'nixos-0123456789abc.iso',
  '0123456789ab.iso',
  'v2.10.0-0123456789ab.iso',
  'nixos-0123456789ab-copy.iso',
])('%s is of no family', (name) => {
  expect(familyOf(name)).toBeUndefined()
})
