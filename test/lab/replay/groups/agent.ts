import type { Group } from '../group.ts'
import { cardStatistics, RecordedAgent } from '../recorded-agent.ts'
import type { Exchange, RecordedRequest } from '../recordings.ts'
import type { World } from '../world.ts'

const agents = new WeakMap<World, RecordedAgent>()
const oneOfAKind = 'depends on the agent that answered there'

/** Commands of the guest agent. */
export const agent: Group = {
  name: 'agent',
  source: 'recorded-more',
  setUp: async (world) => {
    await world.create(210, { memory: 128, agent: 1 })
    await world.start(210)
    const there = new RecordedAgent([
      { address: '10.11.12.50', family: 4, prefix: 24 },
      { address: '2001:db8::50', family: 6, prefix: 64 },
    ])
    agents.set(world, there)
    there.installIn(world.guests.get(210))
  },
  order: [
    'agent/file-write',
    'agent/exec-running',
    'agent/exec-running/exec-status',
    'agent/exec-finished-later',
    'agent/exec-status-second-read',
  ],
  before: (world) => {
    agentOf(world).state = 'answers'
  },
  prepare: {
    'agent/disabled-file-read': (world) => {
      agentOf(world).state = 'files-disabled'
    },
    'agent/exec-finished-later': (world) => agentOf(world).wake(),
    'agent/silent-network': silence,
    'agent/real-socket-no-agent-exec': silence,
    'agent/real-socket-no-agent-file-read': silence,
    'agent/file-write-encode-0-read-back': async (world) => {
      const form = { file: '/tmp/y', content: 'aGVsbG8=', encode: 0 }
      await world.ask('POST', '/nodes/pve/qemu/210/agent/file-write', form)
    },
    'agent/not-configured-file-read': withoutAgent,
    'agent/ping': withAgent,
    'agent/stopped-file-read': async (world) => {
      await world.run('POST', '/nodes/pve/qemu/210/status/stop')
    },
  },
  request: {
    'agent/exec-input-data-too-large': ({ request }) => ({
      ...request,
      params: [
        ['command', 'cat'],
        ['input-data', 'x'.repeat(65_537)],
      ],
    }),
    'agent/file-write-61440': withContent(61_440),
    'agent/file-write-too-large': withContent(61_441),
    'agent/exec-command-repeated/exec-status': ofLastProcess,
    'agent/exec-command-single/exec-status': ofLastProcess,
    'agent/exec-command-with-space/exec-status': ofLastProcess,
    'agent/exec-fails/exec-status': ofLastProcess,
    'agent/exec-finished-later': ofLastProcess,
    'agent/exec-input-data/exec-status': ofLastProcess,
    'agent/exec-json-array/exec-status': ofLastProcess,
    'agent/exec-json-input-data/exec-status': ofLastProcess,
    'agent/exec-json-string/exec-status': ofLastProcess,
    'agent/exec-running/exec-status': ofLastProcess,
    'agent/exec-status-second-read': ofLastProcess,
  },
  measured: [
    ...cardStatistics,
    'result', // of get-time
    'kernel-release',
    'kernel-version',
    'pretty-name',
    'version',
    'version-id',
  ],
  shapeOnly: { 'agent/info': oneOfAKind },
  excluded: {
    'agent/get-users': 'nobody logs in at the console of a guest of the lab',
    'agent/exec-out-truncated/exec-status': oneOfAKind,
    'agent/exec-no-such-program': 'the API server broke down over an error with quotation marks beyond ASCII',
  },
  disagreements: {
    'agent/exec-no-such-program-ascii':
      'a guest of the lab finds that out when it runs: the exit status is 127',
  },
}

function agentOf(world: World): RecordedAgent {
  const there = agents.get(world)
  if (there === undefined) throw new Error('the agent is not there yet')
  return there
}

function silence(world: World): void {
  agentOf(world).state = 'silent'
}

function ofLastProcess({ request }: Exchange, world: World): RecordedRequest {
  return { ...request, query: { pid: agentOf(world).lastPid } }
}

function withContent(length: number): (exchange: Exchange) => RecordedRequest {
  return ({ request }) => ({
    ...request,
    params: { ...(request.params as Record<string, string>), content: 'x'.repeat(length) },
  })
}

/** The agent's device comes and goes with a restart. */
async function restartWith(world: World, form: Record<string, string | number>): Promise<void> {
  const vm = '/nodes/pve/qemu/210'
  await world.run('POST', `${vm}/status/stop`)
  await world.ask('PUT', `${vm}/config`, form)
  await world.start(210)
}

async function withoutAgent(world: World): Promise<void> {
  await restartWith(world, { delete: 'agent' })
}

async function withAgent(world: World): Promise<void> {
  await restartWith(world, { agent: 1 })
}
