/** A real QEMU, without being installed: `test/support/fetch-qemu.sh` puts one into the user's cache, and CI runs it. */
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { findPrograms } from '../../src/lab/qemu/programs.ts'

const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache')
const fetched = join(cache, 'nci-tests', 'qemu', 'bin')

/** The folder of its programs, or `undefined`; an installed one serves as well, unless it is old. Tests that need it skip without. */
export const qemuFolder: string | undefined = existsSync(join(fetched, 'qemu-system-x86_64'))
  ? fetched
  : await installed()

/** QEMU's guest agent, which is a program of its own. */
export const guestAgent: string | undefined = [
  '/usr/sbin',
  '/usr/bin',
  ...(qemuFolder === undefined ? [] : [qemuFolder]),
]
  .map((folder) => join(folder, 'qemu-ga'))
  .find((file) => existsSync(file))

async function installed(): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const found = await findPrograms(folder).catch(() => undefined)
    if (found?.emulators.x86_64 !== undefined && found.qemuImg !== undefined) return folder
  }
  return undefined
}
