import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readDiskContent, writeDiskContent } from '../../src/lab/simulated/disk-content.ts'
import { installerVm } from '../errors/installer-vm.ts'
import { runTask, send } from '../lab/api-client.ts'
import { type Box, openBox, until } from '../support/lab.ts'
import { expectProvisioned, statuses, succeeded } from './provisioned.ts'

const used = {
  fileSystems: { 0: { type: 'ext4', uuid: '6c3b1d3e-0000-4000-8000-000000000000', label: 'photos' } },
}

function disk(box: Box, vmid: number): string {
  const images = join(box.folder, 'pve', 'storage', 'local-lvm', 'images')
  return join(images, String(vmid), `vm-${vmid}-disk-0`)
}

/** A VM in the installer whose disk holds somebody's photos. */
function usedVm(box: Box): Promise<number> {
  const beforeStart = (vmid: number): Promise<void> => writeDiskContent(disk(box, vmid), used)
  return installerVm(box, 'web1', '192.0.2.22', { beforeStart })
}

/** Ends an installation as soon as it says something. */
async function killed(box: Box, phase: string, input: Readonly<Record<string, unknown>>): Promise<void> {
  const run = box.start(['nixos', 'install'], { input: { name: 'web1', flake: box.host.flake, ...input } })
  await run.until({ phase })
  run.signal('SIGKILL')
  await run.ended
  await until(() => run.alive().length === 0)
}

test.concurrent('who takes `reinstall` back before anything was formatted keeps what is on the disks', async () => {
  await using box = await openBox()
  const vmid = await usedVm(box)
  await killed(box, 'nixos-anywhere prepares', { reinstall: true })
  expect(await readDiskContent(disk(box, vmid))).toEqual(used)
  const input = { name: 'web1', flake: box.host.flake }
  const { document } = await box.run(['nixos', 'install'], { input })
  expect(document.error).toMatchObject({ code: 'INSTALL_DISK_NOT_BLANK' })
  expect(document.error.message).toContain('"photos"')
  expect(await readDiskContent(disk(box, vmid))).toEqual(used)
})

test.concurrent('who takes `disko_mode: mount` back keeps what was to be mounted', async () => {
  await using box = await openBox({ guestLatency: { copy: 300 } })
  const vmid = await usedVm(box)
  const mount = { disko_mode: 'mount', build_on: 'remote', reinstall: true }
  await killed(box, 'nixos-anywhere prepares', mount)
  const input = { name: 'web1', flake: box.host.flake }
  const { document } = await box.run(['nixos', 'install'], { input })
  expect(document.error).toMatchObject({ code: 'INSTALL_DISK_NOT_BLANK' })
  expect(await readDiskContent(disk(box, vmid))).toEqual(used)
})

test.concurrent('a run that may wipe and is killed while it copies is carried on without formatting again', async () => {
  await using box = await openBox({ guestLatency: { install: 2000 } })
  await usedVm(box)
  await killed(box, 'installing NixOS', { reinstall: true })
  box.guests.latency.install = 20
  const input = { name: 'web1', flake: box.host.flake, reinstall: true }
  const next = box.start(['nixos', 'install'], { input })
  expect(succeeded(await next.ended).output).toMatchObject({ rebooted: true })
  expect(next.progress.map(({ phase }) => phase)).not.toContain('partitioning and formatting')
})

test.concurrent('a system that does not come up is installed anew from the ISO, when that is said', async () => {
  await using box = await openBox({ guestFaults: { installedSystemHangs: true } })
  const input = { ...box.host, detach: 'hot' }
  const first = box.start(['provision'], { input })
  await first.until({ step: 'nixos.install', phase: 'rebooting' })
  first.signal('SIGKILL')
  await first.ended
  const vm = '/nodes/pve/qemu/100'
  const iso = /^(ide\d+): \S+\.iso/m.exec(box.config(100))?.[1]
  await runTask(box.lab, 'POST', `${vm}/status/stop`)
  await send(box.lab, 'PUT', `${vm}/config`, { form: { boot: `order=${iso};scsi0` } })
  await runTask(box.lab, 'POST', `${vm}/status/start`)
  delete box.guests.faults.installedSystemHangs

  // Not unasked: it may have been used before it was booted from the ISO.
  const before = await readDiskContent(disk(box, 100))
  const refused = await box.run(['nixos', 'install'], { input: { name: 'web1', flake: box.host.flake } })
  expect(refused.document.error).toMatchObject({ code: 'INSTALL_DISK_NOT_BLANK' })
  expect(await readDiskContent(disk(box, 100))).toEqual(before)

  const again = succeeded(await box.run(['provision'], { input: { ...box.host, reinstall: true } }))
  expect(statuses(again)).toMatchObject({ 'nixos.install': 'changed', proof: 'done' })
  await expectProvisioned(box, again)
})
