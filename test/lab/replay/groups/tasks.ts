import { send } from '../../api-client.ts'
import type { Group, Reasons } from '../group.ts'
import type { Exchange } from '../recordings.ts'
import type { World } from '../world.ts'

const history = 'the lists hold what was done that day'

/** Lists, states and logs of tasks. */
export const tasks: Group = {
  name: 'tasks',
  source: 'recorded-more',
  setUp: async (world) => {
    for (const vmid of [201, 230, 233]) await world.create(vmid)
    await world.start(233)
    for (const _ of [1, 2, 3]) await world.run('POST', '/nodes/pve/qemu/233/status/start')
    const { body } = await world.ask('DELETE', '/nodes/pve/qemu/230?purge=1')
    await world.finished(body.data)
    world.known.set('UPID:pve:00004D8E:000B2F06:6B0341B0:qmdestroy:230:root@pam:', body.data)
  },
  prepare: { 'tasks/own-task-list-after-losing-privileges': stopAndLosePrivileges },
  // The recorded times are long ago.
  request: {
    'tasks/list-since-future': withTime('since', 1000),
    'tasks/list-since': withTime('since', -1000),
    'tasks/list-until': withTime('until', 1000),
  },
  shapeOnly: listsOf(
    'list-errors-1',
    'list-since',
    'list-until',
    'list-source-all',
    'list-source-archive',
    'list-start-limit',
    'list-statusfilter-error',
    'list-statusfilter-ok',
    'list-statusfilter-two',
    'list-typefilter',
    'list-userfilter',
    'cluster-tasks',
  ),
}

function listsOf(...names: string[]): Reasons {
  return Object.fromEntries(names.map((name) => [`tasks/${name}`, history]))
}

function withTime(name: string, seconds: number): (exchange: Exchange) => Exchange['request'] {
  return ({ request }) => ({
    ...request,
    query: { ...request.query, [name]: Math.floor(Date.now() / 1000) + seconds },
  })
}

async function stopAndLosePrivileges(world: World): Promise<void> {
  const headers = await world.ticketOf('ml@pve')
  const { body } = await send(world.lab, 'POST', '/nodes/pve/qemu/201/status/stop', { headers })
  await world.finished(body.data)
  world.known.set('UPID:pve:000074F9:000B9999:6B0342C1:qmstop:201:ml@pve:', body.data)
  await world.ask('PUT', '/access/acl', { path: '/', users: 'ml@pve', roles: 'PVEAdmin', delete: 1 })
}
