import { expect, it } from 'vitest'
import { openSandbox } from '../../src/lab/sandbox.ts'
import { send } from './api-client.ts'

it('what a sandbox is told holds from its start: who there is, and what is wrong', async () => {
  await using sandbox = await openSandbox({
    nodes: [{ name: 'pve' }, { name: 'pve2' }, { name: 'pve3' }],
    groups: [{ id: 'operators', members: ['anna@pve'] }],
    users: [{ id: 'anna@pve' }],
    tokens: [{ id: 'anna@pve!ci', secret: 'secret' }],
    roles: { Operator: ['VM.Audit', 'VM.Allocate'] },
    acl: [{ path: '/vms', id: '@operators', role: 'Operator' }],
    faults: [{ noQuorum: true }, { nodeDown: 'pve2', how: 'refused' }],
  })
  const { lab } = sandbox
  const headers = { authorization: 'PVEAPIToken=anna@pve!ci=secret' }
  const permissions = await send(lab, 'GET', '/access/permissions', { headers })
  expect(permissions.body.data).toEqual({ '/vms': { 'VM.Allocate': 1, 'VM.Audit': 1 } })
  const created = await send(lab, 'POST', '/nodes/pve/qemu', { headers, form: { vmid: 100 } })
  expect(created.reason).toBe('cluster not ready - no quorum?')
  expect((await send(lab, 'GET', '/nodes/pve2/qemu', { headers })).reason).toBe('Connection refused')
})
