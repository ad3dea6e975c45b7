import type { Access, LabUser } from '../access.ts'
import { failed } from '../api-error.ts'
import { splitList } from '../formats.ts'
import type { Parameters } from '../parameters.ts'
import { mayAdministerUser } from '../permissions.ts'
import type { Call, Routes } from '../router.ts'
import { tokenInfo, tokensOf } from './tokens.ts'

/** Users and their second factors. */
export const userRoutes: Routes = {
  'GET /access/users': (call) =>
    visibleUsers(call)
      .filter((user) => matchesEnabled(user, call.parameters.get('enabled')))
      .map((user) => userRow(call.cluster.access, user, call.parameters.flag('full'))),
  'POST /access/users': createUser,
  'GET /access/users/{userid}': ({ cluster: { access }, parameters }) => {
    const user = requireUser(access, parameters.text('userid'))
    return {
      ...details(user),
      groups: access.groupsOf(user.id).sort(),
      tokens: Object.fromEntries(tokensOf(access, user.id).map(([name, token]) => [name, tokenInfo(token)])),
    }
  },
  'PUT /access/users/{userid}': updateUser,
  'DELETE /access/users/{userid}': ({ cluster: { access }, parameters }) =>
    access.removeUser(parameters.text('userid')),
  'PUT /access/password': ({ cluster: { access }, parameters }) => {
    const user = requireUser(access, parameters.text('userid'))
    access.users.set(user.id, { ...user, password: parameters.text('password') })
  },
  'GET /access/tfa': (call) => {
    const { factors } = call.cluster.access
    const seen = new Set(visibleUsers(call).map(({ id }) => id))
    return factors.users
      .filter((userid) => seen.has(userid))
      .map((userid) => ({
        userid,
        entries: factors.list(userid),
        ...(factors.isLocked(userid) ? { 'totp-locked': true } : {}),
      }))
  },
  'GET /access/tfa/{userid}': ({ cluster: { access }, parameters }) =>
    access.factors.list(parameters.text('userid')),
  'PUT /access/users/{userid}/unlock-tfa': ({ cluster: { access }, parameters }) =>
    access.factors.unlock(parameters.text('userid')) ? 1 : 0,
}

/** A user by his name; throws if there is none. */
export function requireUser(access: Access, userid: string): LabUser {
  const user = access.users.get(userid)
  if (user === undefined) throw failed(`no such user ('${userid}')`)
  return user
}

/** Everybody sees himself. */
function visibleUsers({ cluster: { access }, identity }: Call): LabUser[] {
  return [...access.users.values()]
    .filter(
      ({ id }) => id === identity.id || mayAdministerUser(access, identity, id, ['User.Modify', 'Sys.Audit']),
    )
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}

function matchesEnabled(user: LabUser, wanted: string | undefined): boolean {
  return wanted === undefined || (wanted === '1') === (user.enabled !== false)
}

function userRow(access: Access, user: LabUser, full: boolean): Record<string, unknown> {
  const tokens = tokensOf(access, user.id)
  const rows = tokens.map(([name, token]) => ({ ...tokenInfo(token), tokenid: name }))
  return {
    ...details(user),
    userid: user.id,
    'realm-type': user.id.replace(/^.*@/, ''),
    ...(access.factors.isLocked(user.id) ? { 'totp-locked': true } : {}),
    ...(full
      ? { groups: access.groupsOf(user.id).sort().join(','), tokens: rows.length === 0 ? null : rows }
      : {}),
  }
}

const texts = ['firstname', 'lastname', 'email', 'comment', 'keys'] as const

function details(user: LabUser): Record<string, unknown> {
  const given = texts.filter((name) => user[name] !== undefined && user[name] !== '')
  return {
    enable: user.enabled === false ? 0 : 1,
    expire: user.expire ?? 0,
    ...Object.fromEntries(given.map((name) => [name, user[name]])),
  }
}

function createUser({ cluster: { access }, parameters }: Call): void {
  const id = parameters.text('userid')
  if (access.users.has(id)) throw failed(`create user failed: user '${id}' already exists`)
  const groups = knownGroups(access, parameters, 'create')
  const password = parameters.get('password')
  access.users.set(id, {
    ...changed({ id }, parameters),
    ...(password === undefined ? {} : { password }),
  })
  access.setGroups(id, groups)
}

function updateUser({ cluster: { access }, parameters }: Call): void {
  const user = access.users.get(parameters.text('userid'))
  if (user === undefined) throw failed(`update user failed: no such user ('${parameters.text('userid')}')`)
  const groups = knownGroups(access, parameters, 'update')
  access.users.set(user.id, changed(user, parameters))
  if (!parameters.has('groups')) return
  access.setGroups(user.id, parameters.flag('append') ? [...access.groupsOf(user.id), ...groups] : groups)
}

function changed(user: LabUser, parameters: Parameters): LabUser {
  const enable = parameters.get('enable')
  const expire = parameters.number('expire')
  const given = texts.filter((name) => parameters.has(name))
  return {
    ...user,
    ...(enable === undefined ? {} : { enabled: enable !== '0' }),
    ...(expire === undefined ? {} : { expire }),
    ...Object.fromEntries(given.map((name) => [name, parameters.text(name)])),
  }
}

function knownGroups(access: Access, parameters: Parameters, what: string): string[] {
  const groups = splitList(parameters.get('groups') ?? '')
  const unknown = groups.find((group) => !access.groups.has(group))
  if (unknown !== undefined) throw failed(`${what} user failed: no such group '${unknown}'`)
  return groups
}
