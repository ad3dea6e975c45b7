import type { Access, LabToken } from '../access.ts'
import { failed, parameterErrors } from '../api-error.ts'
import { splitList } from '../formats.ts'
import type { Call, Routes } from '../router.ts'
import { requireUser } from './users.ts'

const one = '/access/users/{userid}/token/{tokenid}'

/** API tokens. */
export const tokenRoutes: Routes = {
  'GET /access/users/{userid}/token': ({ cluster: { access }, parameters }) => {
    const user = requireUser(access, parameters.text('userid'))
    return tokensOf(access, user.id).map(([name, token]) => ({ ...tokenInfo(token), tokenid: name }))
  },
  [`GET ${one}`]: (call) => tokenInfo(requireToken(call)),
  [`POST ${one}`]: createToken,
  [`PUT ${one}`]: updateToken,
  [`DELETE ${one}`]: (call) => {
    const { id } = requireToken(call)
    const { access } = call.cluster
    access.tokens.delete(id)
    access.acl = access.acl.filter((entry) => entry.id !== id)
  },
}

/** A user's tokens by the part of their id behind the `!`. */
export function tokensOf(access: Access, userid: string): [string, LabToken][] {
  const prefix = `${userid}!`
  return [...access.tokens.values()]
    .filter(({ id }) => id.startsWith(prefix))
    .map((token): [string, LabToken] => [token.id.slice(prefix.length), token])
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

/** What is shown of a token. */
export function tokenInfo({ comment, expire, privilegeSeparation }: LabToken): Record<string, unknown> {
  return {
    expire: expire ?? 0,
    privsep: privilegeSeparation === true ? 1 : 0,
    ...(comment === undefined || comment === '' ? {} : { comment }),
  }
}

function requireToken({ cluster: { access }, parameters }: Call): LabToken {
  const [userid, name] = [parameters.text('userid'), parameters.text('tokenid')]
  requireUser(access, userid)
  const token = access.tokens.get(`${userid}!${name}`)
  if (token === undefined) throw failed(`no such token '${name}' for user '${userid}'`)
  return token
}

function createToken({ cluster: { access }, parameters }: Call): unknown {
  const user = requireUser(access, parameters.text('userid'))
  const id = `${user.id}!${parameters.text('tokenid')}`
  if (access.tokens.has(id)) throw parameterErrors({ tokenid: 'Token already exists.' })
  const [comment, expire, privsep] = ['comment', 'expire', 'privsep'].map((name) => parameters.get(name))
  const token = access.createToken({
    id,
    privilegeSeparation: privsep !== '0',
    ...(expire === undefined ? {} : { expire: Number(expire) }),
    ...(comment === undefined ? {} : { comment }),
  })
  // What was given comes back as text, the default as a number.
  const info = { privsep: privsep ?? 1, ...(expire && { expire }), ...(comment && { comment }) }
  return { 'full-tokenid': id, info, value: token.secret }
}

function updateToken(call: Call): unknown {
  const { parameters } = call
  const { access } = call.cluster
  const token = requireToken(call)
  const [comment, privsep] = [parameters.get('comment'), parameters.get('privsep')]
  const expire = parameters.number('expire')
  for (const name of splitList(parameters.get('delete') ?? '')) {
    if (name !== 'comment') throw parameterErrors({ delete: `unknown option '${name}'` })
  }
  const changed: LabToken = {
    ...token,
    ...(privsep === undefined ? {} : { privilegeSeparation: privsep !== '0' }),
    ...(expire === undefined ? {} : { expire }),
    ...(comment === undefined ? {} : { comment }),
    ...(parameters.has('delete') ? { comment: '' } : {}),
  }
  access.tokens.set(token.id, changed)
  if (!parameters.flag('regenerate')) return tokenInfo(changed)
  const { secret } = access.createToken(changed)
  return { ...tokenInfo(changed), 'full-tokenid': token.id, value: secret }
}
