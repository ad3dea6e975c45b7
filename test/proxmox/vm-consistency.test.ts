import { expect, test } from 'vitest'
import type { NciError } from '../../src/core/errors.ts'
import type { Inputs } from '../../src/core/step.ts'
import { validate } from '../../src/core/validate.ts'
import { assertConsistent } from '../../src/proxmox/vm-consistency.ts'

/** The problems of a document that the schema accepts. */
async function problemsOf(rest: Record<string, unknown>): Promise<string[]> {
  const document = { name: 'web1', ...rest }
  await validate('vm.create', document)
  try {
    assertConsistent(document as unknown as Inputs['vm.create'])
    return []
  } catch (error) {
    expect(error).toMatchObject({ code: 'INPUT_INVALID', details: { step: 'vm.create' } })
    return (error as NciError).message.match(/`\/[^`]+` [^;]+?(?=;|\.$|\. )/g) ?? []
  }
}

const network = (card: object) => ({ networks: [card] })
const disks = (...list: object[]) => ({ disks: list.map((disk) => ({ size: '1G', ...disk })) })

test.each<[string, Record<string, unknown>, string]>([
  [
    'a range of ids without an id',
    { vmid_min: 200, vmid_max: 100 },
    '`/vmid_min` must not be above `vmid_max`',
  ],
  ['more to balloon than there is', { balloon: 4096 }, '`/balloon` must not be more than `memory`'],
  [
    'a seventh SATA disk',
    disks(...Array(7).fill({ bus: 'sata' })),
    '`/disks/6/bus` has no place left: `sata` has 6',
  ],
  [
    'an SSD on virtio',
    disks({ bus: 'virtio', ssd: true }),
    '`/disks/0/ssd` is not for disks on the virtio bus',
  ],
  [
    'a thread on SATA',
    disks({ bus: 'sata', iothread: true }),
    '`/disks/0/iothread` is not for disks on the sata bus',
  ],
  [
    'one serial number twice',
    disks({ serial: 'A' }, { serial: 'A' }),
    '`/disks/1/serial` is that of another disk',
  ],
  [
    'BIOS on aarch64',
    { architecture: 'aarch64', bios: 'seabios' },
    '`/bios` must be `ovmf` for aarch64, which has no other',
  ],
  ['Secure Boot without UEFI', { secure_boot: true }, '`/secure_boot` needs `bios: ovmf`'],
  [
    'Secure Boot on aarch64',
    { architecture: 'aarch64', secure_boot: true },
    '`/secure_boot` is not for aarch64: Proxmox has no keys for it',
  ],
  ['a place for no EFI disk', { efi_storage: 'local' }, '`/efi_storage` needs `bios: ovmf`'],
  ['a place for no TPM', { tpm_storage: 'local' }, '`/tpm_storage` needs `tpm`'],
  ['an octet above 255', network({ ip: '192.0.2.256/24' }), '`/networks/0/ip` is no IPv4 address'],
  [
    'a gateway that is none',
    network({ ip: '192.0.2.2/24', gateway: '192.0.2.999' }),
    '`/networks/0/gateway` is no IPv4 address',
  ],
  [
    'a gateway without an address',
    network({ gateway: '192.0.2.1' }),
    '`/networks/0/gateway` needs a static address in `ip`',
  ],
  [
    'a gateway beside DHCP',
    network({ ip: 'dhcp', gateway: '192.0.2.1' }),
    '`/networks/0/gateway` needs a static address in `ip`',
  ],
  ['two double colons', network({ ip6: '2001::db8::1/64' }), '`/networks/0/ip6` is no IPv6 address'],
  [
    'an IPv6 gateway that is none',
    network({ ip6: '2001:db8::1/64', gateway6: '2001' }),
    '`/networks/0/gateway6` is no IPv6 address',
  ],
  [
    'an IPv6 gateway beside SLAAC',
    network({ ip6: 'auto', gateway6: 'fe80::1' }),
    '`/networks/0/gateway6` needs a static address in `ip6`',
  ],
  [
    'queues of no virtio card',
    network({ model: 'e1000', queues: 2 }),
    '`/networks/0/queues` is for virtio cards',
  ],
  [
    'a display on the serial port that is not wanted',
    { vga: 'memory=16,type=serial0', serial_console: false },
    '`/vga` is on the serial port serial0, which the VM does not have',
  ],
  [
    'a display on a serial port that nobody asks for',
    { options: { vga: 'serial1' } },
    '`/options/vga` is on the serial port serial1, which the VM does not have',
  ],
  [
    'a kind of drive that cloud-init cannot read',
    { ci_type: 'configdrive2', ...network({ ip: '192.0.2.21/24', ip6: 'auto' }) },
    '`/ci_type` must be `nocloud` for a card with `ip` and `ip6`: of `configdrive2` cloud-init reads one',
  ],
  [
    'a name server that is none',
    { nameservers: ['192.0.2.1', '1.2.3'] },
    '`/nameservers/1` is no IP address',
  ],
])('%s is refused', async (_, rest, problem) => {
  expect(await problemsOf(rest)).toEqual([problem])
})

test('two cards with one MAC address are refused, whatever its spelling', async () => {
  const networks = [{ mac: 'bc:24:11:00:00:0a' }, { mac: 'BC:24:11:00:00:0A' }]
  expect(await problemsOf({ networks })).toEqual(['`/networks/1/mac` is that of another card'])
})

test('all problems are told at once', async () => {
  expect(await problemsOf({ balloon: 4096, vmid_min: 200, vmid_max: 100 })).toHaveLength(2)
})

test('what fits is accepted', async () => {
  const networks = [
    { ip: '192.0.2.21/24', gateway: '192.0.2.1', ip6: '2001:db8::21/64', gateway6: 'fe80::1', queues: 4 },
    { ip: 'dhcp', ip6: 'auto', mac: 'BC:24:11:00:00:0A' },
  ]
  const more = { bios: 'ovmf', secure_boot: true, efi_storage: 'a', tpm: 'v2.0', tpm_storage: 'b' }
  expect(await problemsOf({ networks, ...more, balloon: 0, vmid_min: 100, vmid_max: 100 })).toEqual([])
  expect(await problemsOf({ architecture: 'aarch64', efi_storage: 'a' })).toEqual([])
  expect(await problemsOf({ vga: 'serial0' })).toEqual([])
  expect(await problemsOf({ vga: 'serial1', options: { serial1: 'socket' } })).toEqual([])
  const own = { ci_type: 'configdrive2', ci_custom: 'user=a:snippets/u,network=a:snippets/n' }
  expect(await problemsOf({ networks, ...own })).toEqual([])
})
