import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createSocketServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { connectProxmox, type ProxmoxClient } from '../../src/proxmox/client.ts'
import { recordingContext } from '../support/context.ts'
import { temporaryFolder } from '../support/folder.ts'
import {
  type Answer,
  certificate,
  cleanUp,
  connect,
  fingerprint,
  json,
  serve,
} from '../support/proxmox-server.ts'
import { freePort } from '../support/sshd.ts'

// Pauses between attempts are left out.
vi.mock('../../src/core/deadline.ts', async (original) => ({
  ...(await original<typeof import('../../src/core/deadline.ts')>()),
  delay: async (_: number, signal: AbortSignal) => {
    await setImmediate()
    signal.throwIfAborted()
  },
}))

const version = (client: ProxmoxClient): Promise<unknown> =>
  client.get('/version', 'ask for the version').catch((error: unknown) => error)

test('the token is sent, and the data comes back', async () => {
  let authorization: string | undefined
  const { port, asked } = await serve((request, response) => {
    authorization = request.headers.authorization
    json(response, { version: '9.2' })
  })
  expect(await version(connect(port).client)).toEqual({ version: '9.2' })
  expect(authorization).toBe('PVEAPIToken=nci@pve!ci=secret')
  expect(asked).toEqual(['GET /api2/json/version'])
})

test('parameters are a query or a form, with switches as numbers and lists repeated', async () => {
  const bodies: string[] = []
  const { port, asked } = await serve((_, response, body) => {
    bodies.push(body)
    json(response, null)
  })
  const { client } = connect(port)
  const parameters = { a: true, b: false, c: ['x', 'y z'], d: undefined, e: 'ü&=%20' }
  await client.get('/x', 'x', parameters)
  await client.post('/x', 'x', parameters)
  await client.delete('/x', 'x', { purge: true })
  const encoded = 'a=1&b=0&c=x&c=y+z&e=%C3%BC%26%3D%2520'
  expect(asked).toEqual([`GET /api2/json/x?${encoded}`, 'POST /api2/json/x', 'DELETE /api2/json/x?purge=1'])
  expect(bodies).toEqual(['', encoded, ''])
})

test('an unknown certificate is refused, and its fingerprint is told', async () => {
  const { port, asked } = await serve((_, response) => json(response, {}))
  const { api_fingerprint: _, ...without } = { api_fingerprint: undefined }
  const context = recordingContext()
  cleanUp.push(() => context.resources[Symbol.asyncDispose]())
  const options = {
    api_host: '127.0.0.1',
    api_port: port,
    api_timeout: 30,
    api_token_id: 'a@b!c',
    api_token_secret: 's',
  }
  const untrusting = connectProxmox({ ...options, ...without, validate_certs: true }, context)
  const error = await version(untrusting)
  expect(error).toMatchObject({ code: 'PVE_TLS_UNTRUSTED', hint: expect.stringContaining(fingerprint()) })
  expect(asked).toEqual([])
  using folder = temporaryFolder()
  const ca = join(folder.path, 'ca.pem')
  writeFileSync(ca, certificate().cert)
  expect(await version(connectProxmox({ ...options, validate_certs: true, ca_path: ca }, context))).toEqual(
    {},
  )
  expect(await version(connectProxmox({ ...options, validate_certs: false }, context))).toEqual({})
  expect(context.events.filter(({ type }) => type === 'warning')).toEqual([
    { type: 'warning', message: 'The certificate of 127.0.0.1 is not verified (validate_certs is off).' },
  ])
})

test('a fingerprint is compared in whatever way it is written, and another one is refused before any request', async () => {
  const { port, asked } = await serve((_, response) => json(response, 'in'))
  const plain = fingerprint().replaceAll(':', '').toLowerCase()
  expect(await version(connect(port, { api_fingerprint: plain }).client)).toBe('in')
  const other = plain.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))
  expect(await version(connect(port, { api_fingerprint: other }).client)).toMatchObject({
    code: 'PVE_TLS_FINGERPRINT',
    message: expect.stringContaining(fingerprint()),
  })
  expect(asked).toHaveLength(1)
})

test.each([
  ['is no PEM', 'text', 'it holds no certificate in PEM'],
  ['is not there', undefined, 'there is no such file'],
])('a CA file that %s is named', async (_, content, reason) => {
  using folder = temporaryFolder()
  const file = join(folder.path, 'ca.pem')
  if (content !== undefined) writeFileSync(file, content)
  const context = recordingContext()
  const options = { api_host: 'pve', api_timeout: 1, api_token_id: 'a@b!c', api_token_secret: 's' }
  const client = connectProxmox({ ...options, validate_certs: true, ca_path: file }, context)
  expect(await version(client)).toMatchObject({
    code: 'PVE_CA_UNREADABLE',
    message: expect.stringMatching(new RegExp(`${file}.*${reason}`)),
  })
  // Nothing is left to be closed that could not be opened.
  await context.resources[Symbol.asyncDispose]()
})

test('a port where nothing listens, and one that speaks no TLS, are told apart', async () => {
  expect(await version(connect(await freePort()).client)).toMatchObject({
    code: 'PVE_UNREACHABLE',
    message: expect.stringContaining('nobody listens'),
  })
  const plain = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1')
  await once(plain, 'listening')
  cleanUp.push(async () => {
    plain.closeAllConnections()
    plain.close()
  })
  expect(await version(connect((plain.address() as AddressInfo).port).client)).toMatchObject({
    code: 'PVE_NOT_PROXMOX',
  })
})

test.each<[string, Answer]>([
  ['a page', (_, response) => response.end('<html>')],
  ['other JSON', (_, response) => response.end('{"version": 1}')],
  ['a 404', (_, response) => response.writeHead(404).end('{"data":null}')],
  ['a redirect', (_, response) => response.writeHead(302, { location: 'https://example.org' }).end()],
])('a server that answers with %s is no Proxmox', async (_, answer) => {
  const { port } = await serve(answer)
  expect(await version(connect(port).client)).toMatchObject({ code: 'PVE_NOT_PROXMOX', exitCode: 4 })
})

test('reading is tried again where it may pass; changing is not', async () => {
  let failures = 2
  const { port, asked } = await serve((request, response) => {
    if (request.method === 'GET' && failures-- > 0) response.writeHead(failures === 1 ? 503 : 596).end()
    else if (request.method === 'GET') json(response, 'at last')
    else response.writeHead(503, 'Service Unavailable').end()
  })
  const { client } = connect(port)
  expect(await version(client)).toBe('at last')
  expect(asked).toHaveLength(3)
  await expect(client.post('/x', 'start the VM 101')).rejects.toMatchObject({
    code: 'PVE_BUSY',
    retryable: true,
  })
  expect(asked).toHaveLength(4)
})

test('a connection that breaks again and again is reported in the end, as one that may be tried later', async () => {
  const { port, asked } = await serve((request) => request.socket.destroy())
  expect(await version(connect(port).client)).toMatchObject({ code: 'PVE_CONNECTION_LOST', retryable: true })
  expect(asked).toHaveLength(6)
})

test('a server that never answers is given up after the time that was given, and a change is not repeated', async () => {
  const { port, asked } = await serve(() => undefined)
  const { client } = connect(port, { api_timeout: 1 })
  await expect(client.post('/nodes/pve/qemu/101/status/start', 'start the VM 101')).rejects.toMatchObject({
    code: 'PVE_CONNECTION_LOST',
    message: expect.stringContaining('`api_timeout`'),
  })
  expect(asked).toHaveLength(1)
})

test('an answer that does not go on is given up as well', async () => {
  const { port, asked } = await serve((_, response) => void response.writeHead(200).write('{"data":'))
  const { client } = connect(port, { api_timeout: 1 })
  await expect(client.post('/x', 'start the VM 101')).rejects.toMatchObject({
    code: 'PVE_CONNECTION_LOST',
    message: expect.stringContaining('did not go on in time'),
  })
  expect(asked).toHaveLength(1)
})

test('a server that takes the connection and says nothing cannot be reached', async () => {
  const silent = createSocketServer().listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const sockets = new Set<Socket>()
  silent.on('connection', (socket) => sockets.add(socket))
  cleanUp.push(async () => {
    for (const socket of sockets) socket.destroy()
    silent.close()
  })
  const { client } = connect((silent.address() as AddressInfo).port, { api_timeout: 1 })
  expect(await version(client)).toMatchObject({
    code: 'PVE_UNREACHABLE',
    message: expect.stringContaining('nothing answers there (timeout)'),
  })
  expect(sockets.size).toBe(1)
})

test('an upload is waited for longer than other requests: the server copies it first', async () => {
  let answerUpload = (): void => expect.fail('the upload did not arrive')
  const { port } = await serve((request, response) => {
    if (request.url === '/api2/json/upload') answerUpload = () => json(response, 'copied')
  })
  const { client } = connect(port, { api_timeout: 1 })
  async function* body(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('ISO')
  }
  const upload = client.send('/upload', 'upload', body(), { 'content-length': '3' })
  const other = client.post('/x', 'start the VM 101')
  await expect(other).rejects.toMatchObject({ code: 'PVE_CONNECTION_LOST' })
  answerUpload()
  expect(await upload).toBe('copied')
})

test('an expired ticket is renewed once; wrong credentials are not tried again', async () => {
  let logins = 0
  const { port, asked } = await serve((request, response, body) => {
    if (request.url?.endsWith('/access/ticket')) {
      const right = new URLSearchParams(body).get('password') === 'geheim & mehr'
      if (right) json(response, { ticket: `t${++logins}`, CSRFPreventionToken: `c${logins}` })
      else response.writeHead(401, 'authentication failure').end('{"data":null}')
    } else if (request.headers.cookie !== 'PVEAuthCookie=t2')
      response.writeHead(401, 'permission denied').end()
    else json(response, request.headers.csrfpreventiontoken)
  })
  const login = { api_user: 'root@pam', api_password: 'geheim & mehr' }
  const options = { api_host: '127.0.0.1', api_port: port, api_timeout: 30, validate_certs: true }
  const context = recordingContext()
  cleanUp.push(() => context.resources[Symbol.asyncDispose]())
  const pinned = { ...options, api_fingerprint: fingerprint() }
  expect(await version(connectProxmox({ ...pinned, ...login }, context))).toBe('c2')
  expect(asked.map((line) => line.split('/').at(-1))).toEqual(['ticket', 'version', 'ticket', 'version'])
  asked.length = 0
  const wrong = recordingContext()
  cleanUp.push(() => wrong.resources[Symbol.asyncDispose]())
  const error = await version(connectProxmox({ ...pinned, ...login, api_password: 'x' }, wrong))
  expect(error).toMatchObject({ code: 'PVE_AUTH_FAILED', message: expect.stringContaining('root@pam') })
  // The second request looks what else may be there.
  expect(asked).toEqual(['POST /api2/json/access/ticket', 'GET /'])
})

test('a login that breaks is tried again with the request that needs it', async () => {
  let broken = 2
  const { port } = await serve((request, response) => {
    if (request.url?.endsWith('/ticket') && broken-- > 0) request.socket.destroy()
    else json(response, request.url?.endsWith('/ticket') ? { ticket: 't', CSRFPreventionToken: 'c' } : 'in')
  })
  const context = recordingContext()
  cleanUp.push(() => context.resources[Symbol.asyncDispose]())
  const options = { api_host: '127.0.0.1', api_port: port, api_timeout: 30, validate_certs: true }
  const login = { api_user: 'root@pam', api_password: 'x', api_fingerprint: fingerprint() }
  expect(await version(connectProxmox({ ...options, ...login }, context))).toBe('in')
})

test('requests at once log in once', async () => {
  const { port, asked } = await serve((request, response) =>
    json(response, request.url?.endsWith('/ticket') ? { ticket: 't', CSRFPreventionToken: 'c' } : 'in'),
  )
  const context = recordingContext()
  cleanUp.push(() => context.resources[Symbol.asyncDispose]())
  const options = { api_host: '127.0.0.1', api_port: port, api_timeout: 30, validate_certs: true }
  const login = { api_user: 'root@pam', api_password: 'x', api_fingerprint: fingerprint() }
  const clients = [1, 2, 3].map(() => connectProxmox({ ...options, ...login }, context))
  expect(await Promise.all(clients.map(version))).toEqual(['in', 'in', 'in'])
  expect(asked.filter((line) => line.endsWith('/ticket'))).toHaveLength(1)
})

test('an abort ends a request with its reason', async () => {
  const controller = new AbortController()
  const { port } = await serve(() => controller.abort('stop'))
  expect(await version(connect(port, {}, controller.signal).client)).toBe('stop')
  expect(await version(connect(port, {}, AbortSignal.abort('early')).client)).toBe('early')
})
