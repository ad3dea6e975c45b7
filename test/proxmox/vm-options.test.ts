import { expect, test } from 'vitest'
import type { Inputs } from '../../src/core/step.ts'
import { validate } from '../../src/core/validate.ts'
import { parseSshKeys } from '../../src/proxmox/property-string.ts'
import { changesOf, differences } from '../../src/proxmox/vm-differences.ts'
import { cloudInitOptions, driveOptions, hardwareOptions } from '../../src/proxmox/vm-options.ts'

/** A checked input, its defaults filled in. */
async function spec(rest: Record<string, unknown> = {}): Promise<Inputs['vm.create']> {
  const document = { name: 'web1', iso: 'local:iso/nixos.iso', ...rest }
  await validate('vm.create', document)
  return document as unknown as Inputs['vm.create']
}

/** Without what is not set: it is not sent. */
const set = (options: object): object =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))

test('the defaults make a VM that boots the disk, and the ISO while that is empty', async () => {
  expect(set(driveOptions(await spec()))).toEqual({
    scsi0: 'local-lvm:32,discard=on',
    ide2: 'local:iso/nixos.iso,media=cdrom',
    ide0: 'local-lvm:cloudinit',
    boot: 'order=scsi0;ide2',
  })
  expect(set(hardwareOptions(await spec()))).toMatchObject({
    name: 'web1',
    cpu: 'x86-64-v2-AES',
    bios: 'seabios',
    memory: 2048,
    agent: 'enabled=1',
    serial0: 'socket',
    tags: 'nci',
    net0: 'virtio,bridge=vmbr0',
  })
  expect(set(cloudInitOptions(await spec()))).toEqual({ ciupgrade: false, ipconfig0: 'ip=dhcp' })
})

test('aarch64 has no IDE, and needs OVMF with an EFI disk', async () => {
  const arm = await spec({ architecture: 'aarch64' })
  expect(hardwareOptions(arm)).toMatchObject({ arch: 'aarch64', bios: 'ovmf', cpu: 'host' })
  expect(set(driveOptions(arm))).toEqual({
    scsi0: 'local-lvm:32,discard=on',
    scsi30: 'local:iso/nixos.iso,media=cdrom',
    scsi29: 'local-lvm:cloudinit',
    efidisk0: 'local-lvm:1,efitype=4m,pre-enrolled-keys=0',
    boot: 'order=scsi0;scsi30',
  })
})

test('disks are numbered by bus, sized in GiB, and on their own storages', async () => {
  const disks = [
    { size: '512M', bus: 'virtio', discard: false, cache: 'none', ssd: false },
    { size: '1T', storage: 'big', iothread: true, serial: 'DATA' },
    { size: '8G', bus: 'virtio', format: 'qcow2', backup: false },
  ]
  expect(driveOptions(await spec({ disks }))).toMatchObject({
    virtio0: 'local-lvm:0.5,cache=none,ssd=0',
    scsi0: 'big:1024,discard=on,iothread=1,serial=DATA',
    virtio1: 'local-lvm:8,format=qcow2,discard=on,backup=0',
    boot: 'order=virtio0;ide2',
  })
})

test('sizes are written as Proxmox reads numbers, small ones too', async () => {
  const { scsi0 } = driveOptions(await spec({ disks: [{ size: '1K' }] }))
  expect(scsi0).toMatch(/^local-lvm:\d+(\.\d+)?,/)
})

test('cards and their cloud-init settings have the same numbers', async () => {
  const input = await spec({
    networks: [
      { ip: '192.0.2.21/24', gateway: '192.0.2.1', ip6: 'auto' },
      { bridge: 'vmbr1', mac: 'bc:24:11:00:00:01', vlan: 7, mtu: 1, firewall: true },
      { ip: 'dhcp', model: 'e1000' },
    ],
    ssh_public_keys: ['ssh-ed25519 AAAA a@b', 'ssh-ed25519 BBBB c@d'],
    nameservers: ['192.0.2.1', '2001:db8::1'],
  })
  expect(hardwareOptions(input)).toMatchObject({
    net0: 'virtio,bridge=vmbr0',
    net1: 'virtio=BC:24:11:00:00:01,bridge=vmbr1,firewall=1,mtu=1,tag=7',
    net2: 'e1000,bridge=vmbr0',
  })
  const cloudInit = cloudInitOptions(input)
  expect(cloudInit).toMatchObject({
    ipconfig0: 'ip=192.0.2.21/24,gw=192.0.2.1,ip6=auto',
    ipconfig1: undefined,
    ipconfig2: 'ip=dhcp',
    nameserver: '192.0.2.1 2001:db8::1',
  })
  expect(parseSshKeys(String(cloudInit.sshkeys))).toEqual(input.ssh_public_keys)
})

test('other options win, and tags are lower case, sorted, without repetition', async () => {
  const options = hardwareOptions(
    await spec({ tags: ['Web', 'nci', 'a', 'web'], options: { cores: 3, numa: true } }),
  )
  expect(options).toMatchObject({ tags: 'a;nci;web', cores: 3, numa: true })
  // Nor can they take the tag away by which the VM is known again.
  expect(hardwareOptions(await spec({ options: { tags: 'Db,x' } })).tags).toBe('db;nci;x')
})

test('the options of a VM as Proxmox gives them back are no difference', async () => {
  const input = await spec({ tags: ['web'], networks: [{ ip: 'dhcp' }], onboot: false, vga: 'std' })
  const current = {
    ...Object.fromEntries(
      Object.entries(set(hardwareOptions(input))).map(([key, value]) => [key, String(value)]),
    ),
    tags: 'web;nci',
    net0: 'virtio=BC:24:11:2C:CE:64,bridge=vmbr0',
    agent: '1',
    cpu: 'cputype=x86-64-v2-aes',
    onboot: '0',
    ciupgrade: 0,
    ipconfig0: 'ip=dhcp',
  }
  expect(differences(current, { ...hardwareOptions(input), ...cloudInitOptions(input) })).toEqual({})
})

test('a card that changes keeps the address that Proxmox made, unless another one is asked for', () => {
  const current = { net0: 'virtio=BC:24:11:2C:CE:64,bridge=vmbr0,firewall=1' }
  expect(differences(current, { net0: 'virtio,bridge=vmbr1' })).toEqual({
    // And what somebody else switched on stays on.
    net0: 'virtio=BC:24:11:2C:CE:64,bridge=vmbr1,firewall=1',
  })
  expect(differences(current, { net0: 'virtio=BC:24:11:00:00:01,bridge=vmbr0,firewall=1' })).toEqual({
    net0: 'virtio=BC:24:11:00:00:01,bridge=vmbr0,firewall=1',
  })
})

test('what differs is shown with both values, readable, and never the password', () => {
  const sent = {
    sshkeys: 'ssh-ed25519%20AAAA',
    cipassword: 'hunter22',
    memory: 4096,
    onboot: true,
    vga: undefined,
  }
  const changes = changesOf({ memory: '2048', cipassword: '**********' }, sent)
  expect(changes).toEqual([
    { what: 'sshkeys', after: ['ssh-ed25519 AAAA'] },
    { what: 'cipassword', before: '********', after: '********' },
    { what: 'memory', before: '2048', after: '4096' },
    { what: 'onboot', after: '1' },
  ])
  expect(differences({}, { cipassword: 'hunter22' })).toEqual({})
})
