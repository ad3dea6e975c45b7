import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { diskName } from '../../../src/steps/nixos/guard.ts'
import { installerVm, succeeded } from '../../errors/installer-vm.ts'
import { openBox } from '../../support/lab.ts'

test('a disk with data that no tool recognises is not blank', async () => {
  await using box = await openBox()
  await installerVm(box, 'web1', '192.0.2.22', {
    async beforeStart(vmid) {
      const images = join(box.folder, 'pve', 'storage', 'local-lvm', 'images', String(vmid))
      await using disk = await open(join(images, `vm-${vmid}-disk-0`), 'r+')
      await disk.write('data', 1_500_000)
    },
  })
  const end = await box.run(['nixos', 'install'], { input: { name: 'web1', flake: box.host.flake } })
  expect(end.document.error).toMatchObject({ code: 'INSTALL_DISK_NOT_BLANK' })
  expect(end.document.error.message).toContain('unrecognised data')
})

test('a machine that was left in the installer is rebooted when that is asked for, and proved', async () => {
  await using box = await openBox()
  await installerVm(box, 'web1', '192.0.2.22')
  const input = { name: 'web1', flake: box.host.flake }
  succeeded(await box.run(['nixos', 'install'], { input: { ...input, reboot: false } }))
  const next = succeeded(await box.run(['nixos', 'install'], { input }))
  expect(next).toMatchObject({ changed: true, output: { rebooted: true, system_state: 'running' } })
  expect(succeeded(await box.run(['nixos', 'install'], { input })).changed).toBe(false)
})

test('another volume in the place of a disk is another disk', () => {
  const disk = { device: '/dev/sda', serial: 'drive-scsi0', bytes: 1024, content: [] }
  const names = ['vm-100-disk-0', 'vm-100-disk-1'].map((volume) =>
    diskName(disk, { scsi0: `local-lvm:${volume},size=1K` }),
  )
  expect(new Set(names).size).toBe(2)
})
