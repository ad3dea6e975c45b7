import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import { builtInRoles, privileges } from './privileges.ts'

/** A user; without a password he cannot log in. */
export interface LabUser {
  /** `name@realm` */
  readonly id: string
  readonly password?: string
  readonly enabled?: boolean
  /** Seconds since 1970; 0 is never. */
  readonly expire?: number
}

/** An API token. */
export interface LabToken {
  /** `user@realm!name` */
  readonly id: string
  readonly secret: string
  /** Whether the token's privileges are limited to its own ACL entries. */
  readonly privilegeSeparation?: boolean
  readonly expire?: number
  readonly comment?: string
}

/** An entry of the access control list. */
export interface LabAcl {
  readonly path: string
  /** A user or a token. */
  readonly id: string
  /** One of Proxmox's roles or of {@link LabAccess.roles}. */
  readonly role: string
  readonly propagate?: boolean
}

/** Who may do what. */
export interface LabAccess {
  readonly users?: readonly LabUser[]
  readonly tokens?: readonly LabToken[]
  readonly acl?: readonly LabAcl[]
  /** Roles of one's own: their privileges by name. */
  readonly roles?: Readonly<Record<string, readonly string[]>>
}

/** Privileges by name; 1 if they propagate to paths below. */
export type PrivilegeSet = Record<string, 0 | 1>

const ticketLifetime = 2 * 3600

/** Users, tokens, roles, the access control list, tickets. */
export class Access {
  readonly users = new Map<string, LabUser>()
  readonly tokens = new Map<string, LabToken>()
  readonly roles = new Map<string, readonly string[]>()
  readonly builtInRoles: ReadonlySet<string>
  acl: LabAcl[] = []
  readonly major: 8 | 9
  readonly #key = randomBytes(32)
  /** Tells which pool a VM or a storage is in: its ACL counts too. */
  readonly #poolOf: (path: string) => string | undefined

  constructor(major: 8 | 9, access: LabAccess, poolOf: (path: string) => string | undefined) {
    this.major = major
    this.#poolOf = poolOf
    for (const [role, list] of Object.entries(builtInRoles(major))) this.roles.set(role, list)
    this.builtInRoles = new Set(this.roles.keys())
    for (const [role, list] of Object.entries(access.roles ?? {})) this.roles.set(role, list)
    for (const user of access.users ?? []) this.users.set(user.id, user)
    for (const token of access.tokens ?? []) this.tokens.set(token.id, token)
    this.acl = [...(access.acl ?? [])]
  }

  /** Whether the user exists, is enabled and not expired. */
  isActive(userid: string): boolean {
    const user = this.users.get(userid)
    return user !== undefined && user.enabled !== false && !isExpired(user.expire)
  }

  /** Whether name and password, or name and a valid ticket, match. */
  login(userid: string, password: string): boolean {
    if (!this.isActive(userid)) return false
    const expected = this.users.get(userid)?.password
    if (password !== '' && expected === password) return true
    // A ticket renews itself. Whose ticket it is does not matter to Proxmox.
    return password.startsWith('PVE:') && this.ticketUser(password) !== undefined
  }

  /** A new ticket. */
  createTicket(userid: string): string {
    const text = `PVE:${userid}:${hexTime()}`
    return `${text}::${this.#sign(text)}`
  }

  /** The user of a valid ticket. */
  ticketUser(ticket: string): string | undefined {
    const match = /^(PVE:([^:]+):([0-9A-F]{8}))::(\S+)$/.exec(ticket)
    if (match === null) return undefined
    const [, text = '', userid = '', time = '', signature = ''] = match
    const age = Math.floor(Date.now() / 1000) - Number.parseInt(time, 16)
    if (age > ticketLifetime || age < -300 || !equal(signature, this.#sign(text))) return undefined
    return this.isActive(userid) ? userid : undefined
  }

  /** The token that writes with a ticket need. */
  csrfToken(userid: string): string {
    const time = hexTime()
    return `${time}:${this.#sign(`csrf:${time}:${userid}`)}`
  }

  /** Whether it is that user's. */
  checkCsrfToken(userid: string, token: string | undefined): boolean {
    const [time = '', signature = ''] = (token ?? '').split(/:(.*)/s)
    return /^[0-9A-F]{8}$/.test(time) && equal(signature, this.#sign(`csrf:${time}:${userid}`))
  }

  /** The token id of `user@realm!name=secret`, if that is right. */
  tokenId(credentials: string): string | undefined {
    const match = /^(([^!\s]+)![^=\s]+)=(\S+)$/.exec(credentials)
    if (match === null) return undefined
    const [, id = '', userid = '', secret = ''] = match
    const token = this.tokens.get(id)
    if (token === undefined || token.secret !== secret || isExpired(token.expire)) return undefined
    return this.isActive(userid) ? id : undefined
  }

  /** A new token with a random secret. */
  createToken(token: Omit<LabToken, 'secret'>): LabToken {
    const created = { ...token, secret: randomUUID() }
    this.tokens.set(token.id, created)
    return created
  }

  /** What a user or token may do at a path. */
  privilegesAt(id: string, path: string): PrivilegeSet {
    const [userid = '', token] = id.split('!')
    const own = this.#userPrivileges(userid, path)
    if (token === undefined) return own
    if (this.tokens.get(id)?.privilegeSeparation !== true) return own
    const separate = this.#listedPrivileges(id, path)
    return Object.fromEntries(Object.entries(separate).filter(([name]) => name in own))
  }

  /** Whether all (or any) of the privileges are there. */
  allows(id: string, path: string, wanted: readonly string[], any = false): boolean {
    const has = this.privilegesAt(id, path)
    return any ? wanted.some((name) => name in has) : wanted.every((name) => name in has)
  }

  /** All paths at which the user or token has privileges. */
  permissions(id: string): Record<string, PrivilegeSet> {
    const found: Record<string, PrivilegeSet> = {}
    const common = ['/', '/access', '/access/groups', '/nodes', '/pool', '/sdn', '/storage', '/vms']
    for (const path of [...common, ...this.acl.map((entry) => entry.path)].sort()) {
      const set = this.privilegesAt(id, path)
      if (Object.keys(set).length > 0) found[path] = set
    }
    return found
  }

  #userPrivileges(userid: string, path: string): PrivilegeSet {
    if (userid === 'root@pam') return Object.fromEntries(privileges(this.major).map((name) => [name, 1]))
    return this.#listedPrivileges(userid, path)
  }

  #listedPrivileges(id: string, path: string): PrivilegeSet {
    const set = this.#aclPrivileges(id, path)
    const pool = this.#poolOf(path)
    return pool === undefined ? set : { ...this.#aclPrivileges(id, `/pool/${pool}`), ...set }
  }

  /** The entry nearest to the path replaces those above it. */
  #aclPrivileges(id: string, path: string): PrivilegeSet {
    const parts = path.split('/').filter((part) => part !== '')
    const ancestors = ['/', ...parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`)]
    let set: PrivilegeSet = {}
    for (const ancestor of ancestors) {
      const isTarget = ancestor === ancestors.at(-1)
      const entries = this.acl.filter((entry) => entry.id === id && entry.path === ancestor)
      const counting = entries.filter((entry) => isTarget || entry.propagate !== false)
      if (counting.length === 0) continue
      set = {}
      for (const entry of counting) {
        for (const name of this.roles.get(entry.role) ?? []) set[name] = entry.propagate === false ? 0 : 1
      }
    }
    return set
  }

  #sign(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('base64')
  }
}

function isExpired(expire: number | undefined): boolean {
  return expire !== undefined && expire !== 0 && expire * 1000 < Date.now()
}

function hexTime(): string {
  return Math.floor(Date.now() / 1000)
    .toString(16)
    .toUpperCase()
    .padStart(8, '0')
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
