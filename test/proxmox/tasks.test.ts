import { expect, test, vi } from 'vitest'
import { NciError } from '../../src/core/errors.ts'
import { runTask } from '../../src/proxmox/tasks.ts'
import { pauses } from '../support/pauses.ts'
import { type Answer, connect, json, serve } from '../support/proxmox-server.ts'

vi.mock(import('../../src/core/deadline.ts'), async (original) => {
  const { withNotedPauses } = await import('../support/pauses.ts')
  return withNotedPauses(original)
})

const upid = 'UPID:pve:00004D8E:000B2F06:6B0341B0:qmstart:101:root@pam:'

interface Task {
  readonly exitstatus?: string
  readonly log?: readonly string[]
  /** How often it is found running first. */
  readonly polls?: number
  /** What is answered instead to a poll. */
  readonly poll?: (answer: Parameters<Answer>, poll: number) => boolean
}

/** A server with one task. */
async function serveTask({ exitstatus = 'OK', log = [], polls = 0, poll }: Task) {
  let asked = 0
  return serve((...answer) => {
    const [request, response] = answer
    const url = new URL(request.url ?? '', 'https://pve')
    if (request.method === 'DELETE') return json(response, null)
    if (url.pathname.endsWith('/status')) {
      asked++
      if (poll?.(answer, asked) === true) return
      return json(response, asked > polls ? { status: 'stopped', exitstatus } : { status: 'running' })
    }
    const [start, limit] = [Number(url.searchParams.get('start')), Number(url.searchParams.get('limit'))]
    const lines = log.length === 0 ? ['no content'] : log
    const page = lines.slice(start, start + limit).map((t, index) => ({ n: start + index + 1, t }))
    json(response, page, { total: lines.length })
  })
}

async function run(task: Task, options: { signal?: AbortSignal; onLog?: (line: string) => void } = {}) {
  const server = await serveTask(task)
  const { client, context } = connect(server.port, {}, options.signal)
  const end = await runTask(client, context, async () => upid, options.onLog).catch((error: unknown) => error)
  return { end, asked: server.asked.map((line) => line.replace(/^(\w+) .*%3A\/?/, '$1 ')) }
}

const lines = (count: number): string[] => Array.from({ length: count }, (_, index) => `line ${index + 1}`)

test('a task is polled less and less often, and costs no more when it ends well', async () => {
  pauses.length = 0
  const { end, asked } = await run({ polls: 16 })
  expect(end).toEqual({ upid, warnings: [] })
  expect(asked).toEqual(Array.from({ length: 17 }, () => 'GET status'))
  expect(pauses[0]).toBe(100)
  expect(pauses).toEqual(pauses.toSorted((a, b) => a - b))
  expect(pauses.at(-1)).toBe(2000)
})

test('warnings are success, also where they stand far from the end', async () => {
  const log = [...lines(500), 'WARN: no efidisk configured!', ...lines(900), 'TASK WARNINGS: 1']
  const { end } = await run({ exitstatus: 'WARNINGS: 1', log })
  expect(end).toEqual({ upid, warnings: ['WARN: no efidisk configured!'] })
})

test('a failure has the end of its log, however long that is, for two requests', async () => {
  const log = [...lines(100_000), 'TASK ERROR: it broke']
  const { end, asked } = await run({ exitstatus: 'it broke', log })
  expect(end).toMatchObject({
    code: 'PVE_TASK_FAILED',
    message: 'The Proxmox task `qmstart 101` failed: it broke.',
    hint: expect.stringContaining(upid),
    details: { task: 'qmstart 101', upid, log: [...log.slice(-12)] },
  })
  expect(asked).toEqual(['GET status', 'GET log?start=0&limit=12', 'GET log?start=99989&limit=12'])
})

test('an empty log is no line', async () => {
  expect((await run({ exitstatus: 'it broke' })).end).toMatchObject({ details: { log: [] } })
})

test.each([
  'unexpected status',
  'received interrupt',
  'download failed: received interrupt',
  'interrupted by signal',
  'unable to read tail (got 0 bytes)',
  'unable to open file - No such file or directory',
])('a task that somebody stopped, or whose node went down, did not fail: %s', async (exitstatus) => {
  const { end } = await run({ exitstatus, log: ['downloading'] })
  expect(end).toMatchObject({
    code: 'PVE_TASK_STOPPED',
    retryable: true,
    details: { upid, log: ['downloading'] },
  })
})

test('a task that its node has forgotten was stopped', async () => {
  const { end } = await run({
    poll([, response]) {
      response
        .writeHead(400, 'Parameter verification failed.')
        .end(JSON.stringify({ data: null, errors: { upid: 'no such task' } }))
      return true
    },
  })
  expect(end).toMatchObject({
    code: 'PVE_TASK_STOPPED',
    message: expect.stringContaining('knows nothing of it'),
  })
})

test.each([
  ['VM is locked (backup)', { code: 'PVE_VM_LOCKED', details: { vmid: '101', lock: 'backup', upid } }],
  ['cluster not ready - no quorum?', { code: 'PVE_NO_QUORUM', details: { upid } }],
  [
    "can't lock file '/var/lock/qemu-server/lock-101.conf' - got timeout",
    { code: 'PVE_BUSY', retryable: true },
  ],
  ["Configuration file 'nodes/pve/qemu-server/101.conf' does not exist", { code: 'PVE_VM_NOT_FOUND' }],
])('a task fails for the same reasons as a request: %s', async (exitstatus, expected) => {
  expect((await run({ exitstatus })).end).toMatchObject(expected)
})

test('a task that fails for a lock may have done something before', async () => {
  const exitstatus = "cfs-lock 'storage-local-lvm' error: got lock request timeout"
  const { end } = await run({ exitstatus })
  expect(end).toMatchObject({ code: 'PVE_BUSY' })
  expect(end).not.toHaveProperty('details.nothingDone')
})

test('a node that restarts meanwhile is waited for', async () => {
  const { end } = await run({
    polls: 3,
    poll([request, response], poll) {
      if (poll > 20) return false
      if (poll % 2 === 0) request.socket.destroy()
      else response.writeHead(595, 'No route to host').end()
      return true
    },
    exitstatus: 'unexpected status',
  })
  expect(end).toMatchObject({ code: 'PVE_TASK_STOPPED' })
})

test('each line of a log that grows is told once', async () => {
  const told: string[] = []
  await run({ polls: 4, log: lines(6000) }, { onLog: (line) => told.push(line) })
  expect(told).toEqual(lines(6000))
})

test('a task that hangs is stopped at the deadline, and named with its last line', async () => {
  const controller = new AbortController()
  const { end, asked } = await run(
    {
      polls: 100,
      log: ['begin', 'transferred 1.0 GiB'],
      poll(_, poll) {
        if (poll === 3) controller.abort(new NciError('TIMEOUT', { what: 'vm.create', seconds: 60 }))
        return false
      },
    },
    { signal: controller.signal },
  )
  expect(end).toMatchObject({
    code: 'TIMEOUT',
    exitCode: 5,
    message: `vm.create, waiting for the Proxmox task \`qmstart 101\` (${upid}), did not end within 60 seconds.`,
    hint: expect.stringMatching(/^The task was stopped\. The last line of its log: transferred 1\.0 GiB\b/),
    details: { upid, stopped: true },
  })
  expect(asked).toContain('DELETE ')
})

test('an interrupt stops the task and stays an interrupt', async () => {
  const controller = new AbortController()
  const reason = new NciError('INTERRUPTED', { signal: 'SIGINT' })
  const { end, asked } = await run(
    {
      polls: 100,
      poll(_, poll) {
        if (poll === 2) controller.abort(reason)
        return false
      },
    },
    { signal: controller.signal },
  )
  expect(end).toBe(reason)
  expect(asked).toContain('DELETE ')
})
