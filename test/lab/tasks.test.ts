import { afterEach, expect, it, vi } from 'vitest'
import type { Lab } from '../../src/lab/lab.ts'
import { finished, type RequestOptions, send } from './api-client.ts'
import { newLab } from './new-lab.ts'

const token = { id: 'anna@pve!tk', secret: 'secret' }
const asAnna = { authorization: `PVEAPIToken=${token.id}=${token.secret}` }
const seconds = 1000

afterEach(() => void vi.useRealTimers())

/** When the tasks began, ten seconds apart. */
const began = Math.floor(Date.now() / seconds)

/**
 * A lab with one task of each kind of end, by two users: a create with warnings, a failed start and a good one, a shutdown
 * that does not end.
 */
async function labWithTasks() {
  vi.useFakeTimers({ toFake: ['Date'] })
  const { lab } = await newLab({
    users: [{ id: 'anna@pve' }],
    tokens: [token],
    acl: [{ path: '/', id: 'anna@pve', role: 'PVEAdmin' }],
  })
  lab.faults.add({ task: 'qmcreate', action: { warnings: ['one', 'two'] } })
  lab.faults.add({ task: 'qmstart', times: 1, action: { fail: 'no such luck' } })
  lab.faults.add({ task: 'qmshutdown', action: { hang: true } })
  const tasks = {
    warned: await start(lab, began, '/nodes/pve/qemu', { headers: asAnna, form: { vmid: 100 } }),
    failed: await start(lab, began + 10, '/nodes/pve/qemu/100/status/start'),
    good: await start(lab, began + 20, '/nodes/pve/qemu/100/status/start', { headers: asAnna }),
    running: '',
  }
  vi.setSystemTime((began + 30) * seconds)
  tasks.running = (await send(lab, 'POST', '/nodes/pve/qemu/100/status/shutdown')).body.data
  return { lab, tasks }
}

/** Starts a task, at a time of the lab's clock, and waits for its end. */
async function start(lab: Lab, time: number | undefined, path: string, options: RequestOptions = {}) {
  if (time !== undefined) vi.setSystemTime(time * seconds)
  const upid: string = (await send(lab, 'POST', path, options)).body.data
  await finished(lab, upid)
  return upid
}

it('the list of tasks tells of those alone that were asked for, and how many these are', async () => {
  const { lab, tasks } = await labWithTasks()
  const { warned, failed, good, running } = tasks
  const list = async (query: string) => {
    const { body } = await send(lab, 'GET', `/nodes/pve/tasks?${query}`)
    return { upids: body.data.map(({ upid }: { upid: string }) => upid), total: body.total }
  }
  const expected: Record<string, readonly string[]> = {
    '': [good, failed, warned],
    'source=archive': [good, failed, warned],
    'source=active': [running],
    'source=all': [running, good, failed, warned],
    'typefilter=qmstart': [good, failed],
    'typefilter=qmcreate': [warned],
    'userfilter=anna': [good, warned],
    'userfilter=root': [failed],
    'statusfilter=error': [failed],
    'statusfilter=ok': [good],
    'statusfilter=warning': [warned],
    'statusfilter=error,warning': [failed, warned],
    'typefilter=qmstart&errors=1': [failed],
    'vmid=100': [good, failed, warned],
    'vmid=101': [],
    [`since=${began + 10}`]: [good, failed],
    [`since=${began + 21}`]: [],
    [`until=${began + 10}`]: [failed, warned],
    [`until=${began - 1}`]: [],
    [`since=${began + 1}&until=${began + 19}`]: [failed],
  }
  for (const [query, upids] of Object.entries(expected)) {
    // An empty list has no total.
    const total = upids.length === 0 ? undefined : upids.length
    expect(await list(query), query).toEqual({ upids, total })
  }
  expect(await list('limit=1')).toEqual({ upids: [good], total: 3 })
  expect(await list('start=1&limit=1')).toEqual({ upids: [failed], total: 3 })
  expect(await list('start=2')).toEqual({ upids: [warned], total: 3 })
  expect(await list('start=3')).toEqual({ upids: [], total: 3 })
  expect(await list('userfilter=anna&start=1&limit=5')).toEqual({ upids: [warned], total: 2 })
})

it('a row of the list tells how its task ended', async () => {
  const { lab } = await labWithTasks()
  const { body } = await send(lab, 'GET', '/nodes/pve/tasks?source=all')
  expect(body.data).toMatchObject([
    { type: 'qmshutdown', id: '100', user: 'root@pam', tokenid: 'nci', status: 'RUNNING' },
    { type: 'qmstart', id: '100', user: 'anna@pve', tokenid: 'tk', status: 'OK' },
    { type: 'qmstart', id: '100', user: 'root@pam', tokenid: 'nci', status: 'no such luck' },
    { type: 'qmcreate', id: '100', user: 'anna@pve', tokenid: 'tk', status: 'WARNINGS: 2' },
  ])
})

it('the log of a task is read from a line on, so many lines of it, and says how many there are', async () => {
  const { lab, tasks } = await labWithTasks()
  const log = async (query: string) => {
    const { body } = await send(
      lab,
      'GET',
      `/nodes/pve/tasks/${encodeURIComponent(tasks.warned)}/log?${query}`,
    )
    return body
  }
  const lines = [
    { n: 1, t: 'WARN: one' },
    { n: 2, t: 'WARN: two' },
    { n: 3, t: 'TASK WARNINGS: 2' },
  ]
  expect(await log('')).toEqual({ data: lines, total: 3 })
  expect(await log('limit=0')).toEqual({ data: lines, total: 3 })
  expect(await log('limit=2')).toEqual({ data: lines.slice(0, 2), total: 3 })
  expect(await log('start=1&limit=1')).toEqual({ data: lines.slice(1, 2), total: 3 })
  expect(await log('start=2')).toEqual({ data: lines.slice(2), total: 3 })
  expect(await log('start=3')).toEqual({ data: [], total: 3 })
})

it('a user sees only his own tasks, if he may not see those of all', async () => {
  const { lab } = await newLab({
    users: [{ id: 'anna@pve' }],
    tokens: [token],
    acl: [{ path: '/vms', id: 'anna@pve', role: 'PVEVMAdmin' }],
  })
  await start(lab, undefined, '/nodes/pve/qemu', { form: { vmid: 100 } })
  const own = await start(lab, undefined, '/nodes/pve/qemu/100/status/start', { headers: asAnna })
  const { body } = await send(lab, 'GET', '/nodes/pve/tasks', { headers: asAnna })
  expect(body).toMatchObject({ data: [{ upid: own }], total: 1 })
})
