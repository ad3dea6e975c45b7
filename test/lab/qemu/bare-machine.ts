/** A real guest without a lab around it. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Guest, GuestHardware } from '../../../src/lab/guest.ts'
import { type QemuOptions, qemuGuests } from '../../../src/lab/qemu/qemu-guests.ts'
import { bareHardware } from '../../support/hardware.ts'
import { qemuFolder } from '../../support/qemu.ts'
import { type End, writeBootDisk } from './boot-sector.ts'

export interface BareMachine extends AsyncDisposable {
  readonly folder: string
  readonly guest: Guest
  readonly log: readonly string[]
  /** Resolves when the guest has switched itself off. */
  readonly poweredOff: Promise<void>
  /** Its hardware: no disk, no network. */
  hardware(changes?: Partial<GuestHardware>): GuestHardware
  /** Hardware with a disk whose program says something. */
  disk(key: string, text: string, end: End): GuestHardware['disks'][number]
  /** What it has said on the serial port. */
  said(): string
  /** Waits for it to say something. */
  hears(text: string | RegExp): Promise<void>
}

export async function openBareMachine(options: QemuOptions = {}): Promise<BareMachine> {
  const folder = mkdtempSync(join(tmpdir(), 'qemu-guest-'))
  const guests = await qemuGuests(join(folder, 'guests'), { programs: qemuFolder, ...options })
  const log: string[] = []
  const poweredOff = Promise.withResolvers<void>()
  const guest = guests(100, { poweredOff: () => poweredOff.resolve(), log: (line) => log.push(line) })
  const serial = join(folder, 'guests', '100', 'serial.log')
  const said = (): string => (existsSync(serial) ? readFileSync(serial, 'latin1') : '')
  return {
    folder,
    guest,
    log,
    poweredOff: poweredOff.promise,
    hardware: (changes = {}) => bareHardware(changes),
    disk(key, text, end) {
      mkdirSync(join(folder, 'disks'), { recursive: true })
      const path = join(folder, 'disks', `${key}.raw`)
      writeBootDisk(path, text, end)
      return { key, path, sizeBytes: 1024 * 1024 }
    },
    said,
    async hears(text) {
      while (said().search(text) === -1) await setTimeout(20)
    },
    async [Symbol.asyncDispose]() {
      await guest.powerOff()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
