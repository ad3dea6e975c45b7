import type { GuestHardware } from '../../../src/lab/guest.ts'

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
