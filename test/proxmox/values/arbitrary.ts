/** Values as fast-check makes them up, each in its one spelling. */
import fc, { type Arbitrary } from 'fast-check'
import type { Properties } from '../../../src/proxmox/property-string.ts'
import type { DriveValue } from '../../../src/proxmox/values/drive.ts'
import type { IpConfig } from '../../../src/proxmox/values/ip-config.ts'
import type { NetworkCard } from '../../../src/proxmox/values/network-card.ts'

export const mac = fc
  .array(fc.integer({ min: 0, max: 255 }), { minLength: 5, maxLength: 5 })
  .map((bytes) => ['BC', ...bytes.map((byte) => byte.toString(16).padStart(2, '0').toUpperCase())].join(':'))

const bus = fc.constantFrom('scsi', 'virtio', 'sata', 'ide', 'net')
export const bootOrder = fc.uniqueArray(
  fc.tuple(bus, fc.nat(30)).map(([name, number]) => `${name}${number}`),
  { maxLength: 6 },
)

export const tagList = fc
  .uniqueArray(fc.stringMatching(/^[a-z0-9_][a-z0-9_+.-]{0,12}$/), { maxLength: 6 })
  .map((tags) => tags.sort())

const storage = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9._-]{0,12}$/)
const volumeName = fc.stringMatching(/^[^,=\s:]{1,24}$/)
const flag = fc.constantFrom('0', '1')

/** Any choice of these properties. */
function propertiesOf(values: Readonly<Record<string, Arbitrary<string>>>): Arbitrary<Properties> {
  const record: Record<string, Arbitrary<string | undefined>> = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, fc.option(value, { nil: undefined })]),
  )
  return fc
    .record(record)
    .map(
      (chosen) =>
        new Map(Object.entries(chosen).filter((entry): entry is [string, string] => entry[1] !== undefined)),
    )
}

const number = (max: number): Arbitrary<string> => fc.integer({ min: 1, max }).map(String)

export const driveValue: Arbitrary<DriveValue> = fc.record({
  volume: fc.oneof(
    fc.tuple(storage, volumeName).map((parts) => parts.join(':')),
    fc.constant('none'),
    fc.tuple(storage, fc.nat(4096)).map((parts) => parts.join(':')),
  ),
  properties: propertiesOf({
    aio: fc.constantFrom('native', 'threads', 'io_uring'),
    backup: flag,
    cache: fc.constantFrom('none', 'writeback'),
    discard: fc.constantFrom('on', 'ignore'),
    efitype: fc.constantFrom('2m', '4m'),
    format: fc.constantFrom('raw', 'qcow2'),
    'import-from': fc.tuple(storage, volumeName).map((parts) => parts.join(':')),
    iothread: flag,
    media: fc.constantFrom('cdrom', 'disk'),
    'pre-enrolled-keys': flag,
    replicate: flag,
    serial: fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/),
    size: number(4096).map((size) => `${size}G`),
    ssd: flag,
    version: fc.constantFrom('v1.2', 'v2.0'),
  }),
})

export const cardValue: Arbitrary<NetworkCard> = fc.record(
  {
    model: fc.constantFrom('virtio', 'e1000', 'e1000e', 'rtl8139', 'vmxnet3', 'ne2k_pci'),
    mac,
    properties: propertiesOf({
      bridge: fc.stringMatching(/^[a-z][a-z0-9_.]{0,10}$/),
      firewall: flag,
      link_down: flag,
      mtu: number(65520),
      queues: number(64),
      rate: number(100),
      tag: number(4094),
      trunks: fc.constantFrom('10', '10;20-30'),
    }),
  },
  { requiredKeys: ['model', 'properties'] },
)

const ipv6 = fc.ipV6().map((address) => new URL(`http://[${address}]`).hostname.slice(1, -1))
export const ipConfigValue: Arbitrary<IpConfig> = fc.record(
  {
    ip: fc.oneof(
      fc.constant('dhcp'),
      fc.tuple(fc.ipV4(), fc.nat(32)).map(([address, prefix]) => `${address}/${prefix}`),
    ),
    gw: fc.ipV4(),
    ip6: fc.oneof(
      fc.constantFrom('dhcp', 'auto'),
      fc.tuple(ipv6, fc.nat(128)).map(([address, prefix]) => `${address}/${prefix}`),
    ),
    gw6: ipv6,
  },
  { requiredKeys: [] },
)

export const publicKeys = fc.array(
  fc
    .tuple(
      fc.constantFrom('ssh-ed25519', 'ssh-rsa', 'ecdsa-sha2-nistp256'),
      fc.stringMatching(/^[A-Za-z0-9+/]{4,60}={0,2}$/),
      // Any text may follow; white space at its ends means nothing.
      fc.string({ unit: 'grapheme', maxLength: 20 }).map((comment) => comment.replace(/\s+/g, '_')),
    )
    .map((parts) => parts.join(' ').trim()),
  { maxLength: 5 },
)

export const agentValue = propertiesOf({ enabled: flag, fstrim_cloned_disks: flag, 'freeze-fs': flag })
export const cpuValue = propertiesOf({
  cputype: fc.constantFrom('host', 'max', 'x86-64-v2-AES'),
  flags: fc.constantFrom('+aes', '+aes;-pcid'),
  hidden: flag,
})
export const vgaValue = propertiesOf({ type: fc.constantFrom('std', 'serial0', 'qxl'), memory: number(512) })
export const machineValue = propertiesOf({
  type: fc.constantFrom('q35', 'pc', 'virt', 'pc-q35-9.0', 'pc-i440fx-9.2+pve1'),
  viommu: fc.constantFrom('intel', 'virtio'),
})
export const startupValue = propertiesOf({
  order: fc.nat(999).map(String),
  up: number(600),
  down: number(600),
})
export const memoryValue = number(4178944).map((size): Properties => new Map([['current', size]]))
