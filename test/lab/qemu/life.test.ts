/** Guests end with the lab, however it ends. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { qemuGuests } from '../../../src/lab/qemu/qemu-guests.ts'
import { bareHardware } from '../../support/hardware.ts'
import { qemuFolder } from '../../support/qemu.ts'
import { runTask } from '../api-client.ts'
import { isAlive, untilGone } from './processes.ts'

const nci = join(import.meta.dirname, '..', '..', '..', 'bin', 'nci')

describe.skipIf(qemuFolder === undefined)('a real guest ends', { timeout: 60_000 }, () => {
  let folder: string
  const children: ChildProcess[] = []
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'qemu-life-'))
  })
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })

  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('with a lab that gets %s', async (signal) => {
    const lab = startLab()
    const pid = await startGuest(lab)
    expect(isAlive(pid)).toBe(true)
    const ended = new Promise((resolve) => lab.once('exit', resolve))
    lab.kill(signal)
    await ended
    await untilGone(pid)
  })

  it('when a lab starts on the folder in which another one left it running', async () => {
    const guest = join(folder, '100')
    const file = join(guest, 'qemu.pid')
    mkdirSync(guest)
    const words = ['-display', 'none', '-nodefaults', '-S', '-m', '16', '-accel', 'tcg', '-pidfile', file]
    const leftover = spawn(join(qemuFolder ?? '', 'qemu-system-x86_64'), words, { stdio: 'ignore' })
    children.push(leftover)
    const ended = new Promise((resolve) => leftover.once('exit', (_, signal) => resolve(signal)))
    const pid = await pidIn(file)
    await qemuGuests(folder, { programs: qemuFolder })
    expect(await ended).toBe('SIGKILL')
    expect(isAlive(pid)).toBe(false)
  })

  it('but no other process that has the number of one', async () => {
    mkdirSync(join(folder, '100'))
    writeFileSync(join(folder, '100', 'qemu.pid'), String(process.pid))
    await qemuGuests(folder, { programs: qemuFolder })
    expect(isAlive(process.pid)).toBe(true)
  })

  it('and not while the lab is there that it belongs to: a second one does not start', async () => {
    const guests = await qemuGuests(folder, { programs: qemuFolder })
    const guest = guests(100, { poweredOff: () => undefined, log: () => undefined })
    await guest.powerOn(bareHardware())
    await expect(qemuGuests(folder, { programs: qemuFolder })).rejects.toThrow(/another lab runs guests/)
    expect(isAlive(guest.pid)).toBe(true)
    await guest.powerOff()
  })

  function startLab(): ChildProcess {
    const words = [
      'lab',
      'start',
      '--folder',
      folder,
      '--guests',
      'qemu',
      '--qemu-programs',
      qemuFolder ?? '',
    ]
    const lab = spawn(process.execPath, [nci.replace(/nci$/, 'dev.js'), ...words], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    children.push(lab)
    return lab
  }

  async function startGuest(lab: ChildProcess): Promise<number> {
    let said = ''
    for await (const text of lab.stdout ?? []) {
      said += text
      if (said.includes('a host to provision')) break
    }
    const url = /https:\S+/.exec(said)?.[0] ?? ''
    const credentials = JSON.parse(readFileSync(join(folder, 'pve', 'credentials.json'), 'utf8'))
    const api = {
      url,
      certificateFile: join(folder, 'pve', 'pve-ssl.pem'),
      tokenId: 'root@pam!nci',
      tokenSecret: credentials.tokenSecret,
    } as Parameters<typeof runTask>[0]
    await runTask(api, 'POST', '/nodes/pve/qemu', { form: { vmid: 100, memory: 64 } })
    await runTask(api, 'POST', '/nodes/pve/qemu/100/status/start')
    return pidIn(join(folder, 'pve', 'guests', '100', 'qemu.pid'))
  }
})

async function pidIn(file: string): Promise<number> {
  for (;;) {
    try {
      const pid = Number(readFileSync(file, 'utf8'))
      if (pid > 0) return pid
    } catch {
      // QEMU has not written it yet.
    }
    await setTimeout(20)
  }
}
