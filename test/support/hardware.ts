import type { GuestHardware } from '../../src/lab/guest.ts'

export const uuid = '1F16FDE4-C6A1-4EA0-A220-72169419128B'

/** A machine with nothing in it. */
export function bareHardware(changes: Partial<GuestHardware> = {}): GuestHardware {
  return {
    vmid: 100,
    name: 'web1',
    node: 'pve',
    uuid,
    cores: 1,
    memoryMiB: 64,
    architecture: 'x86_64',
    machine: 'pc',
    firmware: 'bios',
    efiVariables: undefined,
    tpm: false,
    scsiController: 'virtio-scsi-single',
    graphics: false,
    bootOrder: [],
    disks: [],
    isos: [],
    cloudInit: undefined,
    nics: [],
    agent: false,
    ...changes,
  }
}

/** A machine with an empty disk, an installer in its drive, a card, and what is said to cloud-init. */
export function installable(
  files: { readonly disk: string; readonly iso: string; readonly cloudInit: string },
  { name, key, address }: { readonly name: string; readonly key: string; readonly address: string },
  changes: Partial<GuestHardware> = {},
): GuestHardware {
  return bareHardware({
    name,
    cores: 2,
    memoryMiB: 2048,
    graphics: true,
    bootOrder: ['scsi0', 'ide2'],
    disks: [{ key: 'scsi0', path: files.disk, sizeBytes: 4 * 1024 ** 3 }],
    isos: [{ key: 'ide2', path: files.iso }],
    cloudInit: {
      key: 'ide0',
      path: files.cloudInit,
      label: 'cidata',
      files: {
        'user-data': `#cloud-config\nhostname: ${name}\nuser: root\nssh_authorized_keys:\n  - ${key.trim()}\n`,
        'meta-data': 'instance-id: 0123abcd\n',
        'vendor-data': '',
        'network-config': networkConfig(staticSubnet(address)),
      },
    },
    nics: [
      {
        key: 'net0',
        model: 'virtio',
        mac: 'BC:24:11:00:00:01',
        bridge: 'vmbr0',
        ip: `${address}/24`,
        gateway: undefined,
      },
    ],
    agent: true,
    ...changes,
  })
}

/** The network of a cloud-init drive, with one subnet. */
export function networkConfig(subnet: string): string {
  return `version: 1
config:
    - type: physical
      name: eth0
      mac_address: 'bc:24:11:00:00:01'
      subnets:
      - ${subnet}
`
}

export function staticSubnet(address: string): string {
  return `type: static
        address: '${address}'
        netmask: '255.255.255.0'`
}
