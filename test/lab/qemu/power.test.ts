import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { qemuFolder } from '../../support/qemu.ts'
import { openBareMachine } from './bare-machine.ts'
import { writeBootCd } from './boot-sector.ts'
import { isAlive, untilGone } from './processes.ts'

describe.skipIf(qemuFolder === undefined)('a real guest', { timeout: 60_000 }, () => {
  it('boots, runs until it is switched off, and boots again with its port where it was', async () => {
    await using machine = await openBareMachine()
    const { guest } = machine
    const nic = {
      key: 'net0',
      model: 'virtio',
      mac: 'BC:24:11:00:00:01',
      bridge: 'vmbr0',
      ip: undefined,
      gateway: undefined,
    }
    const hardware = machine.hardware({
      disks: [machine.disk('scsi0', 'up', 'stay')],
      bootOrder: ['scsi0'],
      nics: [nic],
    })
    expect(guest.running).toBe(false)
    expect(guest.ssh).toBeUndefined()
    await guest.powerOn(hardware)
    await machine.hears('up')
    const { pid, ssh } = guest
    expect(guest.running).toBe(true)
    expect(ssh?.host).toBe('127.0.0.1')
    expect(guest.addresses).toEqual(['10.0.100.15'])
    await guest.powerOff()
    expect(guest.running).toBe(false)
    expect(isAlive(pid)).toBe(false)
    await guest.powerOn(hardware)
    expect(guest.ssh).toEqual(ssh)
    await machine.hears(/up\nup/)
  })

  it.each([
    ['the first disk', ['virtio0', 'scsi0'], 'from virtio0'],
    ['the second disk', ['scsi0', 'virtio0'], 'from scsi0'],
    ['the CD-ROM', ['ide2', 'scsi0'], 'from the CD-ROM'],
    ['the CD-ROM behind a disk with nothing on it', ['sata0', 'ide2'], 'from the CD-ROM'],
  ])('boots from %s where the boot order says so', async (_, bootOrder, expected) => {
    await using machine = await openBareMachine()
    const cd = join(machine.folder, 'boot.iso')
    writeBootCd(cd, 'from the CD-ROM', 'power off')
    const disks = ['virtio0', 'scsi0'].map((key) => machine.disk(key, `from ${key}`, 'power off'))
    const blank = join(machine.folder, 'blank.raw')
    execFileSync('truncate', ['-s', '1M', blank])
    disks.push({ key: 'sata0', path: blank, sizeBytes: 1024 * 1024 })
    await machine.guest.powerOn(machine.hardware({ disks, isos: [{ key: 'ide2', path: cd }], bootOrder }))
    await machine.poweredOff
    expect(machine.said()).toContain(expected)
  })

  it.each(['pc', 'q35'] as const)('has drives of every kind on a %s', async (board) => {
    await using machine = await openBareMachine()
    const cd = join(machine.folder, 'boot.iso')
    writeBootCd(cd, 'up', 'stay')
    for (const scsiController of ['lsi', 'virtio-scsi-pci', 'virtio-scsi-single', 'megasas', 'pvscsi']) {
      const disks = ['scsi0', 'scsi8', 'virtio1', 'sata5', 'ide0'].map((key) =>
        machine.disk(key, key, 'power off'),
      )
      const isos = ['scsi2', 'sata1', 'ide2', 'ide3'].map((key) => ({ key, path: cd }))
      await machine.guest.powerOn(
        machine.hardware({ machine: board, scsiController, disks, isos, bootOrder: ['virtio1'] }),
      )
      await machine.guest.powerOff()
    }
  })

  it('tells when it switches itself off, and not when it is switched off', async () => {
    await using machine = await openBareMachine()
    await machine.guest.powerOn(
      machine.hardware({ disks: [machine.disk('virtio0', 'bye', 'power off')], bootOrder: ['virtio0'] }),
    )
    await machine.poweredOff
    expect(machine.guest.running).toBe(false)
    expect(machine.log).toContain('has shut down')
    await using other = await openBareMachine()
    let told = false
    void other.poweredOff.then(() => {
      told = true
    })
    await other.guest.powerOn(other.hardware())
    await other.guest.powerOff()
    expect(told).toBe(false)
  })

  it('goes on when it reboots itself', async () => {
    await using machine = await openBareMachine()
    const disks = [machine.disk('virtio0', 'round', 'reboot')]
    await machine.guest.powerOn(machine.hardware({ disks, bootOrder: ['virtio0'] }))
    await machine.hears(/round\nround/)
    expect(machine.guest.running).toBe(true)
    expect(machine.log).toContain('starts anew')
  })

  it('starts anew when it is reset', async () => {
    await using machine = await openBareMachine()
    const disks = [machine.disk('virtio0', 'round', 'stay')]
    await machine.guest.powerOn(machine.hardware({ disks, bootOrder: ['virtio0'] }))
    await machine.hears('round')
    const { pid } = machine.guest
    await machine.guest.reset()
    await machine.hears(/round\nround/)
    expect(machine.guest.pid).toBe(pid)
  })

  it('lets go of a medium that is ejected', async () => {
    await using machine = await openBareMachine()
    const cd = join(machine.folder, 'a, b.iso')
    writeBootCd(cd, 'up', 'stay')
    const isos = ['ide2', 'scsi1', 'sata0'].map((key) => ({ key, path: cd }))
    await machine.guest.powerOn(machine.hardware({ isos, bootOrder: ['ide2'] }))
    await machine.hears('up')
    expect(openFiles(machine.guest.pid).filter((file) => file === cd)).toHaveLength(3)
    for (const [left, key] of [
      [2, 'ide2'],
      [1, 'scsi1'],
      [0, 'sata0'],
    ] as const) {
      await machine.guest.eject(key)
      expect(openFiles(machine.guest.pid).filter((file) => file === cd)).toHaveLength(left)
    }
    expect(machine.log.filter((line) => line.includes('does not eject'))).toEqual([])
  })

  it('is off when its process is killed, and says so', async () => {
    await using machine = await openBareMachine()
    await machine.guest.powerOn(machine.hardware())
    process.kill(machine.guest.pid ?? 0, 'SIGKILL')
    await machine.poweredOff
    expect(machine.guest.running).toBe(false)
    expect(machine.log.at(-1)).toMatch(/^QEMU ended: signal 9/)
  })

  it('says what QEMU has against its hardware', async () => {
    await using machine = await openBareMachine()
    const disks = [{ key: 'scsi0', path: join(machine.folder, 'absent.raw'), sizeBytes: 1 }]
    await expect(machine.guest.powerOn(machine.hardware({ disks }))).rejects.toThrow(
      /absent\.raw.*No such file/,
    )
    expect(machine.guest.running).toBe(false)
    await expect(machine.guest.powerOn(machine.hardware({ tpm: true }))).rejects.toThrow('the lab has no TPM')
  })

  it('gets no more than the lab allows', async () => {
    await using machine = await openBareMachine({ maxMemoryMiB: 48, maxCpus: 2 })
    await machine.guest.powerOn(machine.hardware({ memoryMiB: 4096, cores: 8 }))
    expect(machine.log.slice(0, 2)).toEqual([
      "gets 2 of its 8 processors: that is the lab's limit",
      "gets 48 MiB of its 4096 MiB memory: that is the lab's limit",
    ])
    const words = readFileSync(`/proc/${machine.guest.pid}/cmdline`, 'utf8').split('\0')
    expect(words[words.indexOf('-m') + 1]).toBe('48')
    expect(words[words.indexOf('-smp') + 1]).toBe('2')
  })

  it.each([
    [undefined, 'max'],
    ['qemu64', 'qemu64'],
  ])('is emulated where that is asked for, with the processor %s', async (emulatedCpu, expected) => {
    await using machine = await openBareMachine({ acceleration: 'tcg', emulatedCpu })
    const disks = [machine.disk('virtio0', 'up', 'stay')]
    await machine.guest.powerOn(machine.hardware({ disks, bootOrder: ['virtio0'] }))
    await machine.hears('up')
    expect(machine.log[0]).toMatch(/^runs on QEMU \d+\.\d+.* \(emulated in software, which is slow\)/)
    const words = readFileSync(`/proc/${machine.guest.pid}/cmdline`, 'utf8').split('\0')
    expect(words[words.indexOf('-cpu') + 1]).toBe(expected)
  })

  it('ends with its guard, whatever became of the lab', async () => {
    await using machine = await openBareMachine()
    await machine.guest.powerOn(machine.hardware())
    const pid = machine.guest.pid ?? 0
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const guard = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
    process.kill(guard, 'SIGKILL')
    await machine.poweredOff
    await untilGone(pid)
  })
})

function openFiles(pid: number | undefined): string[] {
  const folder = `/proc/${pid}/fd`
  return readdirSync(folder).map((name) => readlinkSync(join(folder, name)))
}
