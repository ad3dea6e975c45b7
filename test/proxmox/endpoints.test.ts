import { setImmediate } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import type { ProxmoxClient } from '../../src/proxmox/client.ts'
import {
  certificate,
  connectTo,
  fingerprint,
  json,
  makeCertificate,
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

const token = { api_token_id: 'nci@pve!ci', api_token_secret: 'secret' }
const hosts = (...ports: number[]): string => ports.map((port) => `127.0.0.1:${port}`).join(', ')
const version = (client: ProxmoxClient): Promise<unknown> =>
  client.get('/version', 'ask for the version').catch((error: unknown) => error)

test('the next endpoint is asked where one cannot be reached, and is kept', async () => {
  const second = await serve((_, response) => json(response, 'second'))
  const third = await serve((_, response) => json(response, 'third'))
  const { client } = connectTo(hosts(await freePort(), second.port, third.port), token)
  expect(await version(client)).toBe('second')
  expect(await client.post('/x', 'change something')).toBe('second')
  expect(second.asked).toHaveLength(2)
  expect(third.asked).toEqual([])
})

test('an endpoint that goes down in the middle of a run is left for another', async () => {
  const first = await serve((_, response) => json(response, 'first'))
  const second = await serve((_, response) => json(response, 'second'))
  const { client } = connectTo(hosts(first.port, second.port), token)
  expect(await version(client)).toBe('first')
  await first[Symbol.asyncDispose]()
  expect(await version(client)).toBe('second')
})

test('a change that was sent and lost is not repeated elsewhere; one that was never sent is', async () => {
  const first = await serve((request) => request.socket.destroy())
  const second = await serve((_, response) => json(response, 'second'))
  const { client } = connectTo(hosts(first.port, second.port), token)
  await expect(client.post('/x', 'change something')).rejects.toMatchObject({ code: 'PVE_CONNECTION_LOST' })
  expect(second.asked).toEqual([])
  await first[Symbol.asyncDispose]()
  expect(await client.post('/x', 'change something')).toBe('second')
})

test('a question that is lost on its way goes to another one, which is kept', async () => {
  const first = await serve((request) => request.socket.destroy())
  const second = await serve((_, response) => json(response, 'second'))
  const { client } = connectTo(hosts(first.port, second.port), token)
  expect(await version(client)).toBe('second')
  expect(await client.post('/x', 'change something')).toBe('second')
  expect(await version(client)).toBe('second')
  expect([first.asked.length, second.asked.length]).toEqual([1, 3])
})

test('an upload whose first endpoint is down is sent whole to the next one', async () => {
  const second = await serve((_, response, body) => json(response, body))
  const { client } = connectTo(hosts(await freePort(), second.port), token)
  async function* body(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('begin-')
    yield Buffer.from('end')
  }
  expect(await client.send('/upload', 'upload', body(), { 'content-length': '9' })).toBe('begin-end')
})

test('a proxy in front of a dead node counts as one that cannot be reached, for reading', async () => {
  const proxy = await serve((_, response) => response.writeHead(503, 'Service Unavailable').end())
  const second = await serve((_, response) => json(response, 'second'))
  const { client } = connectTo(hosts(proxy.port, second.port), token)
  await expect(client.post('/x', 'change something')).rejects.toMatchObject({ code: 'PVE_BUSY' })
  expect(await version(client)).toBe('second')
})

test('when none can be reached, each is named with its reason', async () => {
  const [port, other] = [await freePort(), await freePort()]
  const { client } = connectTo(`${hosts(port, other)} nci-no-such-host.invalid`, token)
  const error = await version(client)
  expect(error).toMatchObject({ code: 'PVE_UNREACHABLE', retryable: true })
  const { message } = error as Error
  expect(message).toContain(`https://127.0.0.1:${port}: nobody listens`)
  expect(message).toContain(`https://127.0.0.1:${other}: nobody listens`)
  expect(message).toMatch(/nci-no-such-host\.invalid:8006: the host name/)
  expect(message).not.toMatch(/ECONN|ENOTFOUND|EAI_AGAIN/)
})

test('what may not be trusted ends the search at once', async () => {
  const second = await serve((_, response) => json(response, 'second'))
  const impostor = await serve((_, response) => json(response, 'impostor'), await makeCertificate({}))
  const { client } = connectTo(hosts(impostor.port, second.port), token)
  expect(await version(client)).toMatchObject({ code: 'PVE_TLS_FINGERPRINT' })
  expect(second.asked).toEqual([])
})

test('each node may have a fingerprint of its own', async () => {
  const own = await makeCertificate({})
  const second = await serve((_, response) => json(response, 'second'), own)
  const api_fingerprint = `${fingerprint()}, ${fingerprint(own).replaceAll(':', '')}`
  const { client } = connectTo(hosts(await freePort(), second.port), { ...token, api_fingerprint })
  expect(await version(client)).toBe('second')
  expect(certificate().cert).not.toBe(own.cert)
})

test('a ticket is good at every endpoint', async () => {
  const login = { api_user: 'root@pam', api_password: 'geheim' }
  const answer = (name: string) =>
    serve((request, response) =>
      json(response, request.url?.endsWith('/ticket') ? { ticket: 'PVE:t', CSRFPreventionToken: 'c' } : name),
    )
  const [first, second] = [await answer('first'), await answer('second')]
  const { client } = connectTo(hosts(first.port, second.port), login)
  expect(await version(client)).toBe('first')
  await first[Symbol.asyncDispose]()
  expect(await version(client)).toBe('second')
  expect(second.asked).toEqual(['GET /api2/json/version'])
})

test('requests share connections over a whole run', async () => {
  const server = await serve((_, response) => json(response, 'in'))
  const { client } = connectTo(hosts(server.port), token)
  for (let n = 0; n < 20; n++) await client.get('/version', 'ask')
  expect(server.connections()).toBe(1)
  await Promise.all(Array.from({ length: 40 }, () => version(client)))
  expect(server.connections()).toBeLessThanOrEqual(8)
})
