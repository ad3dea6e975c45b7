import { join } from 'node:path'
import { expect, test } from 'vitest'
import { withKnownAddresses } from '../../../src/lab/qemu/known-addresses.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { uuid } from '../../support/hardware.ts'

const place = { key: 'net0', model: 'virtio', bridge: 'vmbr0', ip: undefined, gateway: undefined }
const card = { ...place, mac: 'BC:24:11:00:00:01' }

test('a card keeps the address that it was given, when its configuration has none any more', () => {
  using folder = temporaryFolder()
  const file = join(folder.path, '101', 'networks.json')
  const given = { ...card, ip: '192.0.2.21/24', gateway: '192.0.2.1' }
  expect(withKnownAddresses(file, uuid, [card])).toEqual([card])
  expect(withKnownAddresses(file, uuid, [given])).toEqual([given])
  expect(withKnownAddresses(file, uuid, [card])).toEqual([given])
  const other = { ...given, ip: '192.0.2.22/24' }
  expect(withKnownAddresses(file, uuid, [other])).toEqual([other])
  expect(withKnownAddresses(file, uuid, [card])).toEqual([other])
})

test('another card does not get it', () => {
  using folder = temporaryFolder()
  const file = join(folder.path, 'networks.json')
  withKnownAddresses(file, uuid, [{ ...card, ip: '192.0.2.21/24' }])
  const another = { ...card, mac: 'BC:24:11:00:00:02' }
  expect(withKnownAddresses(file, uuid, [another])).toEqual([another])
})

test('nor does the same card of another VM that has got the number', () => {
  using folder = temporaryFolder()
  const file = join(folder.path, 'networks.json')
  withKnownAddresses(file, uuid, [{ ...card, ip: '192.0.2.21/24' }])
  const another = '6d1b3a52-8a5c-4c0e-9f7e-2f0b5d1c9a01'
  expect(withKnownAddresses(file, another, [card])).toEqual([card])
  expect(withKnownAddresses(file, uuid, [card])).toEqual([card])
})
