import { Buffer } from 'node:buffer'
import { type Group, inOrder } from '../group.ts'
import type { Exchange } from '../recordings.ts'
import { observe } from '../replay.ts'
import { password, type World } from '../world.ts'

/** Users, tickets, tokens, headers, the access control list, in the order in which one leads to the next. */
const order = inOrder('auth', [
  ['user-create', 'user-create-again', 'user-create-bad-realm', 'user-create-disabled'],
  ['token-create-privsep-0', 'token-create-privsep-1', 'token-create-default', 'token-create-expired'],
  ['token-create-again', 'token-create-other-user', 'token-create-unknown-user', 'token-update'],
  ['token-regenerate', 'token-get-unknown', 'token-expired-use', 'token-uppercase-secret'],
  ['token-post-without-csrf-needs-acl', 'token-and-cookie', 'bad-token-and-good-cookie'],
  ['login-pve-user', 'login-path-privs-denied', 'renew-ticket-of-other-user'],
  ['header-csrf-lowercase', 'acl-no-permission', 'acl-bad-path', 'acl-unknown-role', 'acl-unknown-token'],
  ['acl-set', 'acl-user-token-privsep-0', 'acl-user-token-privsep-1-denied', 'acl-list-privsep-1'],
  ['acl-set-token', 'acl-token-privsep-1-read', 'acl-token-privsep-1-permissions'],
  ['acl-token-privsep-1-write-denied', 'acl-token-more-than-user', 'acl-token-more-than-user-read'],
  ['acl-delete', 'acl-after-delete', 'acl-no-propagate', 'acl-no-propagate-path', 'acl-no-propagate-read'],
  ['csrf-of-other-user', 'ticket-of-disabled-user', 'token-of-disabled-user'],
  ['token-header-colon', 'token-header-lowercase-scheme', 'token-header-space', 'token-percent-encoded'],
  ['token-delete', 'token-delete-again', 'user-delete', 'ticket-of-deleted-user'],
])

/** Logins, tickets, tokens, the token that writes need. */
export const auth: Group = {
  name: 'auth',
  source: 'recorded-more',
  order,
  setUp: async (world) => {
    const common = { kvm: 0, net0: 'virtio,bridge=vmbr0' }
    await world.create(200, { name: 'web1', memory: 256, ...common })
    const scsi0 = 'local:1,format=qcow2'
    await world.create(201, {
      name: 'db1',
      memory: 512,
      cores: 2,
      scsi0,
      boot: 'order=scsi0;net0',
      ...common,
    })
    rootTickets.set(world, (await rootTicket(world)).ticket)
    for (const [words, headers] of Object.entries(namedHeaders)) world.identities.set(words, headers)
  },
  prepare: {
    'auth/login-expired-user': async (world) => {
      await world.ask('POST', '/access/users', { userid: 'me@pve', password, expire: 1_000_000_000 })
    },
    'auth/token-expired-use': (world) => rememberToken(world, 'mx@pve!te'),
    'auth/ticket-of-disabled-user': (world) => setEnabled(world, 0),
    'auth/token-header-colon': (world) => setEnabled(world, 1),
    // The ticket is of the time when there was such a user.
    'auth/user-delete': async (world) => void (await world.ticketOf('mx@pve')),
    'auth/token-uppercase-secret': (world) => rememberToken(world, 'mx@pve!t0', (text) => text.toUpperCase()),
    'auth/token-post-without-csrf-needs-acl': (world) => rememberToken(world, 'mx@pve!t0'),
  },
  replay: Object.fromEntries(
    ['privsep-0', 'privsep-1', 'default', 'expired'].map((kind) => [
      `auth/token-create-${kind}`,
      createToken,
    ]),
  ),
  request: {
    ...Object.fromEntries(
      ['login-new-format-0', 'login-new-format-1', 'login-realm-parameter', 'login-realm-twice'].map(
        (name) => [`auth/${name}`, withOurPassword],
      ),
    ),
    'auth/renew-ticket-of-other-user': withTicket((ticket) => ticket),
    'auth/renew-garbled-ticket': withTicket((ticket) => ticket.replace(/.{6}$/, 'AAAAAA')),
    // Outside of the API.
    'auth/no-api2': ({ request }) => ({ ...request, path: '/api2/../nope' }),
    'auth/post-no-content-length-chunked': ({ request }) => ({ ...request, auth: 'chunked' }),
  },
  measured: ['value'],
}

const rootTickets = new WeakMap<World, string>()

/** Secrets of the tokens that the recording makes. */
const secrets = new WeakMap<World, Map<string, string>>()

async function createToken(world: World, exchange: Exchange) {
  const observed = await observe(world, exchange.request, exchange)
  const { data } = observed.body as { data: { 'full-tokenid': string; value: string } | null }
  if (data !== null) {
    const known = secrets.get(world) ?? new Map()
    secrets.set(world, known.set(data['full-tokenid'], data.value))
    rememberToken(world, data['full-tokenid'])
  }
  return observed
}

function rememberToken(
  world: World,
  id: string,
  change: (secret: string) => string = (secret) => secret,
): void {
  const header = { authorization: `PVEAPIToken=${id}=${change(secretOf(world, id))}` }
  world.identities.set(`token ${id}`, () => header)
}

function secretOf(world: World, id: string): string {
  return secrets.get(world)?.get(id) ?? ''
}

/** A ticket in the place of the password; it has to be there already. */
function withTicket(change: (ticket: string) => string) {
  return ({ request }: Exchange, world: World): Exchange['request'] => ({
    ...request,
    params: { ...(request.params as Record<string, string>), password: change(rootTickets.get(world) ?? '') },
  })
}

function withOurPassword({ request }: Exchange): Exchange['request'] {
  return { ...request, params: { ...(request.params as Record<string, string>), password } }
}

async function setEnabled(world: World, enable: number): Promise<void> {
  // Before that, he logged in.
  if (enable === 0) await world.ticketOf('mx@pve')
  await world.ask('PUT', '/access/users/mx@pve', { enable })
}

type Headers = Record<string, string>

async function rootTicket(world: World): Promise<{ ticket: string; csrf: string }> {
  const { cookie = '', csrfpreventiontoken: csrf = '' } = await world.ticketOf('root@pam')
  return { ticket: decodeURIComponent(cookie.replace('PVEAuthCookie=', '')), csrf }
}

/** A cookie with root's ticket, changed, and the token that belongs to it, changed. */
function cookie(
  changeTicket: (ticket: string) => string,
  changeToken: (csrf: string) => string | undefined = () => undefined,
) {
  return async (world: World): Promise<Headers> => {
    const { ticket, csrf } = await rootTicket(world)
    const token = changeToken(csrf)
    return {
      cookie: changeTicket(ticket),
      ...(token === undefined ? {} : { csrfpreventiontoken: token }),
    }
  }
}

const plain = (ticket: string) => `PVEAuthCookie=${ticket}`

/** What the recording calls the ways to authenticate. */
const namedHeaders: Record<string, (world: World) => Headers | Promise<Headers>> = {
  'cookie PVEAuthCookie=<ticket>': cookie(plain),
  'cookie among others': cookie((ticket) => `a=b; ${plain(ticket)}; c=d`),
  'cookie, percent-encoded ticket': cookie((ticket) => plain(encodeURIComponent(ticket))),
  'cookie, ticket in double quotes': cookie((ticket) => `PVEAuthCookie="${ticket}"`),
  'cookie __Host-PVEAuthCookie': cookie((ticket) => `__Host-PVEAuthCookie=${ticket}`),
  'cookie + garbled CSRF token': cookie(plain, (csrf) => csrf.replace(/.{4}$/, 'AAAA')),
  'cookie, DELETE without CSRF token': cookie(plain),
  'cookie, POST without CSRF token': cookie(plain),
  'cookie + CSRF "nonsense"': cookie(plain, () => 'nonsense'),
  'cookie + CSRF token with old timestamp': cookie(plain, (csrf) => csrf.replace(/^.{8}/, '60000000')),
  'cookie + csrfpreventiontoken (lower case)': cookie(plain, (csrf) => csrf),
  "cookie + another user's CSRF token": async (world) => ({
    ...(await cookie(plain)(world)),
    csrfpreventiontoken: (await world.ticketOf('prov@pve')).csrfpreventiontoken ?? '',
  }),
  'ticket with an older timestamp (signature no longer matches)': cookie((ticket) =>
    plain(ticket.replace(/:[0-9A-F]{8}::/, ':60000000::')),
  ),
  'ticket with garbled signature': cookie((ticket) => plain(ticket.replace(/.{6}$/, 'AAAAAA'))),
  'Authorization: Basic': () => ({
    authorization: `Basic ${Buffer.from(`root@pam:${password}`).toString('base64')}`,
  }),
  'Authorization: Bearer <ticket>': async (world) => ({
    authorization: `Bearer ${(await rootTicket(world)).ticket}`,
  }),
  'Authorization: PVEAuthCookie=<ticket>': async (world) => ({
    authorization: `PVEAuthCookie=${(await rootTicket(world)).ticket}`,
  }),
  'header PVEAuthCookie': async (world) => ({ pveauthcookie: (await rootTicket(world)).ticket }),
  'valid root cookie and bad token together': async (world) => ({
    ...(await world.ticketOf('root@pam')),
    authorization: 'PVEAPIToken=root@pam!tk=wrong',
  }),
  'valid root cookie and token of mx@pve together': async (world) => ({
    ...(await world.ticketOf('root@pam')),
    authorization: `PVEAPIToken=mx@pve!t0=${secretOf(world, 'mx@pve!t0')}`,
  }),
  'Authorization: PVEAPIToken=user!tok:secret (colon)': (world) => ({
    authorization: `PVEAPIToken=mx@pve!t0:${secretOf(world, 'mx@pve!t0')}`,
  }),
  'Authorization: pveapitoken=...': (world) => ({
    authorization: `pveapitoken=mx@pve!t0=${secretOf(world, 'mx@pve!t0')}`,
  }),
  'Authorization: PVEAPIToken user!tok=secret (space)': (world) => ({
    authorization: `PVEAPIToken mx@pve!t0=${secretOf(world, 'mx@pve!t0')}`,
  }),
  'Authorization, percent-encoded token id': (world) => ({
    authorization: `PVEAPIToken=mx%40pve%21t0=${secretOf(world, 'mx@pve!t0')}`,
  }),
  chunked: async (world) => ({
    ...(await world.ticketOf('root@pam')),
    'transfer-encoding': 'chunked',
  }),
}
