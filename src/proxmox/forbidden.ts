import { NciError } from '../core/errors.ts'

/** Who may not do what. */
export interface Refusal {
  /** To follow "Proxmox does not let this user": `start the VM 101`. */
  readonly request: string
  /** `nci@pve`, or `nci@pve!ci` for a token. */
  readonly user: string
  /** `Permission check failed (/vms/101, VM.PowerMgmt)` */
  readonly reason: string
  /** The privileges that it takes, for where Proxmox names none: `Sys.AccessNetwork on /nodes/pve`. */
  readonly needs?: string
  readonly details?: Readonly<Record<string, unknown>>
}

/**
 * The error of a missing privilege. It names no command that grants it: an entry in the access control list replaces
 * those inherited from above, and what these allow is not known here. `nci doctor` asks for it.
 */
export function forbidden({ request, user, reason, needs, details = {} }: Refusal): NciError {
  const [, path, privilege] = /\(([^,()]+), ([^()]+)\)/.exec(reason) ?? []
  const about = { ...details, request, reason, user, path, privilege }
  if (/need proper ticket|user != root@pam/.test(reason)) {
    const who = /root@pam/.test(reason) ? '`root@pam`' : 'a user'
    return new NciError('PVE_FORBIDDEN', about, {
      hint: `No token may do this: log in as ${who} with \`api_password\`.`,
    })
  }
  const named = path === undefined ? undefined : `${privilege?.replaceAll('|', ' or ')} on ${path}`
  const lack = named === undefined ? needs && `needs ${needs}` : `lacks ${named}`
  if (lack === undefined) return new NciError('PVE_FORBIDDEN', about)
  const separated = user.includes('!')
    ? ' A token with privilege separation may do only what both it and its user may.'
    : ''
  return new NciError('PVE_FORBIDDEN', about, {
    hint: `${user} ${lack}.${separated} ${nextStep}`,
  })
}

const nextStep =
  '`nci doctor` with the same document prints the commands that grant all that is missing. By hand, mind that an entry for a path replaces what is inherited there from above.'
