import type { Access } from '../access.ts'
import { isAclPath, normalizePath } from '../acl.ts'
import { failed, parameterErrors } from '../api-error.ts'
import type { Identity } from '../authentication.ts'
import { splitList } from '../formats.ts'
import { mayModifyAcl, requirePrivileges } from '../permissions.ts'
import type { Call, Routes } from '../router.ts'
import { requireUser } from './users.ts'

/** The access control list, and what follows from it. */
export const aclRoutes: Routes = {
  'GET /access/permissions': permissions,
  'GET /access/acl': ({ cluster: { access }, identity }) =>
    access.acl
      .filter(
        ({ path }) =>
          access.allows(identity.id, '/access', ['Sys.Audit']) || mayModifyAcl(access, identity, path),
      )
      .map(({ path, propagate, role, id }) => ({
        path,
        propagate: propagate === false ? 0 : 1,
        roleid: role,
        type: id.startsWith('@') ? 'group' : id.includes('!') ? 'token' : 'user',
        ugid: id.replace(/^@/, ''),
      })),
  'PUT /access/acl': changeAcl,
}

function permissions({ cluster: { access }, identity, parameters }: Call): unknown {
  const id = parameters.get('userid') ?? identity.id
  if (id !== identity.id && !id.startsWith(`${identity.id}!`)) {
    requirePrivileges(access, identity, '/access', ['Sys.Audit'])
  }
  const path = parameters.get('path')
  if (path === undefined) return access.permissions(id)
  return { [path]: access.privilegesAt(id, normalizePath(path) ?? path) }
}

function changeAcl({ cluster: { access }, identity, parameters }: Call): void {
  const ids = wantedIds(access, (name) => splitList(parameters.get(name) ?? ''))
  const given = parameters.text('path')
  const path = normalizePath(given)
  const remove = parameters.flag('delete')
  if (path === undefined || (!remove && !isAclPath(path))) {
    throw parameterErrors({ path: `invalid ACL path '${given}'` })
  }
  const propagate = parameters.get('propagate') !== '0'
  for (const role of splitList(parameters.text('roles'))) {
    if (!access.roles.has(role)) throw failed(`ACL update failed: role '${role}' does not exist`)
    requireRight(access, identity, path, role, remove ? 'remove' : 'add', propagate)
    for (const [id, check] of ids) {
      check()
      if (remove) access.revoke({ path, id, role })
      else access.grant({ path, id, role, propagate })
    }
  }
}

/** The ids of users, groups and tokens, each with the check that it exists. */
function wantedIds(access: Access, list: (name: string) => string[]): [string, () => void][] {
  const [groups, users, tokens] = [list('groups'), list('users'), list('tokens')]
  if (groups.length + users.length + tokens.length === 0) {
    const text = "either 'users', 'groups' or 'tokens' is required."
    throw parameterErrors({ users: text, groups: text, tokens: text })
  }
  return [
    ...groups.map((id): [string, () => void] => [
      `@${id}`,
      () => complain(!access.groups.has(id), `group '${id}' does not exist`),
    ]),
    ...users.map((id): [string, () => void] => [
      id,
      () => complain(!access.users.has(id), `user '${id}' does not exist`),
    ]),
    ...tokens.map((id): [string, () => void] => [id, () => checkToken(access, id)]),
  ]
}

function checkToken(access: Access, id: string): void {
  const [userid = '', name = ''] = id.split('!')
  complain(!access.users.has(userid), `no such user ('${userid}')`)
  requireUser(access, userid)
  complain(!access.tokens.has(id), `no such token '${name}' for user '${userid}'`)
}

function complain(wrong: boolean, text: string): void {
  if (wrong) throw failed(`ACL update failed: ${text}`)
}

/** Who may allocate a VM may hand on what he has himself, and nothing else. */
function requireRight(
  access: Access,
  identity: Identity,
  path: string,
  role: string,
  verb: string,
  propagate: boolean,
): void {
  const own = access.privilegesAt(identity.id, path)
  if ('Permissions.Modify' in own) return
  const complaint = (what: string) => parameterErrors({ role: `Cannot ${verb} role '${role}'${what}` })
  if (role === 'NoAccess') throw complaint(` - requires 'Permissions.Modify'`)
  for (const name of access.roles.get(role) ?? []) {
    if (!(name in own)) throw complaint(` - requires 'Permissions.Modify' or superset of privileges.`)
    if (verb === 'add' && propagate && own[name] !== 1) {
      throw complaint(
        ` with propagation - requires 'Permissions.Modify' or propagated superset of privileges.`,
      )
    }
  }
}
