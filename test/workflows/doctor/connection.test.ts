import { X509Certificate } from 'node:crypto'
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { generate } from 'selfsigned'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Box, openBox } from '../../support/lab.ts'
import { freePort } from '../../support/sshd.ts'
import { examine } from './support.ts'

let box: Box
beforeAll(async () => {
  box = await openBox()
})
afterAll(() => box[Symbol.asyncDispose]())

const other = Array.from({ length: 32 }, () => 'AB').join(':')
const proxmox = ['login', 'version', 'token', 'cluster', 'node', 'vm', 'privileges.vm.create', 'bridge.vmbr0']

/** All that needs the connection is skipped, and says why; the rest is looked at all the same. */
function expectRestSkipped({ statuses, check }: Awaited<ReturnType<typeof examine>>, cause: string): void {
  for (const id of proxmox) {
    expect([id, statuses[id], check(id).message]).toEqual([
      id,
      'skipped',
      `Not looked at, as \`${cause}\` failed.`,
    ])
  }
  expect(statuses).toMatchObject({ 'program.nix': 'ok', 'flake.attribute': 'ok', ssh_key: 'ok' })
}

test('nobody answers', async () => {
  const found = await examine(box, box.host, { PROXMOX_HOST: `127.0.0.1:${await freePort()}` })
  expect(found.unwell).toEqual(['endpoint'])
  expect(found.check('endpoint')).toMatchObject({
    details: { code: 'PVE_UNREACHABLE' },
    message: expect.stringContaining('nobody listens at that port'),
  })
  for (const id of ['tls', 'clock']) expect(found.statuses[id]).toBe('skipped')
})

describe('several endpoints', () => {
  const closed = async (): Promise<string> => `127.0.0.1:${await freePort()}`
  const open = (): string => `127.0.0.1:${box.lab.port}`

  test('one that is down is a warning in plain words while another answers', async () => {
    const down = await closed()
    const found = await examine(box, box.host, { PROXMOX_HOST: `${down},${open()}` })
    expect(found.unwell).toEqual([`endpoint.${down}`])
    expect(found.check(`endpoint.${down}`)).toMatchObject({
      status: 'warning',
      title: `Endpoint ${down}`,
      message: expect.stringContaining('nobody listens at that port'),
      hint: expect.stringContaining('Another endpoint answers'),
    })
    expect(found.statuses).toMatchObject({
      [`tls.${down}`]: 'skipped',
      [`endpoint.${open()}`]: 'ok',
      [`tls.${open()}`]: 'ok',
      ...{ clock: 'ok', login: 'ok', 'privileges.vm.create': 'ok' },
    })
    expect(found.end.exitCode).toBe(0)
  })

  test('all that are down are failures', async () => {
    const hosts = [await closed(), await closed()]
    const found = await examine(box, box.host, { PROXMOX_HOST: hosts.join(' ') })
    expect(found.unwell).toEqual(hosts.map((host) => `endpoint.${host}`))
    for (const host of hosts) expect(found.statuses[`endpoint.${host}`]).toBe('failed')
    expectRestSkipped(found, `Endpoint ${hosts[0]}`)
  })

  test('each is verified, also those that only stand by', async () => {
    await using server = await serve(() => ({ status: 401, headers: {} }))
    const standby = server.environment.PROXMOX_HOST
    const PROXMOX_HOST = `${open()},${standby}`
    const found = await examine(box, box.host, { PROXMOX_HOST })
    expect(found.unwell).toEqual([`tls.${standby}`])
    expect(found.check(`tls.${standby}`)).toMatchObject({
      status: 'failed',
      details: { code: 'PVE_TLS_FINGERPRINT' },
    })
    expect(found.statuses).toMatchObject({ [`tls.${open()}`]: 'ok', login: 'ok' })
    const PROXMOX_FINGERPRINT = `${box.lab.fingerprint},${server.environment.PROXMOX_FINGERPRINT}`
    expect((await examine(box, box.host, { PROXMOX_HOST, PROXMOX_FINGERPRINT })).unwell).toEqual([])
  })

  test('one that is something else is a failure, whatever the others are', async () => {
    await using server = await serve(() => ({ status: 404, headers: {} }))
    const PROXMOX_HOST = `${open()},${server.environment.PROXMOX_HOST}`
    const PROXMOX_FINGERPRINT = `${box.lab.fingerprint},${server.environment.PROXMOX_FINGERPRINT}`
    const found = await examine(box, box.host, { PROXMOX_HOST, PROXMOX_FINGERPRINT })
    expect(found.unwell).toEqual([`endpoint.${server.environment.PROXMOX_HOST}`])
    expect(found.check(found.unwell[0] ?? '').details).toMatchObject({ code: 'PVE_NOT_PROXMOX' })
  })
})

test('no host is given', async () => {
  const found = await examine(box, box.host, { PROXMOX_HOST: undefined })
  expect(found.check('endpoint').details).toMatchObject({ code: 'PVE_HOST_MISSING' })
})

test('what answers is no Proxmox', async () => {
  await using server = await serve(() => ({ status: 404, headers: {} }))
  const found = await examine(box, box.host, server.environment)
  expect(found.unwell).toEqual(['endpoint'])
  expect(found.check('endpoint').details).toMatchObject({ code: 'PVE_NOT_PROXMOX' })
})

test('what answers speaks no TLS', async () => {
  const server = createHttpServer((_, response) => response.end())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const found = await examine(box, box.host, { PROXMOX_HOST: `127.0.0.1:${port}` })
  server.close()
  expect(found.check('endpoint').details).toMatchObject({ code: 'PVE_NOT_PROXMOX' })
})

test('the fingerprint is another', async () => {
  const found = await examine(box, box.host, { PROXMOX_FINGERPRINT: other })
  expect(found.unwell).toEqual(['tls'])
  expect(found.check('tls').message).toContain(box.lab.fingerprint)
  expectRestSkipped(found, 'Certificate')
})

test('the certificate is not trusted, and trusted with its authority', async () => {
  const environment = { PROXMOX_FINGERPRINT: undefined }
  const found = await examine(box, box.host, environment)
  expect(found.check('tls').details).toMatchObject({ code: 'PVE_TLS_UNTRUSTED' })
  const { statuses } = await examine(box, { ...box.host, ca_path: box.lab.certificateFile }, environment)
  expect(statuses).toMatchObject({ tls: 'ok', login: 'ok', 'file.ca_path': 'ok' })
})

test('nothing is verified: a warning that says what to pin', async () => {
  const input = { ...box.host, validate_certs: false }
  const found = await examine(box, input, { PROXMOX_FINGERPRINT: undefined })
  expect(found.unwell).toEqual(['tls'])
  expect(found.check('tls')).toMatchObject({
    status: 'warning',
    hint: expect.stringContaining(box.lab.fingerprint),
  })
})

test('the certificate ends soon, or has ended', async () => {
  await using soon = await serve(() => ({ status: 401, headers: {} }), 7)
  expect((await examine(box, box.host, soon.environment)).check('tls')).toMatchObject({
    status: 'warning',
    message: expect.stringContaining('expires on'),
  })
  await using ended = await serve(() => ({ status: 401, headers: {} }), -7)
  expect((await examine(box, box.host, ended.environment)).check('tls')).toMatchObject({
    status: 'warning',
    message: expect.stringContaining('has expired on'),
  })
})

test('the token is wrong', async () => {
  const found = await examine(box, box.host, { PROXMOX_TOKEN_SECRET: '00000000-0000-0000-0000-000000000000' })
  expect(found.unwell).toEqual(['login'])
  expect(found.check('login').details).toMatchObject({ code: 'PVE_AUTH_FAILED' })
  expect(found.statuses).toMatchObject({ tls: 'ok', clock: 'ok', version: 'skipped' })
})

test('there are no credentials', async () => {
  const found = await examine(box, box.host, { PROXMOX_TOKEN_SECRET: undefined })
  expect(found.statuses).toMatchObject({ endpoint: 'ok', tls: 'ok', clock: 'ok', login: 'failed' })
  expect(found.check('login').details).toMatchObject({ code: 'PVE_CREDENTIALS_MISSING' })
})

test.each([
  ['agrees', 0, 'ok'],
  ['is late', -120, 'warning'],
  ['is early by ten minutes', 600, 'failed'],
])('the clock %s', async (_, seconds, status) => {
  const headers = { date: new Date(Date.now() + seconds * 1000).toUTCString() }
  await using server = await serve(() => ({ status: 401, headers }))
  const { statuses, check } = await examine(box, box.host, server.environment)
  expect([statuses.clock, check('clock').message]).toMatchObject([status, expect.stringMatching(/clock/)])
})

test('a server without a date is no reason to complain of its clock', async () => {
  await using server = await serve(() => ({ status: 401, headers: {} }))
  expect((await examine(box, box.host, server.environment)).statuses.clock).toBe('skipped')
})

test.each([
  ['7.4-17', 'failed'],
  ['8.4.21', 'ok'],
  ['10.0.1', 'warning'],
])('version %s', async (version, status) => {
  const body = JSON.stringify({ data: { version, release: version, repoid: '0' } })
  box.lab.faults.add({ path: '/version', action: { answer: { status: 200, reason: 'OK', body } } })
  const { statuses } = await examine(box)
  box.lab.faults.clear()
  expect(statuses.version).toBe(status)
})

test('the cluster has no quorum', async () => {
  const data = [
    { type: 'cluster', name: 'lab', quorate: 0 },
    { type: 'node', name: 'pve', online: 1 },
    { type: 'node', name: 'pve2', online: 0 },
  ]
  const answer = { status: 200, reason: 'OK', body: JSON.stringify({ data }) }
  box.lab.faults.add({ path: '/cluster/status', action: { answer } })
  const found = await examine(box)
  box.lab.faults.clear()
  expect(found.unwell).toEqual(['cluster'])
  expect(found.check('cluster').details).toMatchObject({ offline: ['pve2'] })
})

interface Given {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
}

/** A server with a certificate of its own, valid for some days, and the variables that lead to it. */
async function serve(answer: () => Given, days = 365) {
  const day = 24 * 3600 * 1000
  const pems = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    keyType: 'ec',
    curve: 'P-256',
    notBeforeDate: new Date(Date.now() - 30 * day),
    notAfterDate: new Date(Date.now() + days * day),
  })
  const server = createServer({ cert: pems.cert, key: pems.private }, (_, response) => {
    const { status, headers } = answer()
    response.sendDate = false
    response.writeHead(status, headers).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    environment: {
      PROXMOX_HOST: `127.0.0.1:${port}`,
      PROXMOX_FINGERPRINT: new X509Certificate(pems.cert).fingerprint256,
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
