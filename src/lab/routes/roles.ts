import type { Access } from '../access.ts'
import { failed, parameterErrors } from '../api-error.ts'
import { splitList } from '../formats.ts'
import type { Parameters } from '../parameters.ts'
import { privileges } from '../privileges.ts'
import type { Routes } from '../router.ts'

const one = '/access/roles/{roleid}'

/** Roles: names for sets of privileges. */
export const roleRoutes: Routes = {
  'GET /access/roles': ({ cluster: { access } }) =>
    [...access.roles].map(([roleid, privs]) => ({
      roleid,
      privs: [...privs].sort().join(','),
      special: access.builtInRoles.has(roleid) ? 1 : 0,
    })),
  'POST /access/roles': ({ cluster: { access }, parameters }) => {
    const id = parameters.text('roleid')
    if (/^PVE/i.test(id)) {
      throw parameterErrors({
        roleid: `cannot use role ID starting with the (case-insensitive) 'PVE' namespace`,
      })
    }
    if (access.roles.has(id)) throw failed(`create role failed: role '${id}' already exists`)
    access.roles.set(id, knownPrivileges(access, parameters))
  },
  [`GET ${one}`]: ({ cluster: { access }, parameters }) => {
    const privs = requireRole(access, parameters.text('roleid'), '')
    return Object.fromEntries([...privs].sort().map((name) => [name, 1]))
  },
  [`PUT ${one}`]: ({ cluster: { access }, parameters }) => {
    const id = parameters.text('roleid')
    requireOwn(access, id, 'modified')
    const before = requireRole(access, id, 'update role failed: ')
    const privs = knownPrivileges(access, parameters)
    access.roles.set(id, parameters.flag('append') ? [...new Set([...before, ...privs])] : privs)
  },
  [`DELETE ${one}`]: ({ cluster: { access }, parameters }) => {
    const id = parameters.text('roleid')
    requireOwn(access, id, 'deleted')
    requireRole(access, id, 'delete role failed: ')
    access.roles.delete(id)
  },
}

/** The privileges that were given; those of the other version are not known. */
function knownPrivileges(access: Access, parameters: Parameters): string[] {
  const given = [...new Set(splitList(parameters.get('privs') ?? ''))]
  const unknown = given.find((name) => !privileges(access.major).includes(name))
  if (unknown !== undefined) {
    throw parameterErrors({ privs: `invalid format - invalid privilege '${unknown}'\n` })
  }
  return given
}

function requireRole(access: Access, id: string, what: string): readonly string[] {
  const privs = access.roles.get(id)
  if (privs === undefined) throw failed(`${what}role '${id}' does not exist`)
  return privs
}

function requireOwn(access: Access, id: string, verb: string): void {
  if (access.builtInRoles.has(id)) throw failed(`auto-generated role '${id}' cannot be ${verb}`)
}
