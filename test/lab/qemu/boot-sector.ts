/** Programs for bare machines, small enough for a boot sector: they say something on the serial port, and then end it. */
import { writeFileSync } from 'node:fs'

/** What a program does at its end: `reboot` does so once, and stays when it comes by again. */
export type End = 'stay' | 'power off' | 'reboot'

const stay = [0xf4, 0xeb, 0xfd]
const powerOff = [0xba, 0x04, 0x06, 0xb8, 0x00, 0x20, 0xef, ...stay]
const reset = [0xba, 0xf9, 0x0c, 0xb0, 0x06, 0xee, ...stay]
const select = [0xb0, 0x60, 0xe6, 0x70]
/** A byte of the clock's memory outlives a reboot. */
const remember = [...select, 0xb0, 0x01, 0xe6, 0x71]
const stayIfRemembered = [...select, 0xe4, 0x71, 0x3c, 0x01, 0x75, stay.length, ...stay]

const ends: Readonly<Record<End, readonly number[]>> = {
  stay,
  'power off': powerOff,
  reboot: [...stayIfRemembered, ...remember, ...reset],
}

/** Writes it into an image of a disk. */
export function writeBootDisk(file: string, text: string, end: End): void {
  writeFileSync(file, Buffer.concat([bootSector(text, end), Buffer.alloc(1024 * 1024 - 512)]))
}

function bootSector(text: string, end: End): Buffer {
  const say = [0xac, 0x84, 0xc0, 0x74, 0x06, 0xba, 0xf8, 0x03, 0xee, 0xeb, 0xf5]
  const prepare = [0xfa, 0xfc, 0x31, 0xc0, 0x8e, 0xd8]
  const rest = [...say, ...ends[end]]
  const address = 0x7c00 + prepare.length + 3 + rest.length
  const code = [...prepare, 0xbe, address & 255, address >> 8, ...rest]
  const sector = Buffer.alloc(512)
  Buffer.from(code).copy(sector)
  sector.write(`${text}\n`, code.length, 'latin1')
  sector.set([0x55, 0xaa], 510)
  return sector
}

/** Writes it as a CD-ROM that boots (El Torito, without emulation of a disk). */
export function writeBootCd(file: string, text: string, end: End): void {
  const image = Buffer.alloc(32 * 2048)
  const at = (sector: number): Buffer => image.subarray(sector * 2048, (sector + 1) * 2048)
  at(16).write('\x01CD001\x01', 'latin1')
  at(17).write('\x00CD001\x01EL TORITO SPECIFICATION', 'latin1')
  at(17).writeUInt32LE(19, 0x47)
  at(18).write('\xffCD001\x01', 'latin1')
  const catalogue = at(19)
  catalogue.set([0x01])
  catalogue.set([0xaa, 0x55, 0x55, 0xaa], 0x1c)
  catalogue.set([0x88], 0x20)
  catalogue.writeUInt16LE(1, 0x26)
  catalogue.writeUInt32LE(20, 0x28)
  bootSector(text, end).copy(at(20))
  writeFileSync(file, image)
}
