import { describe, expect, it } from 'vitest'
import type { Lab } from '../../src/lab/lab.ts'
import { totpCode, totpStep } from '../../src/lab/second-factor.ts'
import { type Answer, send } from './api-client.ts'
import { newLab } from './new-lab.ts'

const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const alice = { id: 'alice@pve', password: 'first factor', totp: secret }
const withAlice = { users: [alice] }

async function login(lab: Lab, form: Record<string, string>): Promise<Answer> {
  return await send(lab, 'POST', '/access/ticket', { headers: {}, form: { username: alice.id, ...form } })
}

async function challengeOf(lab: Lab): Promise<string> {
  return (await login(lab, { password: alice.password })).body.data.ticket
}

/** A code that was not used yet: each counts for a step of 30 seconds, and the next one's is accepted too. */
function code(offset = 0): string {
  return `totp:${totpCode(secret, totpStep() + offset)}`
}

function expectRefused(answer: Answer): void {
  expect([answer.status, answer.reason, answer.body]).toEqual([
    401,
    'authentication failure',
    { data: null, message: 'authentication failure\n' },
  ])
}

it.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_234_567_890, '005924'],
  [20_000_000_000, '353130'],
])('the code at %i seconds is that of RFC 6238', (seconds, expected) => {
  expect(totpCode(secret, totpStep(seconds))).toBe(expected)
})

describe('a user with a second factor', () => {
  it('gets the half of a ticket for the password', async () => {
    const { lab } = await newLab(withAlice)
    const { status, body } = await login(lab, { password: alice.password })
    expect(status).toBe(200)
    expect(body.data).toMatchObject({ NeedTFA: 1, username: alice.id })
    expect(body.data).not.toHaveProperty('cap')
    const [, challenge = ''] = /^PVE:!tfa!([^:]+):[0-9A-F]{8}::\S+$/.exec(body.data.ticket) ?? []
    expect(JSON.parse(challenge.replaceAll('%3A', ':'))).toEqual({ totp: true })
  })

  it('cannot do anything with that half', async () => {
    const { lab } = await newLab(withAlice)
    const headers = { cookie: `PVEAuthCookie=${encodeURIComponent(await challengeOf(lab))}` }
    const answer = await send(lab, 'GET', '/version', { headers })
    expect([answer.status, answer.reason, answer.text]).toEqual([401, 'Authentication failed!', ''])
  })

  it('gets the ticket for the code', async () => {
    const { lab } = await newLab(withAlice)
    const challenge = await challengeOf(lab)
    const { body } = await login(lab, { password: code(), 'tfa-challenge': challenge })
    expect(body.data).not.toHaveProperty('NeedTFA')
    const headers = { cookie: `PVEAuthCookie=${encodeURIComponent(body.data.ticket)}` }
    expect((await send(lab, 'GET', '/version', { headers })).status).toBe(200)
  })

  it('may give password and code at once', async () => {
    const { lab } = await newLab(withAlice)
    const { body } = await login(lab, { password: alice.password, otp: code() })
    expect(body.data.ticket).toMatch(/^PVE:alice@pve:/)
  })

  it('cannot use a code twice', async () => {
    const { lab } = await newLab(withAlice)
    const used = code()
    expect((await login(lab, { password: alice.password, otp: used })).status).toBe(200)
    expectRefused(await login(lab, { password: alice.password, otp: used }))
    expect((await login(lab, { password: alice.password, otp: code(1) })).status).toBe(200)
  })

  it('is refused a wrong code, one for another challenge, and a code beside a challenge', async () => {
    const { lab } = await newLab({ users: [alice, { ...alice, id: 'bob@pve' }] })
    const challenge = await challengeOf(lab)
    expectRefused(await login(lab, { password: 'totp:000000', 'tfa-challenge': challenge }))
    expectRefused(await login(lab, { username: 'bob@pve', password: code(), 'tfa-challenge': challenge }))
    expectRefused(await login(lab, { password: alice.password, otp: code(), 'tfa-challenge': challenge }))
    expectRefused(await login(lab, { password: code().slice(5), 'tfa-challenge': challenge }))
  })

  it('is locked after eight wrong codes, until somebody unlocks him', async () => {
    const { lab } = await newLab(withAlice)
    for (let n = 0; n < 8; n++) expectRefused(await login(lab, { password: alice.password, otp: 'totp:x' }))
    expectRefused(await login(lab, { password: alice.password, otp: code() }))
    const rows = (await send(lab, 'GET', '/access/tfa')).body.data
    expect(rows).toEqual([
      { userid: alice.id, 'totp-locked': true, entries: [expect.objectContaining({ type: 'totp' })] },
    ])
    const unlocked = await send(lab, 'PUT', `/access/users/${alice.id}/unlock-tfa`)
    expect(unlocked.body.data).toBe(1)
    expect((await login(lab, { password: alice.password, otp: code() })).status).toBe(200)
  })

  it('renews his ticket without a code, and needs none for a token', async () => {
    const { lab } = await newLab({
      ...withAlice,
      tokens: [{ id: 'alice@pve!t', secret: 'token-secret' }],
    })
    const { ticket } = (await login(lab, { password: alice.password, otp: code() })).body.data
    expect((await login(lab, { password: ticket })).body.data).not.toHaveProperty('NeedTFA')
    const headers = { authorization: 'PVEAPIToken=alice@pve!t=token-secret' }
    expect((await send(lab, 'GET', '/version', { headers })).status).toBe(200)
  })
})

it('a user without a second factor must not send a code', async () => {
  const { lab } = await newLab({ users: [{ id: alice.id, password: alice.password }] })
  expectRefused(await login(lab, { password: alice.password, otp: code() }))
  expect((await login(lab, { password: alice.password })).status).toBe(200)
})

it('root can have one, too, beside the password that the lab makes up for him', async () => {
  const { lab } = await newLab({ users: [{ id: 'root@pam', totp: secret }] })
  const form = { username: lab.user, password: lab.password }
  expect((await login(lab, form)).body.data).toMatchObject({ NeedTFA: 1 })
  expect((await login(lab, { ...form, otp: code() })).body.data).not.toHaveProperty('NeedTFA')
})
