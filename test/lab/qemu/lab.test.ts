/** Real guests behind the API. */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { openSandbox, type Sandbox } from '../../../src/lab/sandbox.ts'
import { qemuFolder } from '../../support/qemu.ts'
import { type Finished, finished, runTask, send, upload } from '../api-client.ts'
import { type End, writeBootCd } from './boot-sector.ts'
import { isAlive } from './processes.ts'

const path = '/nodes/pve/qemu/100'

describe.skipIf(qemuFolder === undefined)('a VM with a real guest', { timeout: 60_000 }, () => {
  it('starts and stops, and takes over at its next start what was pending', async () => {
    await using vm = await openVm(
      { boot: 'order=ide2', net0: 'virtio,bridge=vmbr0', ipconfig0: 'ip=192.0.2.7/24' },
      'stay',
    )
    const { sandbox } = vm
    expect(await vm.task('start')).toMatchObject({ exitstatus: 'OK' })
    await vm.says('up')
    const { data } = (await send(sandbox.lab, 'GET', `${path}/status/current`)).body
    expect(data).toMatchObject({ status: 'running', qmpstatus: 'running' })
    expect(isAlive(data.pid)).toBe(true)
    const map = JSON.parse(readFileSync(sandbox.lab.addressMapFile, 'utf8'))
    expect(map['192.0.2.7:22']).toMatch(/^127\.0\.0\.1:\d+$/)

    await send(sandbox.lab, 'PUT', `${path}/config`, { form: { memory: 128 } })
    expect(await vm.task('stop')).toMatchObject({ exitstatus: 'OK' })
    expect(isAlive(data.pid)).toBe(false)
    await vm.task('start')
    const again = (await send(sandbox.lab, 'GET', `${path}/status/current`)).body.data
    expect(readFileSync(`/proc/${again.pid}/cmdline`, 'utf8')).toContain('-m\x00128\x00')
  })

  it('is stopped when it switches itself off', async () => {
    await using vm = await openVm({ boot: 'order=ide2' }, 'power off')
    await vm.task('start')
    while ((await send(vm.sandbox.lab, 'GET', `${path}/status/current`)).body.data.status !== 'stopped')
      await setTimeout(20)
  })

  it('is switched off where it does not shut down in time and that is wanted', async () => {
    await using vm = await openVm({ boot: 'order=ide2', agent: '1' }, 'stay')
    await vm.task('start')
    await vm.says('up')
    const patient = await vm.task('shutdown', { timeout: 1 })
    expect(patient.exitstatus).toBe('VM quit/powerdown failed - got timeout')
    const forced = await vm.task('shutdown', { timeout: 1, forceStop: 1 })
    expect(forced).toMatchObject({ exitstatus: 'OK' })
    expect(forced.lines).toContain('VM still running - terminating now with SIGTERM')
  })

  it('without an agent says so', async () => {
    await using vm = await openVm({ agent: '1' }, 'stay')
    await vm.task('start')
    const { status, reason } = await send(vm.sandbox.lab, 'POST', `${path}/agent/ping`)
    expect([status, reason]).toEqual([500, 'QEMU guest agent is not running'])
  })

  it.each([
    ['raw', 'local-lvm:cloudinit', 'storage/local-lvm/images/100/vm-100-cloudinit'],
    ['qcow2', 'local:cloudinit', 'storage/local/images/100/vm-100-cloudinit.qcow2'],
  ])(
    'has its cloud-init drive as an ISO 9660 image in a volume of the format %s',
    async (format, volume, file) => {
      const options = { ide0: volume, ciuser: 'root', net0: 'virtio,bridge=vmbr0', ipconfig0: 'ip=dhcp' }
      await using vm = await openVm(options, 'stay')
      await vm.task('start')
      await vm.task('stop')
      const shown = (await send(vm.sandbox.lab, 'GET', `${path}/cloudinit/dump?type=user`)).body.data
      const image = join(vm.sandbox.folder, 'drive.iso')
      const convert = ['convert', '-f', format, '-O', 'raw', join(vm.sandbox.folder, 'pve', file), image]
      execFileSync(join(qemuFolder ?? '', 'qemu-img'), convert)
      const bytes = readFileSync(image)
      expect(bytes).toHaveLength(4 * 1024 ** 2)
      expect(bytes.toString('latin1', 32_769, 32_774)).toBe('CD001')
      expect(bytes.toString('latin1', 32_808, 32_840).trim()).toBe('cidata')
      expect(bytes.includes(shown)).toBe(true)
      for (const name of ['user-data', 'meta-data', 'network-config', 'vendor-data'])
        expect(bytes.includes(name)).toBe(true)
    },
  )

  it('has a ConfigDrive where that is asked for', async () => {
    await using vm = await openVm({ ide0: 'local-lvm:cloudinit', citype: 'configdrive2' }, 'stay')
    await vm.task('start')
    const file = join(vm.sandbox.folder, 'pve', 'storage/local-lvm/images/100/vm-100-cloudinit')
    const bytes = readFileSync(file)
    expect(bytes.toString('latin1', 32_808, 32_840).trim()).toBe('config-2')
    for (const name of ['openstack', 'latest', 'user_data', 'meta_data.json'])
      expect(bytes.includes(name)).toBe(true)
  })

  it('has disks in the format of their volumes, and larger ones after a resize', async () => {
    await using vm = await openVm({ scsi0: 'local:1,format=qcow2', scsi1: 'local-lvm:1' }, 'stay')
    const grow = (disk: string): Promise<Finished> =>
      runTask(vm.sandbox.lab, 'PUT', `${path}/resize`, { form: { disk, size: '+1G' } })
    await vm.task('start')
    expect(vm.imageInfo('local/images/100/vm-100-disk-0.qcow2')).toEqual(['qcow2', 1024 ** 3])
    for (const disk of ['scsi0', 'scsi1']) expect((await grow(disk)).exitstatus).toBe('OK')
    await vm.task('stop')
    expect(vm.imageInfo('local/images/100/vm-100-disk-0.qcow2')).toEqual(['qcow2', 2 * 1024 ** 3])
    expect(vm.imageInfo('local-lvm/images/100/vm-100-disk-0')).toEqual(['raw', 2 * 1024 ** 3])
    for (const disk of ['scsi0', 'scsi1']) expect((await grow(disk)).exitstatus).toBe('OK')
    expect(vm.imageInfo('local/images/100/vm-100-disk-0.qcow2')).toEqual(['qcow2', 3 * 1024 ** 3])
    expect(vm.imageInfo('local-lvm/images/100/vm-100-disk-0')).toEqual(['raw', 3 * 1024 ** 3])
    const { scsi0, scsi1 } = (await send(vm.sandbox.lab, 'GET', `${path}/config`)).body.data
    expect([scsi0, scsi1]).toEqual([expect.stringMatching(/size=3G$/), expect.stringMatching(/size=3G$/)])
  })

  it('passes its disks on to its clones, in the format in which they are', async () => {
    await using vm = await openVm({ scsi0: 'local:1,format=qcow2', scsi1: 'local-lvm:1' }, 'stay')
    const clone = (form: Record<string, string | number>): Promise<Finished> =>
      runTask(vm.sandbox.lab, 'POST', `${path}/clone`, { form: { full: 1, ...form } })
    await vm.task('start')
    await vm.task('stop')
    expect((await clone({ newid: 101 })).exitstatus).toBe('OK')
    expect(vm.imageInfo('local/images/101/vm-101-disk-0.qcow2')).toEqual(['qcow2', 1024 ** 3])
    expect(vm.imageInfo('local-lvm/images/101/vm-101-disk-0')).toEqual(['raw', 1024 ** 3])
    expect((await clone({ newid: 102, storage: 'local-lvm' })).exitstatus).toContain('format only')
    const started = await runTask(vm.sandbox.lab, 'POST', '/nodes/pve/qemu/101/status/start')
    expect(started.exitstatus).toBe('OK')
  })

  it('boots with UEFI, whose variables are kept in its disk for them', async () => {
    const options = {
      bios: 'ovmf',
      machine: 'q35',
      vga: 'serial0',
      serial0: 'socket',
      efidisk0: 'local-lvm:1,efitype=4m',
    }
    await using vm = await openVm({ ...options, boot: 'order=ide2' }, 'stay')
    expect(await vm.task('start')).toMatchObject({ exitstatus: 'OK' })
    // There is nothing for UEFI on that CD, and it says so.
    await vm.says('BdsDxe')
    await vm.task('stop')
    const variables = readFileSync(
      join(vm.sandbox.folder, 'pve', 'storage/local-lvm/images/100/vm-100-disk-0'),
    )
    expect(variables).toHaveLength(528 * 1024)
    // What was learnt of the machine has been written there.
    expect(variables.includes(Buffer.from('BootOrder', 'utf16le'))).toBe(true)
    expect(await vm.task('start')).toMatchObject({ exitstatus: 'OK' })
    expect(
      readFileSync(join(vm.sandbox.folder, 'pve', 'storage/local-lvm/images/100/vm-100-disk-0')),
    ).not.toEqual(Buffer.alloc(528 * 1024))
  })

  it('that QEMU does not start says why in its task', async () => {
    await using vm = await openVm({ scsi0: 'local:1,format=qcow2' }, 'stay')
    await vm.task('start')
    await vm.task('stop')
    const disk = join(vm.sandbox.folder, 'pve/storage/local/images/100/vm-100-disk-0.qcow2')
    // A qcow2 image of version 99.
    writeFileSync(disk, Buffer.concat([Buffer.from('514649fb00000063', 'hex'), Buffer.alloc(504)]))
    const { exitstatus, lines } = await vm.task('start')
    expect(exitstatus).toBe('start failed: QEMU exited with code 1')
    expect(lines.join('\n')).toContain('Unsupported qcow2 version 99')
  })
})

interface RealVm extends AsyncDisposable {
  readonly sandbox: Sandbox
  /** Switches it: `start`, `stop`, … */
  task(what: string, form?: Record<string, string | number>): Promise<Finished>
  /** Waits for a text on its serial port. */
  says(text: string): Promise<void>
  /** Format and size that the guest sees, of a file of a storage. */
  imageInfo(file: string): [string, number]
}

/** VM 100 of a lab of its own, with a CD-ROM whose program says `up`. */
async function openVm(options: Record<string, string | number>, end: End): Promise<RealVm> {
  const sandbox = await openSandbox({ guests: 'qemu', qemu: { programs: qemuFolder } })
  const { folder, lab } = sandbox
  const cd = join(folder, 'boot.iso')
  writeBootCd(cd, 'up', end)
  await finished(lab, (await upload(lab, 'local', 'boot.iso', readFileSync(cd))).body.data)
  const serial = join(folder, 'pve', 'guests', '100', 'serial.log')
  const form = {
    vmid: 100,
    memory: 64,
    ide2: 'local:iso/boot.iso,media=cdrom',
    scsihw: 'virtio-scsi-single',
    ...options,
  }
  const created = await runTask(lab, 'POST', '/nodes/pve/qemu', { form })
  expect(created.exitstatus).toBe('OK')
  return {
    sandbox,
    task: (what, given = {}) => runTask(lab, 'POST', `${path}/status/${what}`, { form: given }),
    async says(text) {
      while (!readFileSync(serial, 'latin1').includes(text)) await setTimeout(20)
    },
    imageInfo(file) {
      const words = ['info', '--force-share', '--output', 'json', join(folder, 'pve', 'storage', file)]
      const info = JSON.parse(execFileSync(join(qemuFolder ?? '', 'qemu-img'), words, { encoding: 'utf8' }))
      return [info.format, info['virtual-size']]
    },
    [Symbol.asyncDispose]: () => sandbox[Symbol.asyncDispose](),
  }
}
