import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { statSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { UploadLimits } from '../../src/proxmox/client.ts'
import { uploadFile } from '../../src/proxmox/upload.ts'
import { temporaryFolder } from '../support/folder.ts'
import { pauses } from '../support/pauses.ts'
import { certificate, cleanUp, connect, json } from '../support/proxmox-server.ts'

vi.mock(import('../../src/core/deadline.ts'), async (original) => {
  const { withNotedPauses } = await import('../support/pauses.ts')
  return withNotedPauses(original)
})
beforeEach(() => void pauses.splice(0))
afterEach(() => vi.restoreAllMocks())

type Answer = (request: IncomingMessage, response: ServerResponse) => void

const upid = 'UPID:pve:00000001:00000002:00000003:imgcopy::nci@pve!ci:'
const cut: Answer = (request) => request.socket.destroy()
const take: Answer = (request, response) => request.resume().on('end', () => json(response, upid))
/** Neither takes what is sent, nor says anything. */
const stall: Answer = (request) => void request.pause()

/** A server that takes uploads as it is told, the last way for all that follow; its tasks end well. */
async function uploadServer(
  uploads: readonly Answer[],
  { permissions = allowed, tasks = none }: { permissions?: Answer; tasks?: Answer } = {},
) {
  const asked: string[] = []
  let count = 0
  const server = createServer(
    { cert: certificate().cert, key: certificate().private },
    (request, response) => {
      const path = (request.url ?? '').replace('/api2/json', '').replace(/\?.*/, '')
      asked.push(`${request.method} ${path}`)
      if (path.endsWith('/upload')) uploads[Math.min(count++, uploads.length - 1)]?.(request, response)
      else if (path === '/access/permissions') permissions(request, response)
      else if (path.endsWith('/status')) json(response, { status: 'stopped', exitstatus: 'OK' })
      else tasks(request, response)
    },
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanUp.push(async () => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return {
    port,
    stop: () => server.close(),
    sent: () => asked.filter((line) => line.startsWith('POST')).length,
  }
}

function none(_: IncomingMessage, response: ServerResponse): void {
  json(response, [])
}

function allowed(_: IncomingMessage, response: ServerResponse): void {
  json(response, { '/storage/local': { 'Datastore.AllocateTemplate': 1 } })
}

/** Uploads a file that no socket takes at once. */
async function upload(port: number, limits?: UploadLimits) {
  using folder = temporaryFolder()
  const file = join(folder.path, 'a.iso')
  writeFileSync(file, Buffer.alloc(24 * 1024 * 1024, 'ISO'))
  const { size, mtimeMs } = statSync(file)
  const { client, context } = connect(port)
  const place = { user: 'nci@pve!ci', node: 'pve', storage: 'local', name: 'a.iso' }
  const sha256 = createHash('sha256').update('whatever').digest('hex')
  const begun: number[] = []
  const watcher = {
    begin: (n: number) => void begun.push(n),
    sent: () => undefined,
    received: () => undefined,
  }
  const error = await uploadFile(
    client,
    context,
    { ...place, file, size, mtimeMs, sha256 },
    watcher,
    limits,
  ).catch((thrown: unknown) => thrown)
  const warnings = context.events.flatMap((event) => (event.type === 'warning' ? [event.message] : []))
  return { error, begun, warnings }
}

test.each([
  [0, 0.75],
  [0.999_999, 1.25],
])('pauses between attempts grow, and differ by a quarter at most: with %d of 1', async (random, factor) => {
  vi.spyOn(Math, 'random').mockReturnValue(random)
  const { port, sent } = await uploadServer([cut, cut, take])
  expect(await upload(port)).toMatchObject({ error: undefined, begun: [1, 2, 3] })
  expect(sent()).toBe(3)
  expect(pauses.map(Math.round)).toEqual([1000 * factor, 3000 * factor])
})

test('an upload that is no longer taken is cut and sent again, whole', async () => {
  const { port, sent } = await uploadServer([stall, take])
  const impatience = [50, 60_000]
  const { error, warnings } = await upload(port, {
    answering: 60_000,
    get taking() {
      return impatience.shift() ?? 0
    },
  })
  expect(error).toBeUndefined()
  expect(sent()).toBe(2)
  expect(warnings).toEqual([
    expect.stringMatching(
      /broke after .* of 24\.0 MiB \(nothing more of it was taken for 0\.1 s\) and was sent again/,
    ),
  ])
})

test('one that is never taken is given up after three attempts', async () => {
  const { port, sent } = await uploadServer([stall])
  expect((await upload(port, { taking: 50, answering: 60_000 })).error).toMatchObject({
    ...{ code: 'PVE_UPLOAD_BROKEN', retryable: true },
    message: expect.stringContaining('nothing more of it was taken'),
    details: { endpoint: `https://127.0.0.1:${port}` },
  })
  expect(sent()).toBe(3)
})

test('an upload before which the server vanishes was not begun: nothing is said to be broken', async () => {
  const server = await uploadServer([cut], {
    tasks(_, response) {
      server.stop()
      json(response.setHeader('connection', 'close'), [])
    },
  })
  const { error, begun, warnings } = await upload(server.port)
  expect(error).toMatchObject({ code: 'PVE_UNREACHABLE' })
  expect([begun, warnings]).toEqual([[1], []])
})

test('one that is refused for want of a right meanwhile is not sent again', async () => {
  const { port, sent } = await uploadServer([cut, take], { permissions: (_, response) => json(response, {}) })
  expect((await upload(port)).error).toMatchObject({
    code: 'PVE_FORBIDDEN',
    details: { path: '/storage/local', privilege: 'Datastore.AllocateTemplate' },
  })
  expect(sent()).toBe(1)
})
