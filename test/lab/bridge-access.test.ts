import { describe, expect, it } from 'vitest'
import type { Lab, LabOptions } from '../../src/lab/lab.ts'
import { type Answer, finished, send } from './api-client.ts'
import { newLab } from './new-lab.ts'

const token = { id: 'lim@pve!t', secret: '00000000-1111-2222-3333-444444444444' }
const headers = { authorization: `PVEAPIToken=${token.id}=${token.secret}` }
const zone = '/sdn/zones/localnetwork'

/** A lab whose token may do everything with VMs, and what these entries say with bridges. */
async function labWith(...entries: NonNullable<LabOptions['acl']>): Promise<Lab> {
  const acl = [{ path: '/vms', id: 'lim@pve', role: 'PVEVMAdmin' }, ...entries]
  const nodes = [{ name: 'pve', bridges: ['vmbr0', 'vmbr1'] }]
  const { lab } = await newLab({ users: [{ id: 'lim@pve' }], tokens: [token], acl, nodes })
  return lab
}

const use = (path: string, propagate = true) => ({ path, id: 'lim@pve', role: 'PVESDNUser', propagate })

function create(lab: Lab, net0: string): Promise<Answer> {
  return send(lab, 'POST', '/nodes/pve/qemu', { headers, form: { vmid: 100, net0 } })
}

async function change(lab: Lab, form: Record<string, string>): Promise<string> {
  return (await send(lab, 'PUT', '/nodes/pve/qemu/100/config', { headers, form })).reason
}

const denied = (place: string): string => `Permission check failed (${zone}/${place}, SDN.Use)`

describe('a network card takes the right to', () => {
  it.each([
    ['its bridge', 'virtio,bridge=vmbr0', 'vmbr0', ['vmbr0']],
    ['its VLAN and not the bridge', 'virtio,bridge=vmbr0,tag=7', 'vmbr0/7', ['vmbr0/7']],
    [
      'each VLAN of its trunks',
      'bridge=vmbr0,trunks=9;20-21,virtio',
      'vmbr0/20',
      ['9', '20', '21'].map((n) => `vmbr0/${n}`),
    ],
    ['its VLAN before its trunks', 'bridge=vmbr0,trunks=5,tag=7,virtio', 'vmbr0/7', ['vmbr0/5', 'vmbr0/7']],
    ['the bridge, which has all its VLANs', 'virtio,bridge=vmbr0,tag=7,trunks=1-4094', 'vmbr0/7', ['vmbr0']],
    [
      'the first VLAN of a range that is turned round',
      'bridge=vmbr0,trunks=30-20,virtio',
      'vmbr0/30',
      ['vmbr0/30'],
    ],
  ])('%s', async (_, net0, first, enough) => {
    const { status, reason } = await create(await labWith(), net0)
    expect([status, reason]).toEqual([403, denied(first)])
    const lab = await labWith(...enough.map((place) => use(`${zone}/${place}`)))
    expect((await create(lab, net0)).status).toBe(200)
    for (const missing of enough) {
      const others = enough.filter((place) => place !== missing)
      const less = await labWith(...others.map((place) => use(`${zone}/${place}`)))
      expect((await create(less, net0)).status).toBe(403)
    }
  })

  it('nothing where it is on no bridge', async () => {
    expect((await create(await labWith(), 'virtio')).status).toBe(200)
  })

  it('a VLAN, which a right to the bridge alone does not give', async () => {
    const lab = await labWith(use(`${zone}/vmbr0`, false))
    expect((await create(lab, 'virtio,bridge=vmbr0,tag=7')).reason).toBe(denied('vmbr0/7'))
    expect((await create(lab, 'virtio,bridge=vmbr0')).status).toBe(200)
  })

  it('what it is on when it is changed or removed, and what it gets on', async () => {
    const lab = await labWith(use(`${zone}/vmbr0`))
    const { body } = await send(lab, 'POST', '/nodes/pve/qemu', {
      form: { vmid: 100, net0: 'virtio,bridge=vmbr1,tag=7' },
    })
    await finished(lab, body.data)
    expect(await change(lab, { net0: 'virtio,bridge=vmbr1' })).toBe(denied('vmbr1'))
    expect(await change(lab, { net0: 'virtio,bridge=vmbr0' })).toBe(denied('vmbr1/7'))
    expect(await change(lab, { delete: 'net0' })).toBe(denied('vmbr1/7'))
    const clone = await send(lab, 'POST', '/nodes/pve/qemu/100/clone', { headers, form: { newid: 101 } })
    expect(clone.reason).toBe(denied('vmbr1/7'))
    const form = { path: `${zone}/vmbr1/7`, users: 'lim@pve', roles: 'PVESDNUser' }
    await send(lab, 'PUT', '/access/acl', { form })
    expect(await change(lab, { net0: 'virtio,bridge=vmbr0' })).toBe('OK')
  })
})

describe('a bridge is listed', () => {
  it.each([
    ['for whom it is permitted', [use(`${zone}/vmbr0`)], ['vmbr0']],
    ['for whom one of its VLANs is permitted', [use(`${zone}/vmbr1/7`)], ['vmbr1']],
    ['for whom all are permitted', [use('/sdn')], ['vmbr0', 'vmbr1']],
    ['not for others', [{ ...use(`${zone}/vmbr0/7`), id: 'root@pam' }], []],
  ])('%s', async (_, entries, expected) => {
    const lab = await labWith(...entries)
    const { body } = await send(lab, 'GET', '/nodes/pve/network?type=any_bridge', { headers })
    expect(body.data.map(({ iface }: { iface: string }) => iface)).toEqual(expected)
  })
})
