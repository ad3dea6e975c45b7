import { parameterErrors } from '../api-error.ts'
import type { Identity } from '../authentication.ts'
import { splitList } from '../formats.ts'
import { requirePrivileges } from '../permissions.ts'
import { type Call, PlainText, type Routes } from '../router.ts'
import type { Task } from '../tasks.ts'

/** The tasks of a node. */
export const taskRoutes: Routes = {
  'GET /nodes/{node}/tasks': listTasks,
  'GET /nodes/{node}/tasks/{upid}': () => [{ name: 'log' }, { name: 'status' }],
  'GET /nodes/{node}/tasks/{upid}/status': (call) => {
    const task = requireReadable(call)
    if (task === undefined) throw parameterErrors({ upid: 'no such task' })
    const { exitstatus } = task
    return {
      ...describe(task),
      ...(exitstatus === undefined ? { status: 'running' } : { status: 'stopped', exitstatus }),
    }
  },
  'GET /nodes/{node}/tasks/{upid}/log': taskLog,
  'DELETE /nodes/{node}/tasks/{upid}': ({ cluster, identity, node, parameters }) => {
    const task = cluster.tasks.get(parameters.text('upid'))
    if (task === undefined || !isOwn(task, identity)) {
      requirePrivileges(cluster.access, identity, `/nodes/${node}`, ['Sys.Modify'])
    }
    if (task !== undefined) cluster.tasks.stop(task.upid)
  },
  'GET /cluster/tasks': ({ cluster, identity }) =>
    cluster.tasks
      .list()
      .filter(
        (task) =>
          isOwn(task, identity) || cluster.access.allows(identity.id, `/nodes/${task.node}`, ['Sys.Audit']),
      )
      .slice(0, 25)
      .map((task) => {
        const { pid: _, pstart: __, ...plain } = row(task)
        return { ...plain, saved: task.exitstatus === undefined ? '0' : '1' }
      }),
}

/** A task without its state. */
function describe(task: Task): Record<string, unknown> {
  const [user = '', tokenid] = task.owner.split('!')
  const { upid, node, pid, pstart, starttime, type, id } = task
  return { upid, node, pid, pstart, starttime, type, id, user, ...(tokenid === undefined ? {} : { tokenid }) }
}

function row(task: Task): Record<string, unknown> {
  const { endtime, exitstatus } = task
  return {
    ...describe(task),
    ...(endtime === undefined ? { status: 'RUNNING' } : { endtime, status: exitstatus }),
  }
}

function listTasks(call: Call): unknown {
  const { cluster, identity, node, parameters } = call
  const sees = cluster.access.allows(identity.id, `/nodes/${node}`, ['Sys.Audit'])
  const source = parameters.get('source') ?? 'archive'
  const found = cluster.tasks
    .list()
    .filter(
      (task) =>
        task.node === node &&
        (sees || isOwn(task, identity)) &&
        (source === 'all' || (source === 'active') === (task.exitstatus === undefined)) &&
        passesFilters(call, task),
    )
  // An empty list has no total.
  if (found.length > 0) call.setTotal(found.length)
  const start = parameters.number('start') ?? 0
  return found.slice(start, start + (parameters.number('limit') ?? 50)).map((task) => ({
    ...row(task),
    ...(task.exitstatus === undefined ? { saved: '0' } : {}),
  }))
}

function passesFilters({ parameters }: Call, task: Task): boolean {
  const [type, user] = [parameters.get('typefilter'), parameters.get('userfilter')]
  const [since, until] = [parameters.number('since'), parameters.number('until')]
  const statuses = splitList(parameters.get('statusfilter') ?? '')
  const vmid = parameters.get('vmid')
  return (
    (type === undefined || task.type === type) &&
    (user === undefined || task.owner.includes(user)) &&
    (since === undefined || task.starttime >= since) &&
    (until === undefined || task.starttime <= until) &&
    (vmid === undefined || task.id === vmid) &&
    (!parameters.flag('errors') || statusOf(task) === 'error') &&
    (statuses.length === 0 || statuses.includes(statusOf(task)))
  )
}

function statusOf(task: Task): string {
  if (task.exitstatus === undefined || task.exitstatus === 'unexpected status') return 'unknown'
  if (task.exitstatus === 'OK') return 'ok'
  return task.exitstatus.startsWith('WARNINGS: ') ? 'warning' : 'error'
}

function taskLog(call: Call): unknown {
  const task = requireReadable(call)
  const { parameters } = call
  const lines = task?.lines ?? ['unable to open file - No such file or directory']
  if (parameters.flag('download')) return new PlainText(lines.map((line) => `${line}\n`).join(''))
  const start = parameters.number('start') ?? 0
  const limit = parameters.number('limit') ?? 50
  if (lines.length === 0) {
    call.setTotal(1)
    return [{ n: 1, t: 'no content' }]
  }
  call.setTotal(lines.length)
  const end = limit === 0 ? undefined : start + limit
  return lines.slice(start, end).map((t, index) => ({ n: start + index + 1, t }))
}

function requireReadable({ cluster, identity, node, parameters }: Call): Task | undefined {
  const task = cluster.tasks.get(parameters.text('upid'))
  if (task === undefined || !isOwn(task, identity)) {
    requirePrivileges(cluster.access, identity, `/nodes/${node}`, ['Sys.Audit'])
  }
  return task
}

/** One's own tasks need no privilege; a user's are also those of his tokens. */
function isOwn(task: Task, identity: Identity): boolean {
  return task.owner === identity.id || (!identity.isToken && task.owner.startsWith(`${identity.id}!`))
}
