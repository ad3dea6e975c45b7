import { expect, test } from 'vitest'
import type { Inputs } from '../../src/core/step.ts'
import { validate } from '../../src/core/validate.ts'
import { diskDifferences } from '../../src/proxmox/disk-differences.ts'

async function differencesOf(
  current: Record<string, string>,
  rest: Record<string, unknown>,
): Promise<string[]> {
  const document = { name: 'web1', iso: 'local:iso/nixos.iso', ...rest }
  await validate('vm.create', document)
  return diskDifferences(current, document as unknown as Inputs['vm.create'])
}

const there = {
  scsi0: 'local-lvm:vm-101-disk-0,discard=on,size=32G',
  efidisk0: 'local-lvm:vm-101-disk-1,efitype=4m,pre-enrolled-keys=0,size=4M',
  ide0: 'local-lvm:vm-101-cloudinit,media=cdrom',
}

test('disks as they are asked for are no difference, whatever is in the other drives', async () => {
  expect(await differencesOf(there, { bios: 'ovmf' })).toEqual([])
  expect(await differencesOf({ scsi0: there.scsi0 }, { architecture: 'aarch64', bios: 'ovmf' })).toEqual([
    'efidisk0 is not there',
  ])
})

test('another size, storage or property is told, and a disk that is not there', async () => {
  const disks = [{ size: '64G', storage: 'big', ssd: true }, { size: '1G' }]
  expect(await differencesOf(there, { disks, tpm: 'v2.0' })).toEqual([
    'scsi0 has another storage, size, ssd',
    'scsi1 is not there',
    'tpmstate0 is not there',
  ])
})
