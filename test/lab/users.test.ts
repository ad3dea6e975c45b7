import { describe, expect, it } from 'vitest'
import type { Lab } from '../../src/lab/lab.ts'
import { type RequestOptions, send } from './api-client.ts'
import { newLab } from './new-lab.ts'

const token = { id: 'anna@pve!tk', secret: 'secret' }
const anna = {
  users: [{ id: 'anna@pve', password: 'something' }],
  tokens: [token],
  groups: [{ id: 'admins', members: ['anna@pve'] }],
}
const asAnna = { authorization: `PVEAPIToken=${token.id}=${token.secret}` }

async function ask(lab: Lab, method: string, path: string, form?: RequestOptions['form']) {
  const answer = await send(lab, method, path, form === undefined ? {} : { form })
  expect(answer.status, `${method} ${path}: ${answer.reason}`).toBe(200)
  return answer.body.data
}

async function privilegesAt(lab: Lab, path: string, headers = asAnna): Promise<Record<string, number>> {
  const { body } = await send(lab, 'GET', `/access/permissions?path=${encodeURIComponent(path)}`, { headers })
  return body.data[path]
}

describe('the access control list', () => {
  it('counts the entries nearest to a path, and those alone', async () => {
    const { lab } = await newLab({
      ...anna,
      acl: [
        { path: '/vms', id: 'anna@pve', role: 'PVEVMAdmin' },
        { path: '/vms/100', id: 'anna@pve', role: 'PVEAuditor' },
      ],
    })
    expect(await privilegesAt(lab, '/vms/101')).toHaveProperty(['VM.Allocate'], 1)
    expect(Object.keys(await privilegesAt(lab, '/vms/100'))).not.toContain('VM.Allocate')
  })

  it('does not hand down what is not to propagate', async () => {
    const { lab } = await newLab({
      ...anna,
      acl: [{ path: '/vms', id: 'anna@pve', role: 'PVEVMUser', propagate: false }],
    })
    expect(await privilegesAt(lab, '/vms')).toHaveProperty(['VM.Audit'], 0)
    expect(await privilegesAt(lab, '/vms/100')).toEqual({})
  })

  it('gives a user what his groups have, unless he has entries of his own at the same path', async () => {
    const { lab } = await newLab({
      ...anna,
      acl: [
        { path: '/storage', id: '@admins', role: 'PVEDatastoreAdmin' },
        { path: '/vms', id: '@admins', role: 'PVEVMAdmin' },
        { path: '/vms', id: 'anna@pve', role: 'NoAccess' },
      ],
    })
    expect(await privilegesAt(lab, '/storage/local')).toHaveProperty(['Datastore.Allocate'], 1)
    expect(await privilegesAt(lab, '/vms/100')).toEqual({})
  })

  it('lets a pool speak for its VMs and storages', async () => {
    const { lab } = await newLab({
      ...anna,
      pools: ['web'],
      acl: [{ path: '/pool/web', id: 'anna@pve', role: 'PVEAdmin' }],
    })
    await ask(lab, 'POST', '/nodes/pve/qemu', { vmid: 100 })
    expect(await privilegesAt(lab, '/vms/100')).toEqual({})
    await ask(lab, 'PUT', '/pools', { poolid: 'web', vms: '100', storage: 'local' })
    expect(await privilegesAt(lab, '/vms/100')).toHaveProperty(['VM.PowerMgmt'], 0)
    expect(await privilegesAt(lab, '/storage/local')).toHaveProperty(['Datastore.Audit'], 0)
    expect(await ask(lab, 'GET', '/access/permissions?userid=anna@pve')).toHaveProperty(['/vms/100'])
  })

  it('lets nobody hand on more than he has', async () => {
    const { lab } = await newLab({
      ...anna,
      acl: [{ path: '/vms/100', id: 'anna@pve', role: 'PVEVMAdmin' }],
    })
    const give = (roles: string, path = '/vms/100') =>
      send(lab, 'PUT', '/access/acl', { headers: asAnna, form: { path, roles, groups: 'admins' } })
    expect((await give('PVEVMUser')).status).toBe(200)
    expect((await give('Administrator')).body.errors.role).toMatch(
      /requires 'Permissions.Modify' or superset/,
    )
    expect((await give('PVEVMUser', '/vms/101')).status).toBe(403)
  })
})

describe('what was changed through the API', () => {
  it('is still there after the lab was started again, and so are tickets', async () => {
    const { lab, folder } = await newLab({ pools: ['web'] })
    await ask(lab, 'POST', '/access/groups', { groupid: 'ops' })
    await ask(lab, 'POST', '/access/users', { userid: 'ben@pve', password: 'something', groups: 'ops' })
    await ask(lab, 'POST', '/access/roles', { roleid: 'Starter', privs: 'VM.PowerMgmt VM.Audit' })
    await ask(lab, 'PUT', '/access/acl', { path: '/vms', roles: 'Starter', groups: 'ops' })
    await ask(lab, 'PUT', '/pools', { poolid: 'web', storage: 'local', comment: 'the web' })
    const { value } = await ask(lab, 'POST', '/access/users/ben@pve/token/ci', { privsep: 0 })
    const form = { username: 'ben@pve', password: 'something' }
    const { ticket } = (await send(lab, 'POST', '/access/ticket', { headers: {}, form })).body.data
    await lab.close()

    const { lab: again } = await newLab({ folder })
    const byToken = { authorization: `PVEAPIToken=ben@pve!ci=${value}` }
    const byTicket = { cookie: `PVEAuthCookie=${encodeURIComponent(ticket)}` }
    for (const headers of [byToken, byTicket]) {
      const { data } = (await send(again, 'GET', '/access/permissions', { headers })).body
      expect(data).toEqual({ '/vms': { 'VM.Audit': 1, 'VM.PowerMgmt': 1 } })
    }
    expect(await ask(again, 'GET', '/pools?poolid=web')).toMatchObject([{ comment: 'the web' }])
  })

  it('is kept although the lab was not closed', async () => {
    const { lab, folder } = await newLab()
    await ask(lab, 'POST', '/access/users', { userid: 'ben@pve' })
    const { lab: other } = await newLab({ folder })
    expect(await ask(other, 'GET', '/access/users/ben@pve')).toMatchObject({ enable: 1 })
  })

  it('gives way to what the lab is started with', async () => {
    const { lab, folder } = await newLab(anna)
    await ask(lab, 'PUT', '/access/users/anna@pve', { enable: 0 })
    expect((await send(lab, 'GET', '/version', { headers: asAnna })).status).toBe(401)
    await lab.close()
    const { lab: again } = await newLab({ ...anna, folder })
    expect((await send(again, 'GET', '/version', { headers: asAnna })).status).toBe(200)
  })

  it('is gone with the user', async () => {
    const { lab } = await newLab({ ...anna, acl: [{ path: '/', id: 'anna@pve', role: 'PVEAdmin' }] })
    await ask(lab, 'DELETE', '/access/users/anna@pve')
    expect(await ask(lab, 'GET', '/access/acl')).toEqual([])
    expect(await ask(lab, 'GET', '/access/groups/admins')).toEqual({ members: [] })
    expect((await send(lab, 'GET', '/version', { headers: asAnna })).status).toBe(401)
  })
})

describe('a pool', () => {
  it('takes a VM from another pool only when told to', async () => {
    const { lab } = await newLab({ pools: ['one', 'two'] })
    await ask(lab, 'POST', '/nodes/pve/qemu', { vmid: 100, pool: 'one' })
    const move = { poolid: 'two', vms: 100 }
    const refused = await send(lab, 'PUT', '/pools', { form: move })
    expect(refused.reason).toMatch(/^update pools failed: VM 100 belongs already to pool 'one'/)
    await ask(lab, 'PUT', '/pools', { ...move, 'allow-move': 1 })
    expect(await ask(lab, 'GET', '/pools/two')).toMatchObject({ members: [{ vmid: 100 }] })
  })

  it('must be empty to be removed', async () => {
    const { lab } = await newLab({ pools: ['one'] })
    await ask(lab, 'POST', '/nodes/pve/qemu', { vmid: 100, pool: 'one' })
    const refused = await send(lab, 'DELETE', '/pools?poolid=one')
    expect(refused.reason).toBe("delete pool failed: pool 'one' is not empty (contains VM 100)")
    await ask(lab, 'PUT', '/pools/one', { vms: '100', delete: 1 })
    await ask(lab, 'DELETE', '/pools/one')
  })
})
