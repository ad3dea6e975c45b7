import { send } from '../../api-client.ts'
import type { Observed } from '../compare.ts'
import type { Group } from '../group.ts'
import { recordedExchanges } from '../recordings.ts'
import { password, type World } from '../world.ts'

const user = 'mg@pve'

/** What the commands to the guest agent need. */
export const agentPrivileges: Group = {
  name: 'agent-privileges',
  source: 'recorded-more',
  setUp: async (world) => {
    await world.ask('POST', '/access/users', { userid: user, password })
    await world.create(210, { memory: 128 })
  },
  replay: { 'agent-privileges/single-privileges-that-pass': privilegesThatPass },
}

/** Gives the user one privilege after the other, and looks which commands are not denied. */
async function privilegesThatPass(world: World): Promise<Observed> {
  const roles = (await world.ask('GET', '/access/roles/Administrator')).body.data as Record<string, number>
  const commands = commandsOf()
  const body = Object.fromEntries(commands.map(({ name }) => [name, [] as string[]]))
  const headers = await world.ticketOf(user)
  for (const privilege of Object.keys(roles).filter((name) => name.startsWith('VM.'))) {
    const roleid = `Only-${privilege}`
    await world.ask('POST', '/access/roles', { roleid, privs: privilege })
    await world.ask('PUT', '/access/acl', { path: '/vms/210', roles: roleid, users: user })
    for (const { name, method, query } of commands) {
      const path = `/nodes/pve/qemu/210/agent/${name}`
      const target = method === 'GET' ? `${path}?${query}` : path
      const form = method === 'GET' ? {} : { form: [...query] as [string, string][] }
      const { status } = await send(world.lab, method, target, { headers, ...form })
      if (status !== 403) body[name]?.push(privilege)
    }
    await world.ask('PUT', '/access/acl', { path: '/vms/210', roles: roleid, users: user, delete: 1 })
  }
  return { statusLine: '', body }
}

interface Command {
  readonly name: string
  readonly method: string
  readonly query: URLSearchParams
}

/** The commands that were tried, as the other exchanges of the group send them. */
function commandsOf(): Command[] {
  const exchanges = recordedExchanges('recorded-more')
  const recorded = exchanges.get('agent-privileges/single-privileges-that-pass')?.response.body as object
  return Object.keys(recorded).map((name) => {
    const request = exchanges.get(`agent-privileges/${name}/none`)?.request
    const pairs = { ...(request?.query as object), ...(request?.params as object) }
    return {
      name,
      method: request?.method ?? (name === 'ping' ? 'POST' : 'GET'),
      query: new URLSearchParams(pairs),
    }
  })
}
