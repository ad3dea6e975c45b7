import { expect, test } from 'vitest'
import type { Inputs } from '../../src/core/step.ts'
import { validate } from '../../src/core/validate.ts'
import { parseSshKeys } from '../../src/proxmox/values/ssh-keys.ts'
import { changesOf, differences } from '../../src/proxmox/vm-differences.ts'
import {
  cloudInitOptions,
  driveOptions,
  enlargedDisks,
  hardwareOptions,
  imageStorages,
} from '../../src/proxmox/vm-options.ts'

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
  expect(hardwareOptions(arm)).toMatchObject({ arch: 'aarch64', bios: 'ovmf', cpu: 'host', vga: 'serial0' })
  expect(set(driveOptions(arm))).toEqual({
    scsi0: 'local-lvm:32,discard=on',
    scsi30: 'local:iso/nixos.iso,media=cdrom',
    scsi29: 'local-lvm:cloudinit',
    efidisk0: 'local-lvm:1,efitype=4m,pre-enrolled-keys=0',
    boot: 'order=scsi0;scsi30',
  })
})

test('every property becomes its option', async () => {
  const input = await spec({
    ...{
      name: 'web1.example.org',
      cores: 3,
      sockets: 2,
      cpu: 'host,flags=+aes',
      memory: 4096,
      balloon: 1024,
    },
    ...{ machine: 'q35', bios: 'ovmf', efi_storage: 'fast', tpm: 'v2.0', tpm_storage: 'safe' },
    ...{ scsi_controller: 'virtio-scsi-pci', os_type: 'other', storage: 'big', cloud_init_storage: 'small' },
    ...{ agent: false, serial_console: false, vga: 'std', onboot: true, startup: 'order=2,up=30' },
    ...{ tags: ['web'], options: { numa: 1, hotplug: 'network,disk' }, disks: [{ size: '8G', ssd: true }] },
    ...{ ci_user: 'admin', ci_password: 'correct horse', ci_type: 'configdrive2', ci_upgrade: true },
    ...{
      ci_custom: 'user=local:snippets/user.yml',
      search_domain: 'example.org',
      nameservers: ['192.0.2.1'],
    },
    ssh_public_keys: ['ssh-ed25519 AAAA a@b'],
    networks: [
      { bridge: 'vmbr1', ip: '192.0.2.21/24', gateway: '192.0.2.1' },
      { model: 'e1000', ip6: '2001:db8::21/64', gateway6: '2001:db8::1' },
    ],
    boot_iso_first: true,
  })
  expect(set(hardwareOptions(input))).toEqual({
    name: 'web1.example.org',
    cores: 3,
    sockets: 2,
    cpu: 'host,flags=+aes',
    memory: 4096,
    balloon: 1024,
    machine: 'q35',
    bios: 'ovmf',
    ostype: 'other',
    scsihw: 'virtio-scsi-pci',
    agent: 'enabled=0',
    vga: 'std',
    onboot: true,
    startup: 'order=2,up=30',
    net0: 'virtio,bridge=vmbr1',
    net1: 'e1000,bridge=vmbr0',
    numa: 1,
    hotplug: 'network,disk',
    tags: 'nci;web',
  })
  expect(set(cloudInitOptions(input))).toEqual({
    ciuser: 'admin',
    cipassword: 'correct horse',
    citype: 'configdrive2',
    cicustom: 'user=local:snippets/user.yml',
    ciupgrade: true,
    sshkeys: 'ssh-ed25519%20AAAA%20a%40b',
    nameserver: '192.0.2.1',
    searchdomain: 'example.org',
    ipconfig0: 'ip=192.0.2.21/24,gw=192.0.2.1',
    ipconfig1: 'ip6=2001:db8::21/64,gw6=2001:db8::1',
  })
  expect(set(driveOptions(input))).toEqual({
    scsi0: 'big:8,discard=on,ssd=1',
    efidisk0: 'fast:1,efitype=4m,pre-enrolled-keys=0',
    tpmstate0: 'safe:1,version=v2.0',
    ide2: 'local:iso/nixos.iso,media=cdrom',
    ide0: 'small:cloudinit',
    boot: 'order=ide2;scsi0',
  })
  // aarch64 has a display only where one is asked for, and no drive without cloud-init.
  const bare = await spec({
    architecture: 'aarch64',
    serial_console: false,
    cloud_init: false,
    iso: undefined,
  })
  expect(set(hardwareOptions(bare))).not.toHaveProperty('vga')
  expect(Object.keys(set(driveOptions(bare))).sort()).toEqual(['boot', 'efidisk0', 'scsi0'])
})

test('disks are numbered by bus, sized in GiB, and on their own storages', async () => {
  const disks = [
    { size: '512M', bus: 'virtio', discard: false, cache: 'none', replicate: false },
    { size: '1T', storage: 'big', iothread: true, ssd: true, aio: 'native', serial: 'DATA' },
    { size: '8G', bus: 'virtio', format: 'qcow2', backup: false },
  ]
  expect(driveOptions(await spec({ disks }))).toMatchObject({
    virtio0: 'local-lvm:0.5,cache=none,replicate=0',
    scsi0: 'big:1024,aio=native,discard=on,iothread=1,serial=DATA,ssd=1',
    virtio1: 'local-lvm:8,backup=0,discard=on,format=qcow2',
    boot: 'order=virtio0;ide2',
  })
})

test('an imported disk has the size of its image, or is enlarged once it is there', async () => {
  const disks = [{ import_from: 'local:import/a.qcow2' }, { import_from: 'local:import/b.raw', size: '20G' }]
  const input = await spec({ disks: [...disks, { size: '1G' }] })
  expect(driveOptions(input)).toMatchObject({
    scsi0: 'local-lvm:0,discard=on,import-from=local:import/a.qcow2',
    scsi1: 'local-lvm:0,discard=on,import-from=local:import/b.raw',
    scsi2: 'local-lvm:1,discard=on',
  })
  expect(enlargedDisks(input)).toEqual([
    { key: 'scsi1', size: '20G', storage: 'local-lvm', property: 'storage' },
  ])
  await expect(spec({ disks: [{ bus: 'scsi' }] })).rejects.toThrow('needs `size` or `import_from`')
})

test('EFI disk and TPM are on storages of their own where told, and keys are enrolled on request', async () => {
  const input = await spec({
    ...{ bios: 'ovmf', secure_boot: true, efi_storage: 'fast', tpm: 'v2.0', tpm_storage: 'safe' },
    disks: [{ size: '1G' }, { size: '1G', storage: 'big' }],
  })
  expect(driveOptions(input)).toMatchObject({
    efidisk0: 'fast:1,efitype=4m,pre-enrolled-keys=1',
    tpmstate0: 'safe:1,version=v2.0',
  })
  expect(imageStorages(input)).toEqual([
    { storage: 'local-lvm', property: 'storage' },
    { storage: 'big', property: 'disks' },
    { storage: 'fast', property: 'efi_storage' },
    { storage: 'safe', property: 'tpm_storage' },
  ])
  // Where there is no EFI disk, its storage does not matter.
  expect(imageStorages(await spec({ efi_storage: 'fast', cloud_init: false }))).toEqual([
    { storage: 'local-lvm', property: 'storage' },
  ])
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
      { ip: 'dhcp', model: 'e1000', link_down: true },
      { queues: 4, rate: 12.5, trunks: '10;20-30' },
    ],
    ssh_public_keys: ['ssh-ed25519 AAAA a@b', 'ssh-ed25519 BBBB c@d'],
    nameservers: ['192.0.2.1', '2001:db8::1'],
  })
  expect(hardwareOptions(input)).toMatchObject({
    net0: 'virtio,bridge=vmbr0',
    net1: 'virtio=BC:24:11:00:00:01,bridge=vmbr1,firewall=1,mtu=1,tag=7',
    net2: 'e1000,bridge=vmbr0,link_down=1',
    net3: 'virtio,bridge=vmbr0,queues=4,rate=12.5,trunks=10;20-30',
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

test('switches that are left out have their defaults', () => {
  expect(differences({}, { onboot: false, protection: 0, tablet: true, ciupgrade: true })).toEqual({})
  expect(differences({}, { onboot: true, ciupgrade: false, kvm: 1 })).toEqual({
    ...{ onboot: '1', ciupgrade: '0', kvm: '1' },
  })
  // What is about to be removed is on its way to the default.
  expect(differences({ onboot: '', ciupgrade: '' }, { onboot: false, ciupgrade: false })).toEqual({
    ciupgrade: '0',
  })
})

test('numbers are compared as numbers, and texts without what Proxmox takes off their end', () => {
  expect(differences({ cpulimit: 0.5, balloon: 0 }, { cpulimit: '0.50', balloon: 0 })).toEqual({})
  expect(differences({ name: '1', description: 'a\nb' }, { name: '01', description: 'a\nb\n\n' })).toEqual({
    name: '01',
  })
})

test('names that every object of JavaScript has are ordinary names', () => {
  const wanted = JSON.parse('{"constructor": "a", "toString": "b", "__proto__": "c"}')
  expect(Object.entries(differences({}, wanted))).toEqual(Object.entries(wanted))
  expect(changesOf({}, { constructor: 'a' } as never)).toEqual([{ what: 'constructor', after: 'a' }])
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
  // It cannot be compared with what was sent, but with nothing.
  expect(differences({ cipassword: '**********' }, { cipassword: 'hunter22' })).toEqual({})
  expect(differences({}, { cipassword: 'hunter22' })).toEqual({ cipassword: 'hunter22' })
  expect(differences({ cipassword: '' }, { cipassword: 'hunter22' })).toEqual({ cipassword: 'hunter22' })
})
