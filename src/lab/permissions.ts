import type { Access } from './access.ts'
import { permissionDenied } from './api-error.ts'
import { type Identity, isRoot } from './authentication.ts'
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
  if (permissions === undefined) {
    if (!isRoot(identity)) throw permissionDenied('user != root@pam')
    return
  }
  if (permissions.user === 'all' || permissions.user === 'world') return
  if (permissions.check !== undefined) check(access, identity, permissions.check, named)
}

/** Throws the 403 unless the caller has all (or any) of the privileges at the path. */
export function requirePrivileges(
  access: Access,
  identity: Identity,
  path: string,
  privileges: readonly string[],
  any = false,
): void {
  if (!access.allows(identity.id, path, privileges, any)) throw permissionDenied(path, privileges, any)
}

function check(access: Access, identity: Identity, rule: PermissionCheck, named: Named): void {
  const [kind, ...rest] = rule
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
      requirePrivileges(access, identity, path, ['Permissions.Modify'])
      return
    }
    case 'userid-param':
      if (rest[0] === 'self' && named('userid') === identity.userid && !identity.isToken) return
      if (rest[0] !== 'self' && access.allows(identity.id, '/access', [String(rest[0])])) return
      throw permissionDenied()
    case 'userid-group':
      if (access.allows(identity.id, '/access/groups', rest[0] as string[], true)) return
      throw permissionDenied()
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

function passes(access: Access, identity: Identity, rule: PermissionCheck, named: Named): boolean {
  try {
    check(access, identity, rule, named)
    return true
  } catch {
    return false
  }
}

function expand(template: string, named: Named): string {
  return template.replaceAll(/\{([^}]+)\}/g, (_, name: string) => named(name) ?? '')
}
