import { failed } from '../api-error.ts'
import { AgentError } from '../guest.ts'
import { hasAgent } from '../hardware.ts'
import type { Call, Handler, Routes } from '../router.ts'

const path = '/nodes/{node}/qemu/{vmid}/agent'
const queries = [
  'get-fsinfo',
  'get-host-name',
  'get-memory-block-info',
  'get-memory-blocks',
  'get-osinfo',
  'get-time',
  'get-timezone',
  'get-users',
  'get-vcpus',
  'info',
  'network-get-interfaces',
]
const actions = [
  'fsfreeze-freeze',
  'fsfreeze-status',
  'fsfreeze-thaw',
  'fstrim',
  'ping',
  'shutdown',
  'suspend-disk',
  'suspend-hybrid',
  'suspend-ram',
]
/** Whose answer is not wrapped in `result`, and whose failure is always an error. */
const plain = new Set(['exec', 'exec-status', 'file-read', 'file-write'])
const wideCharacter =
  'Wide character in subroutine entry at /usr/share/perl5/PVE/API2/Qemu/Agent.pm line 624.'

/** The guest agent: the guest answers. */
export const agentRoutes: Routes = {
  [`GET ${path}`]: () =>
    [...plain, ...queries, ...actions, 'set-user-password'].sort().map((name) => ({ name })),
  [`POST ${path}`]: (call) => ask(call, call.parameters.text('command')),
  ...Object.fromEntries(
    queries.map((command): [string, Handler] => [`GET ${path}/${command}`, (call) => ask(call, command)]),
  ),
  ...Object.fromEntries(
    actions.map((command): [string, Handler] => [`POST ${path}/${command}`, (call) => ask(call, command)]),
  ),
  [`POST ${path}/exec`]: (call) => ask(call, 'exec'),
  [`GET ${path}/exec-status`]: (call) => ask(call, 'exec-status'),
  [`GET ${path}/file-read`]: (call) => ask(call, 'file-read'),
  [`POST ${path}/file-write`]: (call) => ask(call, 'file-write'),
  [`POST ${path}/set-user-password`]: (call) => ask(call, 'set-user-password'),
}

async function ask(call: Call, command: string): Promise<unknown> {
  const { cluster, node, vmid } = call
  const vm = cluster.vms.get(node, vmid)
  if (!hasAgent(vm.config.options)) throw failed('No QEMU guest agent configured')
  if (!vm.running || vm.guest === undefined) throw failed(`VM ${vmid} is not running`)
  try {
    const answer = await vm.guest.agent(command, agentParameters(call, command))
    cluster.addressMap.refresh()
    return plain.has(command) || isWrapped(answer) ? answer : { result: answer }
  } catch (error) {
    if (!(error instanceof AgentError)) throw error
    if (error.reason === 'not-running') throw failed('QEMU guest agent is not running')
    if (error.reason === 'unsupported' && !plain.has(command)) {
      return { result: { error: { class: 'CommandNotFound', desc: error.message } } }
    }
    throw failed(`Agent error: ${error.message}`)
  }
}

function agentParameters({ parameters }: Call, command: string): Record<string, unknown> {
  if (command === 'file-write') {
    return { file: parameters.text('file'), content: contentToWrite(parameters) }
  }
  const names = parameters.names.filter((name) => name !== 'node' && name !== 'vmid')
  return Object.fromEntries(
    names.map((name) => [
      name,
      command === 'exec' && name === 'command' ? parameters.list(name) : parameters.get(name),
    ]),
  )
}

/** The bytes to write, one in each character; with `encode=0` the caller sends them in base64. */
function contentToWrite(parameters: Call['parameters']): string {
  const content = parameters.text('content')
  if (parameters.get('encode') === '0') return Buffer.from(content, 'base64').toString('latin1')
  if (/[^\0-\xff]/.test(content)) throw failed(wideCharacter)
  return content
}

function isWrapped(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'result' in answer
}
