import { TOTP } from 'otpauth'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ProxmoxClient } from '../../src/proxmox/client.ts'
import { type Answer, connectTo, json, serve } from '../support/proxmox-server.ts'

/** Pauses end at once, and the clock is where it would be then. */
vi.mock('../../src/core/deadline.ts', async (original) => ({
  ...(await original<typeof import('../../src/core/deadline.ts')>()),
  delay: async (milliseconds: number, signal: AbortSignal) => {
    signal.throwIfAborted()
    vi.setSystemTime(Date.now() + milliseconds)
  },
}))
const noon = Date.UTC(2026, 5, 1, 12)
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(noon)
})
afterEach(() => vi.useRealTimers())

const secret = 'JBSWY3DPEHPK3PXP'
const user = 'alice@pve'
const login = { api_user: user, api_password: 'first factor' }
const minutes = 60_000
const version = (client: ProxmoxClient): Promise<unknown> =>
  client.get('/version', 'ask for the version').catch((error: unknown) => error)

interface Policy {
  readonly kinds?: Readonly<Record<string, unknown>>
  /** Codes that somebody else used. */
  readonly used?: string[]
}

/** The exchange as the genuine server has it: passwords, challenges, codes that count once, tickets of two hours. */
async function server({ kinds, used = [] }: Policy = {}) {
  const bodies: Record<string, string>[] = []
  const state = { password: 'first factor', refuseAll: false, brokenLogins: 0 }
  const tickets = new Map<string, number>()
  let count = 0
  const issue = (): { ticket: string; CSRFPreventionToken: string } => {
    const ticket = `PVE:${user}:${++count}`
    tickets.set(ticket, Date.now())
    return { ticket, CSRFPreventionToken: `csrf${count}` }
  }
  const isGood = (ticket = ''): boolean =>
    !state.refuseAll && Date.now() - (tickets.get(ticket) ?? Number.NEGATIVE_INFINITY) <= 120 * minutes
  const challenge = `PVE:!tfa!${JSON.stringify(kinds ?? {}).replaceAll(':', '%3A')}:6B033D84::signature`
  const answer: Answer = (request, response, body) => {
    const refuse = (): void =>
      void response
        .writeHead(401, 'authentication failure')
        .end('{"data":null,"message":"authentication failure\\n"}')
    if (request.url !== '/api2/json/access/ticket') {
      if (isGood(/PVEAuthCookie=(.*)/.exec(request.headers.cookie ?? '')?.[1]))
        json(response, request.headers.cookie)
      else response.writeHead(401, 'permission denied - invalid PVE ticket').end()
      return
    }
    if (state.brokenLogins-- > 0) return void request.socket.destroy()
    const parameters = Object.fromEntries(new URLSearchParams(body))
    bodies.push(parameters)
    const { username, password = '', 'tfa-challenge': answered } = parameters
    if (username !== user) return refuse()
    if (answered !== undefined) {
      const step = Math.floor(Date.now() / 30_000)
      const valid = [step - 1, step, step + 1].map((at) => `totp:${codeAt(at)}`)
      if (answered !== challenge || !valid.includes(password) || used.includes(password)) return refuse()
      used.push(password)
      return json(response, issue())
    }
    if (isGood(password)) return json(response, issue())
    if (password !== state.password) return refuse()
    if (kinds === undefined) return json(response, issue())
    json(response, { ticket: challenge, NeedTFA: 1, username, CSRFPreventionToken: 'half' })
  }
  const { port, asked } = await serve(answer)
  const logins = (): number => asked.filter((line) => line.endsWith('/ticket')).length
  return { host: `127.0.0.1:${port}`, asked, logins, bodies, state }
}

function codeAt(step: number): string {
  return new TOTP({ secret }).generate({ timestamp: step * 30_000 })
}

test.each([
  ['in base32', secret],
  ['in base32 as people write it', 'jbsw y3dp-ehpk 3pxp'],
  ['as a URI', `otpauth://totp/Proxmox:alice?secret=${secret}&issuer=Proxmox`],
])('the second step answers the challenge with a code of the secret %s', async (_, api_totp_secret) => {
  const { host, bodies } = await server({ kinds: { totp: true, recovery: [0, 1] } })
  expect(await version(connectTo(host, { ...login, api_totp_secret }).client)).toBe(
    `PVEAuthCookie=PVE:${user}:1`,
  )
  expect(bodies).toEqual([
    { username: user, password: 'first factor' },
    {
      username: user,
      password: `totp:${codeAt(noon / 30_000)}`,
      'tfa-challenge': 'PVE:!tfa!{"totp"%3Atrue,"recovery"%3A[0,1]}:6B033D84::signature',
    },
  ])
})

test('one code is enough for one login', async () => {
  const { host } = await server({ kinds: { totp: true } })
  const { client } = connectTo(host, { ...login, api_totp: codeAt(noon / 30_000) })
  expect(await version(client)).toBe(`PVEAuthCookie=PVE:${user}:1`)
})

test('a second login in the same half minute waits for the next code', async () => {
  const { host, state } = await server({ kinds: { totp: true } })
  const { client, context } = connectTo(host, { ...login, api_totp_secret: secret })
  await version(client)
  expect(context.events).toEqual([])
  vi.setSystemTime(noon + 10_000)
  state.refuseAll = true
  await version(client)
  state.refuseAll = false
  expect(await version(client)).toMatch(/PVEAuthCookie/)
  expect(Date.now()).toBeGreaterThanOrEqual(noon + 30_000)
  expect(context.events.slice(0, 2)).toEqual([
    { type: 'phase', phase: 'waiting for the next one-time code' },
    { type: 'phase', phase: 'logging in' },
  ])
})

test('a code that another program has just used is followed by the next one', async () => {
  const { host } = await server({ kinds: { totp: true }, used: [`totp:${codeAt(noon / 30_000)}`] })
  expect(await version(connectTo(host, { ...login, api_totp_secret: secret }).client)).toMatch(
    /PVEAuthCookie/,
  )
  expect(Date.now()).toBe(noon + 30_000)
})

test('a wrong secret is tried twice and no more; a wrong code once', async () => {
  const { host, logins } = await server({ kinds: { totp: true } })
  expect(
    await version(connectTo(host, { ...login, api_totp_secret: 'AAAAAAAAAAAAAAAA' }).client),
  ).toMatchObject({
    ...{ code: 'PVE_TFA_FAILED', hint: expect.stringContaining(`pveum user tfa unlock ${user}`) },
  })
  expect(logins()).toBe(4)
  expect(await version(connectTo(host, { ...login, api_totp: '000000' }).client)).toMatchObject({
    code: 'PVE_TFA_FAILED',
  })
  expect(logins()).toBe(6)
})

test('a missing second factor is asked for, with the kinds that the server takes', async () => {
  const { host } = await server({ kinds: { totp: true, webauthn: {}, recovery: [0] } })
  expect(await version(connectTo(host, login).client)).toMatchObject({
    code: 'PVE_TFA_REQUIRED',
    message: expect.stringContaining('(TOTP, recovery keys, WebAuthn)'),
    hint: expect.stringContaining('api_totp_secret'),
  })
})

test('where no TOTP is taken, the hint is an API token', async () => {
  const { host, logins } = await server({ kinds: { webauthn: {} } })
  expect(await version(connectTo(host, { ...login, api_totp_secret: secret }).client)).toMatchObject({
    code: 'PVE_TFA_REQUIRED',
    hint: expect.stringContaining('Only TOTP'),
  })
  expect(logins()).toBe(1)
})

test.each([
  ['not base32!', 'neither base32'],
  ['otpauth://totp/x', 'no complete'],
  [`otpauth://hotp/x?secret=${secret}&counter=1`, 'HOTP'],
])('a secret that is none is refused and not shown: %s', async (api_totp_secret, reason) => {
  const { host } = await server({ kinds: { totp: true } })
  const error = await version(connectTo(host, { ...login, api_totp_secret }).client)
  expect(error).toMatchObject({ code: 'PVE_TOTP_SECRET_INVALID', message: expect.stringContaining(reason) })
  expect((error as Error).message).not.toContain(api_totp_secret)
})

test('a ticket is renewed in time, once for all who ask, without a second factor', async () => {
  const { host, bodies } = await server({ kinds: { totp: true } })
  const { client } = connectTo(host, { ...login, api_totp: codeAt(noon / 30_000) })
  await version(client)
  vi.setSystemTime(noon + 59 * minutes)
  await version(client)
  expect(bodies).toHaveLength(2)
  vi.setSystemTime(noon + 61 * minutes)
  const renewed = `PVEAuthCookie=PVE:${user}:2`
  expect(await Promise.all([1, 2, 3].map(() => version(client)))).toEqual([renewed, renewed, renewed])
  expect(bodies.slice(2)).toEqual([{ username: user, password: `PVE:${user}:1` }])
  // On and on, for as long as a run lasts.
  for (let hour = 2; hour < 12; hour++) {
    vi.setSystemTime(noon + hour * 61 * minutes)
    expect(await version(client)).toMatch(/PVEAuthCookie/)
  }
})

test('a renewal that breaks is put off: the ticket is good for another hour', async () => {
  const { host, state } = await server()
  const { client } = connectTo(host, login)
  await version(client)
  vi.setSystemTime(noon + 61 * minutes)
  state.brokenLogins = 1
  expect(await version(client)).toBe(`PVEAuthCookie=PVE:${user}:1`)
  vi.setSystemTime(noon + 63 * minutes)
  expect(await version(client)).toBe(`PVEAuthCookie=PVE:${user}:2`)
})

test('after a pause of hours there is a new login', async () => {
  const { host, bodies } = await server()
  const { client } = connectTo(host, login)
  await version(client)
  vi.setSystemTime(noon + 600 * minutes)
  expect(await version(client)).toBe(`PVEAuthCookie=PVE:${user}:2`)
  expect(bodies.at(-1)?.password).toBe('first factor')
})

test('a login that has expired for good says so: the code is used up, or the password was changed', async () => {
  const first = await server({ kinds: { totp: true } })
  const coded = connectTo(first.host, { ...login, api_totp: codeAt(noon / 30_000) }).client
  await version(coded)
  vi.setSystemTime(noon + 600 * minutes)
  expect(await version(coded)).toMatchObject({
    code: 'PVE_TICKET_EXPIRED',
    message: expect.stringContaining('one-time code'),
    hint: expect.stringContaining('api_totp_secret'),
  })
  const second = await server()
  const { client } = connectTo(second.host, login)
  await version(client)
  second.state.password = 'another'
  vi.setSystemTime(noon + 1200 * minutes)
  expect(await version(client)).toMatchObject({
    code: 'PVE_TICKET_EXPIRED',
    message: expect.stringContaining('password'),
  })
})

test('an upload that is under way outlives the ticket that it began with', async () => {
  const { host, bodies } = await server()
  const { client } = connectTo(host, login)
  await version(client)
  async function* body(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('begin-')
    vi.setSystemTime(noon + 61 * minutes)
    // Others renew the ticket meanwhile.
    expect(await version(client)).toBe(`PVEAuthCookie=PVE:${user}:2`)
    yield Buffer.from('end')
  }
  const path = '/nodes/pve/storage/local/upload'
  expect(await client.send(path, 'upload', body(), { 'content-length': '9' })).toBe(
    `PVEAuthCookie=PVE:${user}:1`,
  )
  expect(bodies).toHaveLength(2)
})

test('one who gives up waiting does not stop the login of the others', async () => {
  const { promise: asked, resolve: isAsked } = Promise.withResolvers<void>()
  const { promise: allowed, resolve: allow } = Promise.withResolvers<void>()
  const { port } = await serve((request, response) => {
    if (!request.url?.endsWith('/ticket')) return json(response, 'in')
    isAsked()
    void allowed.then(() => json(response, { ticket: 'PVE:t', CSRFPreventionToken: 'c' }))
  })
  const { client } = connectTo(`127.0.0.1:${port}`, login)
  const controller = new AbortController()
  const impatient = version(client.with(controller.signal))
  const patient = version(client)
  await asked
  controller.abort('too long')
  expect(await impatient).toBe('too long')
  allow()
  expect(await patient).toBe('in')
})

test('a refused login tells what a password’s may be, and a refused token what a token’s may be', async () => {
  const { host } = await server()
  expect(await version(connectTo(host, { ...login, api_password: 'wrong' }).client)).toMatchObject({
    code: 'PVE_AUTH_FAILED',
    hint: expect.stringMatching(/user, realm and password/),
  })
  const token = { api_token_id: 'alice@pve!ci', api_token_secret: 'x' }
  expect(await version(connectTo(host, token).client)).toMatchObject({
    code: 'PVE_AUTH_FAILED',
    hint: expect.stringMatching(/token's name and secret.*pveum user token list 'alice@pve'/),
  })
})

test.each([
  ['PBS:root@pam:6B033D84::signature', 'Proxmox Backup Server'],
  ['PMG:root@pam:6B033D84::signature', 'Proxmox Mail Gateway'],
])('a ticket of another product is none: %s', async (ticket, product) => {
  const { port } = await serve((_, response) => json(response, { ticket, CSRFPreventionToken: 'c' }))
  expect(await version(connectTo(`127.0.0.1:${port}`, login).client)).toMatchObject({
    code: 'PVE_NOT_PROXMOX',
    message: expect.stringContaining(product),
  })
})

test('another product that refuses a token is known by its web interface', async () => {
  const { port } = await serve((request, response) => {
    if (request.url === '/') response.end('<html><head><title>backup1 - Proxmox Backup Server</title>')
    else response.writeHead(401, 'Unauthorized').end('authentication failed')
  })
  const token = { api_token_id: 'root@pam!ci', api_token_secret: 'x' }
  expect(await version(connectTo(`127.0.0.1:${port}`, token).client)).toMatchObject({
    code: 'PVE_NOT_PROXMOX',
    message: expect.stringContaining('it is a Proxmox Backup Server'),
  })
})
