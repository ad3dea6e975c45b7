import { expect, test } from 'vitest'
import {
  isOn,
  parseProperties,
  parseSize,
  parseSshKeys,
  writeProperties,
  writeSshKeys,
} from '../../src/proxmox/property-string.ts'

test.each([
  ['local-lvm:vm-101-disk-0,discard=on,size=32G', 'file'],
  ['virtio=BC:24:11:2C:CE:64,bridge=vmbr0,firewall=1', 'model'],
  ['order=scsi0;ide2', 'legacy'],
  ['1,fstrim_cloned_disks=1', 'enabled'],
  ['none,media=cdrom', 'file'],
  ['uuid=339277f8-cf87-43ee-aa15-c7ef22fdd7fc', 'uuid-first'],
])('%s is written as it was read', (text, firstKey) => {
  expect(writeProperties(parseProperties(text, firstKey), firstKey)).toBe(text)
})

test('values may hold further equals signs, and the first value may stand without its key', () => {
  const properties = parseProperties('local:iso/a=b.iso,media=cdrom', 'file')
  expect([...properties]).toEqual([
    ['local:iso/a', 'b.iso'],
    ['media', 'cdrom'],
  ])
  expect(parseProperties('file=local:iso/a=b.iso', 'file').get('file')).toBe('local:iso/a=b.iso')
})

test('what has no value is left out, switches are 0 and 1, and the first key comes first', () => {
  const properties = [
    ['discard', 'on'],
    ['ssd', true],
    ['backup', false],
    ['cache', undefined],
    ['file', 'a:1'],
    ['mtu', 1],
  ] as const
  expect(writeProperties(properties, 'file')).toBe('a:1,discard=on,ssd=1,backup=0,mtu=1')
  expect(writeProperties([])).toBe('')
})

test('every way in which Proxmox writes a switch is understood', () => {
  expect(['1', 1, 'on', 'yes', 'true'].map(isOn)).toEqual([true, true, true, true, true])
  expect(['0', 0, 'off', 'no', 'false', '', undefined].map(isOn)).not.toContain(true)
})

test.each([
  ['32G', 32 * 2 ** 30],
  ['512M', 512 * 2 ** 20],
  ['1.5G', 1.5 * 2 ** 30],
  ['418K', 418 * 2 ** 10],
  ['2T', 2 * 2 ** 40],
  ['4096', 4096],
  ['what', 0],
])('the size %s is %d bytes', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes)
})

test('SSH keys come back from their encoding as they were, and nothing in it is left that Proxmox refuses', () => {
  const keys = ['ssh-ed25519 AAAA+/== admin@host', 'ssh-rsa BBBB über']
  const written = writeSshKeys([` ${keys[0]}\n`, keys[1] ?? ''])
  expect(written).not.toMatch(/[ +@/\n]/)
  expect(parseSshKeys(written)).toEqual(keys)
})
