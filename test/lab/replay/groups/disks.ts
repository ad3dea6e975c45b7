import { type Group, inOrder } from '../group.ts'
import type { World } from '../world.ts'

const vm = '/nodes/pve/qemu/220'

/** Drives of a stopped VM: one long sequence on one machine. */
export const disks: Group = {
  name: 'disks',
  source: 'recorded-more',
  wholeConfig: /^(?:ide|sata|scsi|virtio|efidisk|tpmstate|unused)\d+$/,
  setUp: async (world) => {
    world.isosAndSnippets()
    await world.create(100, { scsi0: 'local:2' })
    await world.create(220, { scsi30: 'none,media=cdrom' })
  },
  order: inOrder('disks', [
    ['scsi0', 'virtio0-options', 'sata0', 'scsi2-options-order', 'scsi2-size-given', 'scsi3-fraction'],
    ['scsi4-suffix', 'scsi4-zero', 'scsi4-negative', 'scsi4-vmdk'],
    ['scsi5-cache-bad', 'scsi5-format-bad', 'scsi5-ssd-on', 'scsi5-iothread-true', 'sata1-iothread'],
    ['cdrom-none', 'cdrom-iso', 'cdrom-key', 'cdrom-iso-missing', 'cdrom-iso-without-media', 'absolute-path'],
    ['existing-volume-of-other-vm', 'volume-missing', 'same-volume-twice', 'replace-existing'],
    ['option-change', 'delete-unused', 'two-deletes', 'put-alloc'],
    ['efidisk0-replace', 'tpm-v1.2', 'efidisk1', 'cloudinit-scsi', 'cloudinit-qcow2-format'],
    ['import-from-iso', 'import-from-size-kept', 'import-from-missing', 'import-from-abs-path'],
    ['force-delete', 'content-vmid-220'],
  ]),
  prepare: {
    'disks/virtio0-options': change({
      scsi1: 'local:1,format=qcow2,backup=0,cache=writeback,discard=on,iothread=1,ssd=1',
    }),
    'disks/cdrom-none': change({ ide1: 'local:1' }),
    'disks/absolute-path': change({ ide3: 'cdrom,media=cdrom' }),
    'disks/delete-unused': change({ delete: 'sata0' }),
    'disks/efidisk0-replace': async (world) => {
      await change({ tpmstate0: 'local:1,version=v2.0' })(world)
      // Enrolling keys failed there, for want of a program; the volume stayed.
      world.file('local', 'images/220/vm-220-disk-14.raw', 540_672)
    },
  },
}

function change(form: Record<string, string>): (world: World) => Promise<void> {
  return async (world) => {
    await world.run('POST', `${vm}/config`, form)
  }
}
