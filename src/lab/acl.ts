/** An entry of the access control list. */
export interface LabAcl {
  readonly path: string
  /** A user, a token, or `@` and a group. */
  readonly id: string
  /** One of Proxmox's roles or one of the lab's own. */
  readonly role: string
  readonly propagate?: boolean
}

/** Privileges by name; 1 if they propagate to paths below. */
export type PrivilegeSet = Record<string, 0 | 1>

/** Roles by name; whether they propagate. */
export type RoleSet = ReadonlyMap<string, boolean>

/**
 * The roles of a user or token at a path, pools aside. The entries nearest to the path replace those above them, and
 * a user's own entries those of his groups.
 */
export function rolesAt(
  acl: readonly LabAcl[],
  id: string,
  path: string,
  groups: ReadonlySet<string>,
): RoleSet {
  let roles: RoleSet = new Map()
  for (const { ancestor, isTarget } of ancestorsOf(path)) {
    const counting = acl.filter((entry) => entry.path === ancestor && (isTarget || entry.propagate !== false))
    const own = counting.filter((entry) => entry.id === id)
    const entries = own.length > 0 ? own : counting.filter((entry) => groups.has(entry.id))
    if (entries.length === 0) continue
    roles = new Map(entries.map((entry) => [entry.role, entry.propagate !== false]))
  }
  return withoutAccess(roles) ?? roles
}

/** Adds the roles of the pools that the path is in: these do not propagate, and NoAccess is final. */
export function withPoolRoles(roles: RoleSet, pools: readonly RoleSet[]): RoleSet {
  const denied = withoutAccess(roles) ?? pools.map(withoutAccess).find((set) => set !== undefined)
  if (denied !== undefined) return denied
  const all = new Map(roles)
  for (const name of pools.flatMap((pool) => [...pool.keys()])) if (!all.has(name)) all.set(name, false)
  return all
}

/** The privileges of roles: one propagates if any role that has it does. */
export function privilegesOf(
  roles: RoleSet,
  definitions: ReadonlyMap<string, readonly string[]>,
): PrivilegeSet {
  const set: PrivilegeSet = {}
  for (const [role, propagates] of roles) {
    for (const name of definitions.get(role) ?? []) set[name] = propagates || set[name] === 1 ? 1 : 0
  }
  return set
}

/** What both have; it propagates if it does for both. */
export function intersection(a: PrivilegeSet, b: PrivilegeSet): PrivilegeSet {
  const common = Object.entries(a).filter(([name]) => name in b)
  return Object.fromEntries(
    common.map(([name, propagates]) => [name, propagates === 1 && b[name] === 1 ? 1 : 0]),
  )
}

/** `/vms//100/` as `/vms/100`; `undefined` where no path can look like that. */
export function normalizePath(path: string): string | undefined {
  const normal = `/${path}`.replaceAll(/\/+/g, '/').replace(/(?<=.)\/$/, '')
  return /^[A-Za-z0-9._/-]+$/.test(normal) ? normal : undefined
}

const name = '[A-Za-z0-9._-]+'
const aclPath = new RegExp(
  `^/(?:${[
    'access(?:/(?:groups|realm)(?:/NAME)?)?',
    'nodes(?:/NAME)?',
    'pool(?:/NAME){0,3}',
    'sdn(?:/(?:controllers|dns|fabrics|ipams|prefix-lists|route-maps)(?:/NAME)?)?',
    'sdn/zones(?:/NAME){0,2}',
    'sdn/zones/NAME/NAME/[1-9][0-9]{0,3}',
    'storage(?:/NAME)?',
    'vms(?:/[1-9][0-9]{2,})?',
    'mapping(?:/NAME){0,2}',
  ].join('|')})?$`.replaceAll('NAME', name),
)

/** Whether entries can be made for the path. */
export function isAclPath(path: string): boolean {
  return aclPath.test(path)
}

function ancestorsOf(path: string): { ancestor: string; isTarget: boolean }[] {
  const parts = path.split('/').filter((part) => part !== '')
  const paths = ['/', ...parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`)]
  return paths.map((ancestor, index) => ({ ancestor, isTarget: index === paths.length - 1 }))
}

/** NoAccess alone, where it is among the roles. */
function withoutAccess(roles: RoleSet): RoleSet | undefined {
  const propagates = roles.get('NoAccess')
  return propagates === undefined ? undefined : new Map([['NoAccess', propagates]])
}
