import type { Access } from './access.ts'
import { normalizePath } from './acl.ts'
import { failed, permissionDenied } from './api-error.ts'
import { type Identity, isRoot } from './authentication.ts'
import { splitList } from './formats.ts'
import type { EndpointSchema, PermissionCheck } from './schema.ts'

type Named = (name: string) => string | undefined

/** Checks what an endpoint's schema demands of its caller; throws the 403. `named` gives parameters by name. */
export function checkPermissions(
  access: Access,
  identity: Identity,
  schema: EndpointSchema,
  named: Named,
): void {
  const { permissions } = schema
  if (isRoot(identity)) return
  if (permissions === undefined) throw permissionDenied('user != root@pam')
  if (permissions.user === 'all' || permissions.user === 'world') return
  if (permissions.check === undefined) throw permissionDenied()
  check(access, identity, permissions.check, named)
}

/** Throws the 403 unless the caller has all (or any) of the privileges at the path. */
export function requirePrivileges(
  access: Access,
  identity: Identity,
  path: string,
  privileges: readonly string[],
  any = false,
): void {
  if (access.allows(identity.id, path, privileges, any)) return
  // Where all are needed, the first that is missing is named.
  const missing = any
    ? privileges
    : privileges.filter((name) => !access.allows(identity.id, path, [name])).slice(0, 1)
  throw permissionDenied(path, missing, any)
}

/** Whether the caller has any of the privileges over all users, or over a group that this one is in. */
export function mayAdministerUser(
  access: Access,
  identity: Identity,
  userid: string,
  privileges: readonly string[],
): boolean {
  const paths = ['/access/groups', ...access.groupsOf(userid).map((group) => `/access/groups/${group}`)]
  return paths.some((path) => access.allows(identity.id, path, privileges, true))
}

/** Whether the caller may change the entries of a path. */
export function mayModifyAcl(access: Access, identity: Identity, path: string): boolean {
  return access.allows(identity.id, path, modifying(path), true)
}

/** Who may allocate something may also say who uses it. */
function modifying(path: string): string[] {
  const [, kind = ''] = /^\/(storage|vms|pool)\/./.exec(path) ?? []
  const allocating = { storage: 'Datastore.Allocate', vms: 'VM.Allocate', pool: 'Pool.Allocate' }[kind]
  return ['Permissions.Modify', ...(allocating === undefined ? [] : [allocating])]
}

function check(access: Access, identity: Identity, rule: PermissionCheck, named: Named): void {
  const [kind, ...rest] = rule
  const userid = named('userid') ?? ''
  switch (kind) {
    case 'and':
      for (const part of rest as PermissionCheck[]) check(access, identity, part, named)
      return
    case 'or':
      if ((rest as PermissionCheck[]).some((part) => passes(access, identity, part, named))) return
      throw permissionDenied()
    case 'perm':
      checkPrivileges(access, identity, rest, named)
      return
    case 'perm-modify': {
      const path = expand(String(rest[0]), named)
      requirePrivileges(access, identity, path, modifying(path), true)
      return
    }
    case 'userid-param':
      if (rest[0] === 'self') {
        if (userid !== identity.id) throw permissionDenied()
        return
      }
      requirePrivileges(access, identity, `/access/realm/${userid.replace(/^.*@/, '')}`, [String(rest[0])])
      return
    case 'userid-group':
      checkGroups(access, identity, rest, named)
      return
    default:
      throw permissionDenied()
  }
}

function checkPrivileges(access: Access, identity: Identity, rest: readonly unknown[], named: Named): void {
  const [template, privileges, ...options] = rest as [string, string[], ...unknown[]]
  const required = options.indexOf('require_param')
  if (required >= 0 && named(String(options[required + 1])) === undefined) throw permissionDenied()
  requirePrivileges(access, identity, expand(template, named), privileges, options.includes('any'))
}

function checkGroups(access: Access, identity: Identity, rest: readonly unknown[], named: Named): void {
  const [privileges, ...options] = rest as [string[], ...unknown[]]
  const groupsParameter = options[options.indexOf('groups_param') + 1]
  const userid = named('userid') ?? ''
  const isNew = groupsParameter === 'create'
  if (!isNew && !access.users.has(userid)) throw failed(`no such user ('${userid}')`)
  if (access.allows(identity.id, '/access/groups', privileges, true)) return
  if (options.includes('groups_param')) {
    const groups = splitList(named('groups') ?? '')
    const paths = groups.length === 0 ? ['/access/groups'] : groups.map((group) => `/access/groups/${group}`)
    for (const path of paths) requirePrivileges(access, identity, path, privileges, true)
  }
  if (!isNew && !mayAdministerUser(access, identity, userid, privileges)) throw permissionDenied()
}

function passes(access: Access, identity: Identity, rule: PermissionCheck, named: Named): boolean {
  try {
    check(access, identity, rule, named)
    return true
  } catch {
    return false
  }
}

function expand(template: string, named: Named): string {
  const path = template.replaceAll(/\{([^}]+)\}/g, (_, name: string) => named(name) ?? '')
  return normalizePath(path) ?? path
}
