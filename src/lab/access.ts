import { randomBytes, randomUUID } from 'node:crypto'
import { intersection, type LabAcl, type PrivilegeSet, privilegesOf, rolesAt, withPoolRoles } from './acl.ts'
import { builtInRoles, privileges } from './privileges.ts'
import { type SavedFactors, SecondFactors } from './second-factor.ts'
import { Tickets } from './tickets.ts'

export type { LabAcl } from './acl.ts'

/** A user; without a password he cannot log in. */
export interface LabUser {
  /** `name@realm` */
  readonly id: string
  readonly password?: string
  /** A secret in base32 (RFC 6238): the login then asks for a code. */
  readonly totp?: string
  readonly enabled?: boolean
  /** Seconds since 1970; 0 is never. */
  readonly expire?: number
  readonly comment?: string
  readonly email?: string
  readonly firstname?: string
  readonly lastname?: string
  readonly keys?: string
}

/** A group of users. */
export interface LabGroup {
  readonly id: string
  readonly members?: readonly string[]
  readonly comment?: string
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

/** Who may do what. */
export interface LabAccess {
  readonly users?: readonly LabUser[]
  readonly groups?: readonly LabGroup[]
  readonly tokens?: readonly LabToken[]
  readonly acl?: readonly LabAcl[]
  /** Roles of one's own: their privileges by name. */
  readonly roles?: Readonly<Record<string, readonly string[]>>
}

/** What is kept over a restart. */
export interface SavedAccess extends LabAccess {
  /** Signs the tickets: those of before the restart stay valid. */
  readonly key: string
  readonly factors: SavedFactors
}

/** Tells which pools a VM or a storage is in: their ACL counts too. */
export interface PoolMembership {
  poolsOf(path: string): readonly string[]
  /** The paths of all members. */
  members(): readonly string[]
}

/** Users, groups, tokens, roles, the access control list, tickets. */
export class Access {
  readonly users = new Map<string, LabUser>()
  readonly groups = new Map<string, LabGroup>()
  readonly tokens = new Map<string, LabToken>()
  readonly roles = new Map<string, readonly string[]>()
  readonly builtInRoles: ReadonlySet<string>
  acl: LabAcl[] = []
  readonly major: 8 | 9
  readonly factors: SecondFactors
  readonly tickets: Tickets
  readonly #key: string
  readonly #pools: PoolMembership

  /** What is given stands above what was saved by an earlier run. */
  constructor(major: 8 | 9, given: LabAccess, saved: SavedAccess | undefined, pools: PoolMembership) {
    this.major = major
    this.#pools = pools
    this.#key = saved?.key ?? randomBytes(32).toString('base64')
    this.tickets = new Tickets(Buffer.from(this.#key, 'base64'))
    this.factors = new SecondFactors(saved?.factors)
    for (const [role, list] of Object.entries(builtInRoles(major))) this.roles.set(role, list)
    this.builtInRoles = new Set(this.roles.keys())
    if (saved !== undefined) this.#take(saved)
    this.#take(given)
  }

  /** Whether the user exists, is enabled and not expired. */
  isActive(userid: string): boolean {
    const user = this.users.get(userid)
    return user !== undefined && user.enabled !== false && !isExpired(user.expire)
  }

  /** The user of a valid ticket, if he still may do something. */
  ticketUser(ticket: string): string | undefined {
    const userid = this.tickets.user(ticket)
    return userid !== undefined && this.isActive(userid) ? userid : undefined
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

  /** Makes an entry of the list, in the place of the same one with another propagation. */
  grant(entry: LabAcl): void {
    this.revoke(entry)
    this.acl.push(entry)
  }

  /** Removes an entry of the list; nothing happens if there is none. */
  revoke({ path, id, role }: LabAcl): void {
    this.acl = this.acl.filter((entry) => entry.path !== path || entry.id !== id || entry.role !== role)
  }

  /** Removes what belongs to a user: his tokens, their entries and his, his membership in groups. */
  removeUser(userid: string): void {
    const isHis = (id: string) => id === userid || id.startsWith(`${userid}!`)
    this.users.delete(userid)
    this.factors.remove(userid)
    for (const id of this.tokens.keys()) if (isHis(id)) this.tokens.delete(id)
    this.acl = this.acl.filter((entry) => !isHis(entry.id))
    this.setGroups(userid, [])
  }

  /** The groups of a user. */
  groupsOf(userid: string): string[] {
    return [...this.groups.values()].filter(({ members }) => members?.includes(userid)).map(({ id }) => id)
  }

  /** Makes the user a member of these groups, and of no other. */
  setGroups(userid: string, wanted: readonly string[]): void {
    for (const group of this.groups.values()) {
      const others = (group.members ?? []).filter((member) => member !== userid)
      const members = wanted.includes(group.id) ? [...others, userid] : others
      this.groups.set(group.id, { ...group, members })
    }
  }

  /** What a user or token may do at a path. */
  privilegesAt(id: string, path: string): PrivilegeSet {
    if (id === 'root@pam') return Object.fromEntries(privileges(this.major).map((name) => [name, 1]))
    const [userid = '', name] = id.split('!')
    if (name === undefined) return this.#listed(id, path)
    const token = this.tokens.get(id)
    if (token === undefined) return {}
    const own = this.privilegesAt(userid, path)
    return token.privilegeSeparation === true ? intersection(this.#listed(id, path), own) : own
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
    for (const path of new Set([...common, ...this.listedPaths(), ...this.#pools.members()])) {
      const set = this.privilegesAt(id, path)
      if (Object.keys(set).length > 0) found[path] = set
    }
    return found
  }

  /** The paths that stand in the access control list. */
  listedPaths(): string[] {
    return [...new Set(this.acl.map((entry) => entry.path))].sort()
  }

  save(): SavedAccess {
    const own = [...this.roles].filter(([role]) => !this.builtInRoles.has(role))
    return {
      key: this.#key,
      users: [...this.users.values()],
      groups: [...this.groups.values()],
      tokens: [...this.tokens.values()],
      roles: Object.fromEntries(own),
      acl: this.acl,
      factors: this.factors.save(),
    }
  }

  #take({ users = [], groups = [], tokens = [], acl = [], roles = {} }: LabAccess): void {
    for (const [role, list] of Object.entries(roles)) this.roles.set(role, list)
    for (const user of users) {
      this.users.set(user.id, user)
      if (user.totp !== undefined) this.factors.addTotp(user.id, user.totp)
    }
    for (const group of groups) this.groups.set(group.id, group)
    for (const token of tokens) this.tokens.set(token.id, token)
    for (const entry of acl) this.grant(entry)
  }

  #listed(id: string, path: string): PrivilegeSet {
    const groups = new Set(this.groupsOf(id).map((group) => `@${group}`))
    const at = (target: string) => rolesAt(this.acl, id, target, groups)
    const pools = this.#pools.poolsOf(path).map((pool) => at(`/pool/${pool}`))
    return privilegesOf(withPoolRoles(at(path), pools), this.roles)
  }
}

function isExpired(expire: number | undefined): boolean {
  return expire !== undefined && expire !== 0 && expire * 1000 < Date.now()
}
