/** A real OpenSSH server with penalties, without being installed: `test/support/fetch-sshd.sh` puts it into `.cache/sshd`. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { hasSshd, type Sshd, startServer } from './sshd.ts'

const programs = join(import.meta.dirname, '..', '..', '.cache', 'sshd', 'bin')

/** Its unprivileged user comes with the machine's own server. Tests that need it skip without. */
export const hasNewerSshd = hasSshd && existsSync(join(programs, 'sshd'))

/** Starts OpenSSH 9.8 or newer; see {@link startServer}. */
export function startNewerSshd(...settings: string[]): Promise<Sshd> {
  const parts = [`SshdSessionPath ${programs}/sshd-session`, `SshdAuthPath ${programs}/sshd-auth`]
  return startServer(join(programs, 'sshd'), [...settings, ...parts])
}
