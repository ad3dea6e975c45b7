import '../support/seed.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isOn, parseProperties, propertiesOf, writeProperties } from '../../src/proxmox/property-string.ts'

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

test('whatever properties there are come back from their text', () => {
  const key = fc.stringMatching(/^[a-z_-]{1,12}$/)
  const value = fc.stringMatching(/^[^,]{0,20}$/)
  fc.assert(
    fc.property(
      fc.array(fc.tuple(key, value), { maxLength: 8 }),
      fc.stringMatching(/^[^,]{1,20}$/),
      (list, first) => {
        const properties = new Map([['file', first], ...list])
        expect(parseProperties(writeProperties(properties, 'file'), 'file')).toEqual(properties)
      },
    ),
  )
})

test('values may hold further equals signs, and the first value may stand without its key', () => {
  const properties = parseProperties('local:iso/a=b.iso,media=cdrom', 'file')
  expect([...properties]).toEqual([
    ['local:iso/a', 'b.iso'],
    ['media', 'cdrom'],
  ])
  expect(parseProperties('file=local:iso/a=b.iso', 'file').get('file')).toBe('local:iso/a=b.iso')
  expect(writeProperties([['file', 'local:iso/a=b.iso']], 'file')).toBe('file=local:iso/a=b.iso')
})

test('what has no value is left out, switches are 0 and 1, and the first key comes first', () => {
  const properties = propertiesOf({
    ...{ discard: 'on', ssd: true, backup: false, cache: undefined, file: 'a:1', mtu: 1 },
  })
  expect(writeProperties(properties, 'file')).toBe('a:1,discard=on,ssd=1,backup=0,mtu=1')
  expect(writeProperties([])).toBe('')
})

test('every way in which Proxmox writes a switch is understood', () => {
  expect(['1', 1, 'on', 'On', 'yes', 'true', 'TRUE'].map(isOn)).not.toContain(false)
  expect(['0', 0, 'off', 'no', 'false', '', undefined].map(isOn)).not.toContain(true)
})
