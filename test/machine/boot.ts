/**
 * Boots the stand-in installer as the lab would, and says after how many seconds it answers, lets its key in, and is done
 * with cloud-init. `--uefi` for OVMF; `--image FILE` for another ISO; `--cpu NAME` for another processor where it is emulated;
 * `--seconds 180` for the limit. When that is over the
 * end of the serial console is shown.
 *
 * usage: node test/machine/boot.ts [--uefi] [--image FILE] [--cpu NAME] [--seconds NUMBER]
 */
import { execFile } from 'node:child_process'
import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs, promisify } from 'node:util'
import type { GuestHardware } from '../../src/lab/guest.ts'
import { qemuGuests } from '../../src/lab/qemu/qemu-guests.ts'
import { temporaryFolder } from '../support/folder.ts'
import { installable } from '../support/hardware.ts'
import { qemuFolder } from '../support/qemu.ts'
import { makeKey } from '../support/sshd.ts'
import { standInImage } from './image/stand-in-image.ts'

const { values } = parseArgs({
  options: {
    uefi: { type: 'boolean', default: false },
    image: { type: 'string' },
    cpu: { type: 'string', default: 'qemu64' },
    seconds: { type: 'string', default: '180' },
  },
})
if (qemuFolder === undefined) throw new Error('there is no QEMU: run test/support/fetch-qemu.sh')
const iso = values.image ?? (await standInImage()).iso

using folder = temporaryFolder()
const key = makeKey(folder.path, 'id')
const makeGuest = await qemuGuests(join(folder.path, 'guests'), {
  programs: qemuFolder,
  emulatedCpu: values.cpu,
})
const guest = makeGuest(100, { log: (line) => console.log(line), poweredOff: () => undefined })
const began = performance.now()
try {
  await guest.powerOn(hardware())
  await reach('answers', answers)
  await reach('lets the key in', () => run('true'))
  await reach('is done with cloud-init', () => run('test -e /run/cloud-init/result.json'))
} catch (error) {
  const log = readFileSync(join(folder.path, 'guests', '100', 'serial.log'), 'utf8')
  console.error(`${log.split('\n').slice(-40).join('\n')}\n${error}`)
  process.exitCode = 1
} finally {
  await guest.powerOff()
}

/** Asks until it is so, and says when that was. */
async function reach(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (;;) {
    const seconds = (performance.now() - began) / 1000
    if (await isSo()) return console.log(`${what} after ${seconds.toFixed(1)} s`)
    if (seconds > Number(values.seconds)) throw new Error(`after ${values.seconds} s it is not so: ${what}`)
    await delay(250)
  }
}

/** QEMU takes every connection; the server behind it says what it is. */
function answers(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(guest.ssh?.port), '127.0.0.1')
    socket.setTimeout(3000, () => socket.destroy())
    socket.once('data', (data) => {
      resolve(data.toString().startsWith('SSH-'))
      socket.destroy()
    })
    socket.once('error', () => resolve(false))
    socket.once('close', () => resolve(false))
  })
}

async function run(command: string): Promise<boolean> {
  const options = [
    'IdentitiesOnly=yes',
    'BatchMode=yes',
    'StrictHostKeyChecking=no',
    'UserKnownHostsFile=/dev/null',
  ]
  const words = ['-F', 'none', '-q', '-i', key, '-p', String(guest.ssh?.port)]
  const host = [...options.flatMap((one) => ['-o', one]), 'root@127.0.0.1', command]
  return promisify(execFile)('ssh', [...words, ...host], { timeout: 20_000 }).then(
    () => true,
    () => false,
  )
}

function hardware(): GuestHardware {
  const disk = join(folder.path, 'disk.raw')
  writeFileSync(disk, '')
  truncateSync(disk, 4 * 1024 ** 3)
  return installable(
    { disk, iso, cloudInit: join(folder.path, 'cloud-init.raw') },
    { name: 'stand-in', key: readFileSync(`${key}.pub`, 'utf8'), address: '192.0.2.7' },
    values.uefi ? { machine: 'q35', firmware: 'uefi' } : {},
  )
}
