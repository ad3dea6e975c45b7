import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { openSandbox } from '../../src/lab/sandbox.ts'
import { temporaryFolder } from '../support/folder.ts'
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

it('two sandboxes do not share a folder, and one that ended leaves it free', async () => {
  using folder = temporaryFolder()
  const first = await openSandbox({ folder: folder.path })
  await expect(openSandbox({ folder: folder.path })).rejects.toMatchObject({
    code: 'LAB_FAILED',
    message: `The lab cannot run: another one is running in the folder ${folder.path}.`,
  })
  // The one that was refused took nothing away.
  expect((await send(first.lab, 'GET', '/version')).status).toBe(200)
  await first[Symbol.asyncDispose]()
  await using again = await openSandbox({ folder: folder.path })
  expect((await send(again.lab, 'GET', '/version')).status).toBe(200)
})

it('a sandbox on the folder of an earlier one is where that was, with the same secrets', async () => {
  using folder = temporaryFolder()
  const first = await openSandbox({ folder: folder.path })
  const { environment } = first
  await first[Symbol.asyncDispose]()
  const again = await openSandbox({ folder: folder.path })
  expect(again.environment).toEqual(environment)
  await again[Symbol.asyncDispose]()
})

it('another port is taken where that of the earlier one is not free', async () => {
  using folder = temporaryFolder()
  const first = await openSandbox({ folder: folder.path })
  const { port } = first.lab
  await first[Symbol.asyncDispose]()
  const server = createServer()
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
  await using again = await openSandbox({ folder: folder.path })
  expect(again.lab.port).not.toBe(port)
  server.close()
})
