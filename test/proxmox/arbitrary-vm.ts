/** Documents of `vm.create` as fast-check makes them up: whatever a user may ask for of one VM. */
import fc, { type Arbitrary } from 'fast-check'
import { publicKeys as anyKeys, mac } from './values/arbitrary.ts'

const maybe = <Value>(value: Arbitrary<Value>): Arbitrary<Value | undefined> =>
  fc.option(value, { nil: undefined })

/** Of the storages that a lab has. */
const storage = fc.constantFrom('local', 'local-lvm')

const disk = fc
  .record({
    size: fc.oneof(
      fc.integer({ min: 1, max: 4096 }).map((size) => `${size}K`),
      fc.integer({ min: 1, max: 64 }).map((size) => `${size}M`),
      fc.constantFrom('1G', '1.5G'),
    ),
    bus: fc.constantFrom('scsi', 'virtio', 'sata'),
    storage: maybe(storage),
    discard: maybe(fc.boolean()),
    ssd: maybe(fc.boolean()),
    iothread: maybe(fc.boolean()),
    cache: maybe(fc.constantFrom('none', 'writethrough', 'writeback', 'unsafe', 'directsync')),
    aio: maybe(fc.constantFrom('native', 'threads', 'io_uring')),
    backup: maybe(fc.boolean()),
    replicate: maybe(fc.boolean()),
    serial: maybe(fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/)),
  })
  .map(({ ssd, iothread, ...rest }) => ({
    ...rest,
    ...(rest.bus === 'virtio' ? {} : { ssd }),
    ...(rest.bus === 'sata' ? {} : { iothread }),
  }))

const network = fc
  .record({
    model: maybe(fc.constantFrom('virtio', 'e1000', 'e1000e', 'rtl8139', 'vmxnet3')),
    mac: maybe(mac),
    vlan: maybe(fc.integer({ min: 1, max: 4094 })),
    mtu: maybe(fc.integer({ min: 1, max: 9000 })),
    firewall: maybe(fc.boolean()),
    link_down: maybe(fc.boolean()),
    rate: maybe(fc.integer({ min: 1, max: 1000 }).map((rate) => rate / 4)),
    trunks: maybe(fc.constantFrom('10', '10;20-30')),
    address: maybe(fc.tuple(fc.ipV4(), fc.integer({ min: 8, max: 32 }), maybe(fc.ipV4()))),
    address6: maybe(fc.tuple(fc.ipV6(), fc.integer({ min: 8, max: 128 }), maybe(fc.ipV6()))),
    ip: maybe(fc.constant('dhcp')),
    ip6: maybe(fc.constantFrom('dhcp', 'auto')),
  })
  .map(({ address, address6, ...rest }) => ({
    ...rest,
    ...(address === undefined ? {} : { ip: `${address[0]}/${address[1]}`, gateway: address[2] }),
    ...(address6 === undefined ? {} : { ip6: `${address6[0]}/${address6[1]}`, gateway6: address6[2] }),
  }))

/** Keys that Proxmox takes: their data begins with the name of their type. */
const publicKeys = anyKeys.map((keys) =>
  keys.map((key) => {
    const [type = '', data = '', ...comment] = key.split(' ')
    const name = Buffer.from(type)
    const length = Buffer.alloc(4)
    length.writeUInt32BE(name.length)
    return [type, Buffer.concat([length, name, Buffer.from(data)]).toString('base64'), ...comment].join(' ')
  }),
)

/** What may be changed later on: the settings of a VM, not its drives. */
const settings = {
  name: fc.stringMatching(/^[a-z][a-z0-9-]{0,20}[a-z0-9](\.[a-z0-9]{1,10})?$/),
  cores: maybe(fc.integer({ min: 1, max: 16 })),
  sockets: maybe(fc.integer({ min: 1, max: 4 })),
  cpu: maybe(fc.constantFrom('host', 'max', 'host,flags=+aes', 'cputype=kvm64')),
  memory: maybe(fc.integer({ min: 1024, max: 65536 })),
  balloon: maybe(fc.integer({ min: 0, max: 1024 })),
  machine: maybe(fc.constantFrom('q35', 'pc', 'pc-q35-9.0', 'type=q35,viommu=virtio')),
  scsi_controller: maybe(fc.constantFrom('virtio-scsi-pci', 'lsi', 'virtio-scsi-single')),
  tags: maybe(fc.array(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_+.-]{0,10}$/), { maxLength: 4 })),
  agent: maybe(fc.boolean()),
  serial_console: maybe(fc.boolean()),
  vga: maybe(fc.constantFrom('std', 'serial0', 'std,memory=32', 'memory=32,type=qxl')),
  onboot: maybe(fc.boolean()),
  startup: maybe(fc.constantFrom('2', 'order=2', 'order=3,up=30', 'order=3,down=60,up=30')),
  options: maybe(
    fc.record(
      {
        numa: fc.boolean(),
        protection: fc.boolean(),
        cpulimit: fc.constantFrom(0.5, 2),
        hotplug: fc.constant('disk'),
      },
      { requiredKeys: [] },
    ),
  ),
  networks: maybe(fc.array(network, { maxLength: 3 })),
  ssh_public_keys: maybe(publicKeys),
  nameservers: maybe(fc.array(fc.oneof(fc.ipV4(), fc.ipV6()), { maxLength: 3 })),
  search_domain: maybe(fc.constantFrom('example.org')),
  ci_user: maybe(fc.constantFrom('root', 'nixos')),
  ci_password: maybe(fc.constantFrom('a password')),
  ci_type: maybe(fc.constantFrom('nocloud', 'configdrive2')),
  ci_upgrade: maybe(fc.boolean()),
}

/** The settings of a VM. */
export const vmSettings = fc.record(settings).map(consistent).map(given)

/** A whole VM, drives and all. */
export const vmDocument = fc
  .record({
    ...settings,
    disks: maybe(
      fc.uniqueArray(disk, { maxLength: 3, selector: ({ serial }) => serial, comparator: isSame }),
    ),
    bios: maybe(fc.constantFrom('seabios', 'ovmf')),
    tpm: maybe(fc.constantFrom('v2.0', 'v1.2')),
    storage: storage,
    cloud_init: maybe(fc.boolean()),
    cloud_init_storage: maybe(storage),
    iso: maybe(fc.constant('local:iso/nixos.iso')),
    boot_iso_first: maybe(fc.boolean()),
  })
  .map(consistent)
  .map(given)

/** Two disks may have no serial number, but not the same one. */
function isSame(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && one === other
}

/** Without what does not go together. */
function consistent<Value extends Settings>(value: Value): Value {
  // Of OpenStack's kind of drive cloud-init cannot read addresses of both families.
  const hasBoth = value.networks?.some(({ ip, ip6 }) => ip !== undefined && ip6 !== undefined)
  const isLost = value.vga === 'serial0' && value.serial_console === false
  return { ...value, ...(hasBoth ? { ci_type: undefined } : {}), ...(isLost ? { vga: undefined } : {}) }
}

interface Settings {
  readonly ci_type: string | undefined
  readonly networks: readonly Networked[] | undefined
  readonly vga: string | undefined
  readonly serial_console: boolean | undefined
}

interface Networked {
  readonly ip?: string | undefined
  readonly ip6?: string | undefined
}

/** Without what is not given, as a document has it. */
function given<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value
}
