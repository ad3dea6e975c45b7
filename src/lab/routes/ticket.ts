import type { Access } from '../access.ts'
import { normalizePath } from '../acl.ts'
import { ApiError } from '../api-error.ts'
import { splitList } from '../formats.ts'
import type { Call, Routes } from '../router.ts'

/** Logging in. */
export const ticketRoutes: Routes = {
  'GET /access/ticket': () => null,
  'POST /access/ticket': createTicket,
}

function createTicket(call: Call): unknown {
  const { access } = call.cluster
  const { parameters } = call
  const realm = parameters.get('realm')
  const username = parameters.text('username')
  const userid = realm === undefined ? username : `${username}@${realm}`
  const path = parameters.get('path')
  const answer = path === undefined ? login(call, userid) : verified(call, userid, path)
  // Whoever guesses learns nothing: a wrong password, an unknown user, a locked one look the same.
  if (answer === undefined) throw new ApiError(401, 'authentication failure')
  return {
    ...answer,
    username: userid,
    ...('NeedTFA' in answer ? {} : { cap: capabilities(access, userid) }),
    ...clusterName(call, userid),
  }
}

/** A ticket; the half of one, where a second factor is needed; nothing, where something is wrong. */
function login({ cluster: { access }, parameters }: Call, userid: string): object | undefined {
  if (!access.isActive(userid)) return undefined
  const { factors, tickets } = access
  const password = parameters.text('password')
  const [otp, challenge] = [parameters.get('otp'), parameters.get('tfa-challenge')]
  const CSRFPreventionToken = tickets.createCsrfToken(userid)
  const full = { ticket: tickets.create(userid), CSRFPreventionToken }
  if (challenge !== undefined) {
    // The second step: the password is the answer.
    if (otp !== undefined || tickets.challenge(challenge, userid) === undefined) return undefined
    return factors.verify(userid, password) ? full : undefined
  }
  // A ticket renews itself, and root's is one for everybody.
  const ticketUser = tickets.user(password)
  if (ticketUser === userid || ticketUser === 'root@pam') return full
  if (!passwordFits(access, userid, password)) return undefined
  const wanted = factors.challenge(userid)
  if (otp !== undefined) return wanted !== undefined && factors.verify(userid, otp) ? full : undefined
  if (wanted === undefined) return full
  return { NeedTFA: 1, ticket: tickets.createChallenge(userid, wanted), CSRFPreventionToken }
}

/** With a path there is no ticket: the question is whether the user may do something there. */
function verified(
  { cluster: { access }, parameters }: Call,
  userid: string,
  path: string,
): object | undefined {
  const password = parameters.text('password')
  const normal = normalizePath(path)
  const wanted = splitList(parameters.get('privs') ?? '')
  if (!access.isActive(userid) || normal === undefined || wanted.length === 0) return undefined
  const isHis = access.tickets.user(password) === userid || passwordFits(access, userid, password)
  return isHis && access.allows(userid, normal, wanted) ? {} : undefined
}

function passwordFits(access: Access, userid: string, password: string): boolean {
  return password !== '' && access.users.get(userid)?.password === password
}

/** Only clusters have a name, and only those who may look see it. */
function clusterName({ cluster }: Call, userid: string): object {
  const visible = cluster.nodes.length > 1 && cluster.access.allows(userid, '/', ['Sys.Audit'])
  return visible ? { clustername: cluster.name } : {}
}

/** What the web interface shows, by the part of the tree that it is about. */
const shown: Readonly<Record<string, RegExp>> = {
  access: /^(?:(?:User|Group)\.|Permissions\.Modify)/,
  dc: /^(?:Sys\.Audit|Sys\.Modify|SDN\.)/,
  mapping: /^(?:Mapping\.|Permissions\.Modify)/,
  nodes: /^(?:Sys\.|Permissions\.Modify)/,
  sdn: /^(?:SDN\.|Permissions\.Modify)/,
  storage: /^(?:Datastore\.|Permissions\.Modify)/,
  vms: /^(?:VM\.|Permissions\.Modify)/,
}

function capabilities(access: Access, userid: string): Record<string, Record<string, 1>> {
  const cap: Record<string, Record<string, 1>> = Object.fromEntries(
    Object.keys(shown).map((part) => [part, {}]),
  )
  const common = ['/', '/nodes', '/access/groups', '/vms', '/storage', '/sdn', '/mapping']
  for (const path of new Set([...common, ...access.listedPaths()])) {
    const top = /^\/(\w+)/.exec(path)?.[1] ?? 'dc'
    // A pool's privileges are about what is in it.
    const parts = top === 'pool' ? ['vms', 'storage'] : [top]
    for (const part of parts) {
      for (const name of Object.keys(access.privilegesAt(userid, path))) {
        const set = cap[part]
        if (set !== undefined && shown[part]?.test(name)) set[name] = 1
      }
    }
  }
  return cap
}
