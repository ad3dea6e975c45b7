/** Logging in to the lab, whose second factor is written apart from the client's. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSandbox, type Sandbox } from '../../src/lab/sandbox.ts'
import { connectTo } from '../support/proxmox-server.ts'

const secret = 'JBSWY3DPEHPK3PXP'
let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await openSandbox({ users: [{ id: 'alice@pve', password: 'first factor', totp: secret }] })
})
afterAll(() => sandbox[Symbol.asyncDispose]())

test('a user with a second factor logs in with its secret, and her ticket may change something', async () => {
  const { lab } = sandbox
  const { client } = connectTo(`127.0.0.1:${lab.port}`, {
    ...{ api_user: 'alice@pve', api_password: 'first factor', api_totp_secret: secret },
    api_fingerprint: lab.fingerprint,
  })
  expect(await client.get('/version', 'ask for the version')).toHaveProperty('release')
  // Without the ticket's CSRF token this would be a 401.
  await expect(client.post('/nodes/pve/qemu', 'create the VM 100', { vmid: 100 })).rejects.toMatchObject({
    code: 'PVE_FORBIDDEN',
  })
  const logins = lab.requests.filter(({ path }) => path === '/access/ticket')
  expect(logins.map(({ status }) => status)).toEqual([200, 200])
})

test('root logs in with a password alone', async () => {
  const { lab } = sandbox
  const { client } = connectTo(`127.0.0.1:${lab.port}`, {
    ...{ api_user: 'root@pam', api_password: lab.password },
    api_fingerprint: lab.fingerprint,
  })
  await client.get('/nodes', 'list the nodes')
  await expect(client.post('/pools', 'create a pool', { poolid: 'web' })).resolves.toBeNull()
})
