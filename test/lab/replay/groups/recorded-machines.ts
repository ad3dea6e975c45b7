import type { LabOptions } from '../../../../src/lab/lab.ts'
import type { World } from '../world.ts'

const common = { kvm: 0, net0: 'virtio,bridge=vmbr0' }

/** The node of the recordings, with its address, its memory and its one file system for everything. */
export const recordedNode: Partial<LabOptions> = {
  nodes: [
    {
      name: 'pve',
      cpus: 2,
      address: '10.11.12.13',
      memoryBytes: 25_276_502_016,
      diskBytes: 270_553_174_016,
    },
  ],
}

/** `web1`, which runs, with a cloud-init drive and a guest agent. */
export async function createWeb1(world: World): Promise<void> {
  await world.create(200, {
    ...common,
    name: 'web1',
    cores: 1,
    memory: 256,
    ostype: 'l26',
    scsihw: 'virtio-scsi-single',
    scsi0: 'local:1',
    ide0: 'local:cloudinit',
    boot: 'order=scsi0;ide0;net0',
    serial0: 'socket',
    agent: '1',
    tags: 'nixos;prod',
    ciuser: 'root',
    ipconfig0: 'ip=dhcp',
  })
  await world.start(200)
}

/** `db1`, which is off. */
export async function createDb1(world: World): Promise<void> {
  await world.create(201, {
    ...common,
    name: 'db1',
    cores: 2,
    memory: 512,
    scsi0: 'local:1,format=qcow2',
    boot: 'order=scsi0;net0',
  })
}

/** A machine of an earlier recording, whose disk is no longer in use. */
export async function createNixos1(world: World): Promise<void> {
  await world.create(100, { name: 'nixos1', memory: 768, serial0: 'socket', scsi0: 'local:2' })
  await world.ask('PUT', '/nodes/pve/qemu/100/config', { delete: 'scsi0' })
}

const small = 428_032
const large = 31_457_280

/** What earlier recordings left. */
const earlierFiles: Readonly<Record<string, number | string>> = {
  'import/e.raw': small,
  'iso/a.iso': small,
  'iso/big.iso': large,
  'iso/e.img': small,
  'iso/nixos-test.iso': small,
  'iso/node.iso': large,
  'iso/o.iso': small,
  'iso/perm.iso': small,
  'iso/sp_ace__1_.iso': small,
  'snippets/m.yaml': ' '.repeat(45),
  'snippets/n.yaml': ' '.repeat(44),
  'snippets/u.yaml': ' '.repeat(24),
  'snippets/v.yaml': ' '.repeat(29),
}

const onlyWhere9Was = ['iso/big.iso', 'iso/nixos-test.iso', 'iso/node.iso', 'iso/o.iso']

/** Puts what earlier recordings left into `local`. */
export function addEarlierFiles(world: World): void {
  for (const [name, content] of Object.entries(earlierFiles)) {
    if (world.version === '9.2' || !onlyWhere9Was.includes(name)) world.file('local', name, content)
  }
}
