import { NciError } from '../core/errors.ts'
import type { Parameters } from './client.ts'
import type { Credentials } from './credentials.ts'

/** Options that Proxmox takes from root@pam alone, logged in with a password: a token of root's is refused as well. */
const ticketOptions = ['arch', 'args', 'lock']
/** Options that it takes from root@pam, with a token too. */
const rootOptions = ['affinity', 'hookscript', 'hugepages', 'vmgenid']

/** Which of these options the caller may not set, whatever its privileges are. */
export function rootOnlyOptions(options: Parameters, { kind, user }: Credentials): string[] {
  const isRoot = /^root@pam(!|$)/.test(user)
  const refused = isRoot ? (kind === 'token' ? ticketOptions : []) : [...ticketOptions, ...rootOptions]
  return refused.filter((name) => options[name] !== undefined)
}

/** @throws {NciError} `PVE_ROOT_REQUIRED` before anything is asked of Proxmox, which would say it one at a time */
export function assertSettable(options: Parameters, credentials: Credentials): void {
  const refused = rootOnlyOptions(options, credentials)
  if (refused.length === 0) return
  throw new NciError('PVE_ROOT_REQUIRED', {
    options: refused.map((name) => `\`${name}\``).join(', '),
    user: credentials.user,
  })
}
