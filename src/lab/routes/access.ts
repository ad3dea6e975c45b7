import { ApiError, failed, notImplemented, parameterErrors, permissionDenied } from '../api-error.ts'
import { splitList } from '../formats.ts'
import { requirePrivileges } from '../permissions.ts'
import type { Call, Routes } from '../router.ts'

/** Tickets, users, tokens, roles and permissions. */
export const accessRoutes: Routes = {
  'GET /access/ticket': () => null,
  'POST /access/ticket': createTicket,
  'GET /access/permissions': permissions,
  'GET /access/domains': () => [
    { comment: 'Linux PAM standard authentication', realm: 'pam', type: 'pam' },
    { comment: 'Proxmox VE authentication server', realm: 'pve', type: 'pve' },
  ],
  'GET /access/roles': ({ cluster: { access } }) =>
    [...access.roles].map(([roleid, privs]) => ({
      roleid,
      privs: [...privs].sort().join(','),
      special: access.builtInRoles.has(roleid) ? 1 : 0,
    })),
  'GET /access/roles/{roleid}': ({ cluster: { access }, parameters }) => {
    const privs = access.roles.get(parameters.text('roleid'))
    if (privs === undefined) throw failed(`role '${parameters.text('roleid')}' does not exist`)
    return Object.fromEntries([...privs].sort().map((name) => [name, 1]))
  },
  'POST /access/roles': ({ cluster: { access }, parameters }) => {
    access.roles.set(parameters.text('roleid'), splitList(parameters.get('privs') ?? ''))
  },
  'GET /access/acl': ({ cluster: { access }, identity }) =>
    access.acl
      .filter(
        (entry) => entry.id === identity.id || access.allows(identity.id, entry.path, ['Permissions.Modify']),
      )
      .map(({ path, propagate, role, id }) => ({
        path,
        propagate: propagate === false ? 0 : 1,
        roleid: role,
        type: id.includes('!') ? 'token' : 'user',
        ugid: id,
      })),
  'PUT /access/acl': changeAcl,
  'GET /access/users': ({ cluster: { access }, identity }) =>
    [...access.users.values()]
      .filter(
        (user) =>
          user.id === identity.id ||
          access.allows(identity.id, '/access/groups', ['User.Modify', 'Sys.Audit'], true),
      )
      .map((user) => ({
        userid: user.id,
        enable: user.enabled === false ? 0 : 1,
        expire: user.expire ?? 0,
        'realm-type': user.id.split('@')[1],
      })),
  'POST /access/users': createUser,
  'DELETE /access/users/{userid}': ({ cluster: { access }, parameters }) => {
    const userid = parameters.text('userid')
    access.users.delete(userid)
    for (const id of access.tokens.keys()) if (id.startsWith(`${userid}!`)) access.tokens.delete(id)
    access.acl = access.acl.filter((entry) => entry.id !== userid && !entry.id.startsWith(`${userid}!`))
  },
  'GET /access/users/{userid}/token': (call) => {
    requireOwn(call)
    const prefix = `${call.parameters.text('userid')}!`
    const tokens = [...call.cluster.access.tokens.values()].filter((token) => token.id.startsWith(prefix))
    return tokens.map((token) => ({ ...tokenInfo(call, token.id), tokenid: token.id.slice(prefix.length) }))
  },
  'GET /access/users/{userid}/token/{tokenid}': (call) => {
    requireOwn(call)
    return tokenInfo(call, requireToken(call))
  },
  'POST /access/users/{userid}/token/{tokenid}': createToken,
  'PUT /access/users/{userid}/token/{tokenid}': (call) => {
    const { access } = call.cluster
    requireOwn(call)
    const id = requireToken(call)
    const token = access.tokens.get(id)
    const [comment, privsep] = [call.parameters.get('comment'), call.parameters.get('privsep')]
    const changed = {
      id,
      secret: token?.secret ?? '',
      privilegeSeparation: privsep === undefined ? token?.privilegeSeparation === true : privsep !== '0',
      expire: call.parameters.number('expire') ?? token?.expire ?? 0,
      ...(comment === undefined ? {} : { comment }),
    }
    access.tokens.set(id, changed)
    if (!call.parameters.flag('regenerate')) return tokenInfo(call, id)
    const { secret } = access.createToken(changed)
    return { ...tokenInfo(call, id), 'full-tokenid': id, value: secret }
  },
  'DELETE /access/users/{userid}/token/{tokenid}': (call) => {
    const id = requireToken(call)
    call.cluster.access.tokens.delete(id)
    call.cluster.access.acl = call.cluster.access.acl.filter((entry) => entry.id !== id)
  },
}

function createTicket({ cluster: { access }, parameters }: Call): unknown {
  const realm = parameters.get('realm')
  const username = parameters.text('username')
  const userid = realm === undefined ? username : `${username}@${realm}`
  if (parameters.has('tfa-challenge')) throw notImplemented('POST', '/access/ticket')
  const path = parameters.get('path')
  const denied = path !== undefined && !access.allows(userid, path, splitList(parameters.get('privs') ?? ''))
  if (!access.login(userid, parameters.text('password')) || denied) {
    throw new ApiError(401, 'authentication failure')
  }
  return {
    username: userid,
    ticket: access.createTicket(userid),
    CSRFPreventionToken: access.csrfToken(userid),
    cap: capabilities(access.privilegesAt(userid, '/')),
  }
}

/** What the web interface wants to know. */
function capabilities(privileges: Record<string, number>): Record<string, Record<string, number>> {
  const groups: Record<string, RegExp> = {
    access: /^(?:Group|User|Permissions)\./,
    dc: /^(?:SDN|Sys\.Audit|Sys\.Modify)/,
    mapping: /^(?:Mapping|Permissions)\./,
    nodes: /^(?:Sys|Permissions)\./,
    sdn: /^(?:SDN|Permissions)\./,
    storage: /^(?:Datastore|Permissions)\./,
    vms: /^(?:VM|Permissions)\./,
  }
  const cap: Record<string, Record<string, number>> = {}
  for (const [group, pattern] of Object.entries(groups)) {
    cap[group] = Object.fromEntries(Object.entries(privileges).filter(([name]) => pattern.test(name)))
  }
  return cap
}

function permissions({ cluster: { access }, identity, parameters }: Call): unknown {
  const userid = parameters.get('userid')
  const id = userid ?? identity.id
  if (id !== identity.id && !id.startsWith(`${identity.id}!`)) {
    requirePrivileges(access, identity, '/access', ['Sys.Audit'])
  }
  const path = parameters.get('path')
  return path === undefined ? access.permissions(id) : { [path]: access.privilegesAt(id, path) }
}

function changeAcl({ cluster: { access }, parameters }: Call): void {
  const path = parameters.text('path')
  if (!/^\/(?:$|(?:access|mapping|nodes|pool|sdn|storage|vms)(?:\/|$))/.test(path)) {
    throw parameterErrors({ path: `invalid ACL path '${path}'` })
  }
  const ids = [...splitList(parameters.get('users') ?? ''), ...splitList(parameters.get('tokens') ?? '')]
  const propagate = parameters.get('propagate') !== '0'
  for (const role of splitList(parameters.text('roles'))) {
    if (!access.roles.has(role)) throw failed(`ACL update failed: role '${role}' does not exist`)
    for (const id of ids) {
      const [userid, token] = id.split('!')
      if (token !== undefined && !access.tokens.has(id)) {
        throw failed(`ACL update failed: no such token '${token}' for user '${userid}'`)
      }
      if (token === undefined && !access.users.has(id))
        throw failed(`ACL update failed: user '${id}' does not exist`)
      access.acl = access.acl.filter((entry) => entry.path !== path || entry.id !== id || entry.role !== role)
      if (!parameters.flag('delete')) access.acl.push({ path, id, role, propagate })
    }
  }
}

function createUser({ cluster: { access }, parameters }: Call): void {
  const id = parameters.text('userid')
  if (access.users.has(id)) throw failed(`create user failed: user '${id}' already exists`)
  const password = parameters.get('password')
  access.users.set(id, {
    id,
    enabled: parameters.get('enable') !== '0',
    expire: parameters.number('expire') ?? 0,
    ...(password === undefined ? {} : { password }),
  })
}

function createToken(call: Call): unknown {
  const { access } = call.cluster
  requireOwn(call)
  const { parameters } = call
  const userid = parameters.text('userid')
  if (!access.users.has(userid)) throw failed(`no such user ('${userid}')`)
  const id = `${userid}!${parameters.text('tokenid')}`
  if (access.tokens.has(id)) throw parameterErrors({ tokenid: 'Token already exists.' })
  const comment = parameters.get('comment')
  const token = access.createToken({
    id,
    privilegeSeparation: parameters.get('privsep') !== '0',
    expire: parameters.number('expire') ?? 0,
    ...(comment === undefined ? {} : { comment }),
  })
  // What was given comes back as text, the default as a number.
  const info: Record<string, unknown> = { privsep: parameters.get('privsep') ?? 1 }
  if (parameters.has('expire')) info.expire = parameters.get('expire')
  if (comment !== undefined) info.comment = comment
  return { 'full-tokenid': id, info, value: token.secret }
}

function requireOwn({ cluster: { access }, identity, parameters }: Call): void {
  if (identity.id === parameters.text('userid')) return
  if (!access.allows(identity.id, '/access/groups', ['User.Modify'])) throw permissionDenied()
}

function requireToken({ cluster: { access }, parameters }: Call): string {
  const userid = parameters.text('userid')
  const id = `${userid}!${parameters.text('tokenid')}`
  if (!access.tokens.has(id))
    throw failed(`no such token '${parameters.text('tokenid')}' for user '${userid}'`)
  return id
}

function tokenInfo({ cluster: { access } }: Call, id: string): Record<string, unknown> {
  const token = access.tokens.get(id)
  return {
    expire: token?.expire ?? 0,
    privsep: token?.privilegeSeparation === true ? 1 : 0,
    ...(token?.comment === undefined ? {} : { comment: token.comment }),
  }
}
