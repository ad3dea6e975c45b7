import { describe, expect, it } from 'vitest'
import type { Lab } from '../../src/lab/lab.ts'
import { send } from './api-client.ts'
import { newLab } from './new-lab.ts'

async function login(lab: Lab, username = lab.user, password = lab.password) {
  return await send(lab, 'POST', '/access/ticket', { headers: {}, form: { username, password } })
}

async function ticketHeaders(lab: Lab): Promise<{ cookie: string; csrfpreventiontoken: string }> {
  const { ticket, CSRFPreventionToken } = (await login(lab)).body.data
  return { cookie: `PVEAuthCookie=${encodeURIComponent(ticket)}`, csrfpreventiontoken: CSRFPreventionToken }
}

describe('logging in', () => {
  it('answers a request without credentials with an empty 401', async () => {
    const { lab } = await newLab()
    const answer = await send(lab, 'GET', '/version', { headers: {} })
    expect([answer.status, answer.reason, answer.text]).toEqual([401, 'No ticket', ''])
  })

  it('accepts the token of the lab and refuses a wrong secret', async () => {
    const { lab } = await newLab()
    expect((await send(lab, 'GET', '/version')).body.data.version).toMatch(/^9\.2\./)
    const headers = { authorization: `PVEAPIToken=${lab.tokenId}=wrong` }
    expect((await send(lab, 'GET', '/version', { headers })).reason).toBe('Authentication failed!')
  })

  it('gives tickets, whose writes need the CSRF token', async () => {
    const { lab } = await newLab()
    const headers = await ticketHeaders(lab)
    const create = { form: { vmid: 100 } }
    const { csrfpreventiontoken: _, ...cookieOnly } = headers
    const denied = await send(lab, 'POST', '/nodes/pve/qemu', { ...create, headers: cookieOnly })
    expect([denied.status, denied.reason]).toEqual([401, 'Permission denied - invalid csrf token'])
    expect((await send(lab, 'POST', '/nodes/pve/qemu', { ...create, headers })).status).toBe(200)
  })

  it('says the same of a wrong password, an unknown user and a disabled one', async () => {
    const { lab } = await newLab({ users: [{ id: 'off@pve', password: 'secret', enabled: false }] })
    for (const [user, password] of [
      [lab.user, 'wrong'],
      ['ghost@pve', 'secret'],
      ['off@pve', 'secret'],
    ] as const) {
      const answer = await login(lab, user, password)
      expect([answer.status, answer.reason]).toEqual([401, 'authentication failure'])
    }
  })

  it('renews a ticket that is sent as the password', async () => {
    const { lab } = await newLab()
    const { ticket } = (await login(lab)).body.data
    expect((await login(lab, lab.user, ticket)).status).toBe(200)
  })
})

describe('privileges', () => {
  const viewer = { authorization: 'PVEAPIToken=viewer@pve!t=secret' }
  const options = {
    users: [{ id: 'viewer@pve' }],
    tokens: [{ id: 'viewer@pve!t', secret: 'secret' }],
    acl: [{ path: '/vms/100', id: 'viewer@pve', role: 'PVEVMUser' }],
  }

  it('name the path and the privilege that is missing', async () => {
    const { lab } = await newLab(options)
    const answer = await send(lab, 'GET', '/nodes/pve/qemu/101/config', { headers: viewer })
    expect([answer.status, answer.reason]).toEqual([403, 'Permission check failed (/vms/101, VM.Audit)'])
    expect(answer.body.message).toBe('Permission check failed (/vms/101, VM.Audit)\n')
  })

  it('shorten lists instead of denying them', async () => {
    const { lab } = await newLab(options)
    for (const vmid of [100, 101]) await send(lab, 'POST', '/nodes/pve/qemu', { form: { vmid } })
    const rows = (await send(lab, 'GET', '/cluster/resources?type=vm', { headers: viewer })).body.data
    expect(rows.map((row: { vmid: number }) => row.vmid)).toEqual([100])
    expect((await send(lab, 'GET', '/nodes/pve/storage', { headers: viewer })).body.data).toEqual([])
  })

  it('can be listed', async () => {
    const { lab } = await newLab(options)
    const { data } = (await send(lab, 'GET', '/access/permissions', { headers: viewer })).body
    expect(Object.keys(data)).toEqual(['/vms/100'])
    expect(data['/vms/100']['VM.PowerMgmt']).toBe(1)
  })

  it('of a separated token are no more than its own entries', async () => {
    const { lab } = await newLab({
      ...options,
      tokens: [{ id: 'viewer@pve!t', secret: 'secret', privilegeSeparation: true }],
    })
    const answer = await send(lab, 'GET', '/access/permissions', { headers: viewer })
    expect(answer.body.data).toEqual({})
  })

  it('do not let a token of root set what only root can', async () => {
    const { lab } = await newLab()
    const answer = await send(lab, 'POST', '/nodes/pve/qemu', { form: { vmid: 100, arch: 'aarch64' } })
    expect([answer.status, answer.reason]).toEqual([500, "only root can set 'arch' config"])
    const headers = await ticketHeaders(lab)
    const asRoot = await send(lab, 'POST', '/nodes/pve/qemu', {
      headers,
      form: { vmid: 100, arch: 'aarch64' },
    })
    expect(asRoot.status).toBe(200)
  })
})

describe('what is not there', () => {
  it('is 501 for paths and methods, and is logged', async () => {
    const lines: string[] = []
    const { lab } = await newLab({ log: (line) => lines.push(line) })
    const answer = await send(lab, 'GET', '/nope')
    expect([answer.status, answer.reason]).toEqual([501, "Method 'GET /nope' not implemented"])
    expect(lines).toEqual(['not emulated by the lab: GET /nope'])
  })

  it('is 501 for chunked bodies', async () => {
    const { lab } = await newLab()
    const headers = {
      authorization: `PVEAPIToken=${lab.tokenId}=${lab.tokenSecret}`,
      'transfer-encoding': 'chunked',
    }
    const answer = await send(lab, 'POST', '/nodes/pve/qemu', { headers })
    expect([answer.status, answer.text]).toEqual([501, 'chunked transfer encoding not supported'])
  })

  it('is 500 for a VM, with the name of its file', async () => {
    const { lab } = await newLab()
    const answer = await send(lab, 'GET', '/nodes/pve/qemu/9999/config')
    expect(answer.reason).toBe("Configuration file 'nodes/pve/qemu-server/9999.conf' does not exist")
  })

  it('is an errors entry for each wrong parameter', async () => {
    const { lab } = await newLab()
    const form = {
      vmid: 100,
      cores: 0,
      foo: 1,
      net0: 'virtio,bridge=vmbr0,foo=1',
      sshkeys: 'ssh-ed25519 AAAA me@x',
    }
    const answer = await send(lab, 'POST', '/nodes/pve/qemu', { form })
    expect([answer.status, answer.reason]).toEqual([400, 'Parameter verification failed.'])
    expect(answer.body.errors).toEqual({
      cores: 'value must have a minimum value of 1',
      foo: 'property is not defined in schema and the schema does not allow additional properties',
      net0: 'invalid format - format error\nnet0.foo: property is not defined in schema and the schema does not allow additional properties\n',
      sshkeys: 'invalid format - invalid urlencoded string: ssh-ed25519 AAAA me@x\n',
    })
  })
})
