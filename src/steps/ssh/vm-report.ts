import { agentAddresses } from '../../proxmox/agent.ts'
import type { ProxmoxClient } from '../../proxmox/client.ts'
import { vmPath } from '../../proxmox/vms.ts'
import type { Target } from './target.ts'

/** What Proxmox knows of a VM, as far as it said so. */
export interface VmReport {
  readonly vmid: number
  readonly node: string
  readonly status: string
  /** Why it is locked. */
  readonly lock?: string
  /** Whether its guest agent answers. */
  readonly agent: boolean
  /** Addresses that the agent reports. */
  readonly addresses: readonly string[]
  readonly last_task?: { readonly type: string; readonly status: string; readonly upid: string }
}

/** Asks Proxmox about a VM that does not do as it should. What cannot be found out is left out. */
export async function reportOf({ client, summary }: Target): Promise<VmReport | undefined> {
  // The run's own time is up: asking gets a little of its own.
  const asking = client.with(AbortSignal.timeout(5000))
  const [state, addresses, task] = await Promise.all([
    readState(asking, summary).catch(() => undefined),
    agentAddresses(asking, summary).catch(() => undefined),
    lastTask(asking, summary).catch(() => undefined),
  ])
  if (state === undefined) return undefined
  return {
    vmid: summary.vmid,
    node: summary.node,
    ...state,
    agent: addresses !== undefined,
    addresses: addresses ?? [],
    ...(task === undefined ? {} : { last_task: task }),
  }
}

/** The report as a sentence. */
export function sentenceOf({ vmid, status, lock, agent, addresses, last_task: task }: VmReport): string {
  const answers = agent
    ? `its addresses are ${addresses.join(', ') || 'none'}`
    : 'its guest agent does not answer'
  const parts = [
    lock === undefined ? status : `${status} and locked (${lock})`,
    ...(status === 'running' ? [answers] : []),
    ...(task === undefined ? [] : [`its last task, ${task.type}, ${ending(task.status)}`]),
  ]
  return `Proxmox says that VM ${vmid} is ${parts.join('; ')}.`
}

function ending(status: string): string {
  return status === 'RUNNING' ? 'is still running' : `ended with "${status}"`
}

async function readState(
  client: ProxmoxClient,
  vm: Target['summary'],
): Promise<Pick<VmReport, 'status' | 'lock'>> {
  const { status, lock, qmpstatus } = await client.get<{ status: string; lock?: string; qmpstatus?: string }>(
    `${vmPath(vm)}/status/current`,
    `read the state of VM ${vm.vmid}`,
  )
  // A VM that is paused, or whose storage is full, runs as far as its process goes.
  const exact = status === 'running' ? (qmpstatus ?? status) : status
  return { status: exact, ...(lock === undefined ? {} : { lock }) }
}

async function lastTask(client: ProxmoxClient, vm: Target['summary']): Promise<VmReport['last_task']> {
  const [task] = await client.get<{ upid: string; type: string; status?: string }[]>(
    `/nodes/${vm.node}/tasks`,
    `read the tasks of VM ${vm.vmid}`,
    { vmid: vm.vmid, limit: 1, source: 'all' },
  )
  return task && { type: task.type, status: task.status ?? 'RUNNING', upid: task.upid }
}
