import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { pauses } from '../support/pauses.ts'
import { connect, json, serve } from '../support/proxmox-server.ts'

vi.mock(import('../../src/core/deadline.ts'), async (original) => {
  const { withNotedPauses } = await import('../support/pauses.ts')
  return withNotedPauses(original)
})
beforeEach(() => void pauses.splice(0))
afterEach(() => vi.restoreAllMocks())

/** A server that fails so often in this way, and then answers. */
const failing = (times: number, status: number, reason: string, headers: Record<string, string> = {}) => {
  let left = times
  return serve((_, response) => {
    if (left-- > 0)
      response.writeHead(status, reason, headers).end(JSON.stringify({ data: null, message: reason }))
    else json(response, 'at last')
  })
}

const vmLock = "can't lock file '/var/lock/qemu-server/lock-101.conf' - got timeout"
const clusterLock = "cfs-lock 'storage-local' error: got lock request timeout"
const noWorker = 'got no worker upid - start worker failed'

test.each([
  [502, 'Bad Gateway'],
  [503, 'Service Unavailable'],
  [504, 'Gateway Timeout'],
  [595, 'No route to host'],
  [596, 'Broken pipe'],
  [599, 'Too many redirections'],
  [500, vmLock],
  [500, clusterLock],
  [500, noWorker],
])('reading is tried again after %d %s, with pauses that grow', async (status, reason) => {
  const { port, asked } = await failing(4, status, reason)
  expect(await connect(port).client.get('/x', 'look')).toBe('at last')
  expect(asked).toHaveLength(5)
  expect(pauses).toHaveLength(4)
  for (const [index, pause] of pauses.entries()) {
    expect(pause).toBeGreaterThanOrEqual(100 * 2 ** index)
    expect(pause).toBeLessThanOrEqual(300 * 2 ** index)
  }
})

test.each([vmLock, clusterLock, noWorker])(
  'a change is tried again where nothing was begun: %s',
  async (reason) => {
    const { port, asked } = await failing(2, 500, reason)
    const { client } = connect(port)
    expect(await client.put('/nodes/pve/qemu/101/config', 'set options of the VM 101', { cores: 2 })).toBe(
      'at last',
    )
    expect(asked).toHaveLength(3)
  },
)

test.each([
  [0, 0.5],
  [0.999_999, 1.5],
])('pauses differ from run to run, by a half at most: with %d of 1', async (random, factor) => {
  vi.spyOn(Math, 'random').mockReturnValue(random)
  const { port } = await failing(5, 503, 'Service Unavailable')
  expect(await connect(port).client.get('/x', 'look')).toBe('at last')
  expect(pauses.map(Math.round)).toEqual([200, 400, 800, 1600, 3200].map((pause) => pause * factor))
})

test.each([
  ['a create', '/nodes/pve/qemu', 500, vmLock, 'PVE_BUSY'],
  ['a create', '/nodes/pve/qemu', 502, 'Bad Gateway', 'PVE_BUSY'],
  ['a create', '/nodes/pve/qemu', 595, 'No route to host', 'PVE_NODE_OFFLINE'],
  ['a clone', '/nodes/pve/qemu/101/clone', 500, clusterLock, 'PVE_BUSY'],
  ['a change that may have been begun', '/nodes/pve/qemu/101/status/start', 502, 'Bad Gateway', 'PVE_BUSY'],
])('%s is not repeated (%s answers %d %s)', async (_, path, status, reason, code) => {
  const { port, asked } = await failing(1, status, reason)
  const error = await connect(port)
    .client.post(path, 'create the VM 101')
    .catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code, retryable: true, details: { reason } })
  expect(asked).toHaveLength(1)
})

test.each([
  ['create', '/nodes/pve/qemu'],
  ['change', '/nodes/pve/qemu/101/status/start'],
])('a %s whose connection breaks is not repeated: it may have been done', async (_, path) => {
  const { port, asked } = await serve((request) => request.socket.destroy())
  const change = connect(port).client.post(path, 'create the VM 101')
  await expect(change).rejects.toMatchObject({ code: 'PVE_CONNECTION_LOST', retryable: true })
  expect(asked).toHaveLength(1)
})

test('a lock that stays held is reported in the end, as something for later', async () => {
  const { port, asked } = await failing(100, 500, vmLock)
  const change = connect(port).client.put('/x', 'set options of the VM 101', {})
  await expect(change).rejects.toMatchObject({ code: 'PVE_BUSY', retryable: true })
  expect(asked).toHaveLength(6)
})

test.each([
  'cluster not ready - no quorum?',
  "unable to open file '/etc/pve/nodes/pve/qemu-server/101.conf.tmp.1234' - Permission denied",
  "cfs-lock 'file-user_cfg' error: no quorum!",
])('without quorum nothing is repeated: %s', async (reason) => {
  const { port, asked } = await failing(1, 500, reason)
  await expect(connect(port).client.put('/x', 'set options', {})).rejects.toMatchObject({
    ...{ code: 'PVE_NO_QUORUM', retryable: true },
    hint: expect.stringContaining('pvecm status'),
  })
  expect(asked).toHaveLength(1)
})

test.each([
  ['7', 7000],
  ['86400', 30_000],
  ['soon', 300],
])('the pause that a server asks for is kept to, within reason: %s', async (seconds, expected) => {
  const { port } = await failing(1, 503, 'Service Unavailable', { 'retry-after': seconds })
  expect(await connect(port).client.get('/x', 'look')).toBe('at last')
  if (expected > 300) expect(pauses).toEqual([expected])
  else expect(pauses[0]).toBeLessThanOrEqual(expected)
})

test('a server that was there and is gone is waited for, also with changes', async () => {
  const first = await serve((_, response) => json(response, 'first'))
  const { client } = connect(first.port)
  await client.get('/x', 'look')
  await first[Symbol.asyncDispose]()
  await expect(client.post('/nodes/pve/qemu', 'create the VM 101')).rejects.toMatchObject({
    code: 'PVE_UNREACHABLE',
  })
  expect(pauses).toHaveLength(5)
})

test('a server that never was there is not waited for', async () => {
  const first = await serve((_, response) => json(response, 'first'))
  await first[Symbol.asyncDispose]()
  await expect(connect(first.port).client.get('/x', 'look')).rejects.toMatchObject({
    code: 'PVE_UNREACHABLE',
  })
  expect(pauses).toEqual([])
})

test('an abort ends the waiting', async () => {
  const controller = new AbortController()
  const { port, asked } = await serve((_, response) => {
    controller.abort('enough')
    response.writeHead(503).end()
  })
  await expect(connect(port, {}, controller.signal).client.get('/x', 'look')).rejects.toBe('enough')
  expect(asked).toHaveLength(1)
})
