import { isNciError } from '../core/errors.ts'
import type { ProxmoxClient } from './client.ts'
import type { VmSummary } from './cluster.ts'
import { vmPath } from './vms.ts'

/** Told, in a sentence, that a privilege is missing. */
type OnDenied = (message: string) => void

interface Interface {
  readonly name: string
  readonly 'ip-addresses'?: readonly { readonly 'ip-address': string; readonly 'ip-address-type': string }[]
}

/**
 * The addresses that the guest agent reports, those of other machines' networks first: neither loopback nor
 * link-local; IPv4 before IPv6. `undefined` where the agent does not answer.
 */
export async function agentAddresses(
  client: ProxmoxClient,
  vm: VmSummary,
  onDenied?: OnDenied,
): Promise<string[] | undefined> {
  const answer = await ask<{ result?: Interface[] | { error?: unknown } }>(
    client,
    vm,
    'network-get-interfaces',
    {},
    onDenied,
  )
  if (!Array.isArray(answer?.result)) return undefined
  return answer.result
    .filter(({ name }) => name !== 'lo')
    .flatMap((card) => card['ip-addresses'] ?? [])
    .map((entry) => entry['ip-address'])
    .filter((address) => !/^(127\.|169\.254\.|::1$|fe80:)/i.test(address))
    .sort((a, b) => Number(a.includes(':')) - Number(b.includes(':')))
}

/** A small text file of the guest. `undefined` where the agent does not answer or there is no such file. */
export async function agentFile(
  client: ProxmoxClient,
  vm: VmSummary,
  file: string,
  onDenied?: OnDenied,
): Promise<string | undefined> {
  const answer = await ask<{ content?: string }>(client, vm, 'file-read', { file }, onDenied)
  return answer?.content
}

async function ask<Data>(
  client: ProxmoxClient,
  vm: VmSummary,
  command: string,
  parameters: Readonly<Record<string, string>>,
  onDenied: OnDenied | undefined,
): Promise<Data | undefined> {
  try {
    return await client.get<Data>(
      `${vmPath(vm)}/agent/${command}`,
      `ask the guest agent of VM ${vm.vmid}`,
      parameters,
    )
  } catch (error) {
    // Without the privilege the agent is as good as silent, but the user should know why.
    if (isNciError(error, 'PVE_FORBIDDEN')) {
      onDenied?.(`The guest agent of VM ${vm.vmid} may not be asked: ${error.details.reason}.`)
      return undefined
    }
    // It is asked again soon: no hiccup of its socket is worth ending a run.
    if (isNciError(error, 'PVE_REQUEST_FAILED', 'PVE_BUSY', 'PVE_NODE_OFFLINE', 'PVE_CONNECTION_LOST')) {
      return undefined
    }
    throw error
  }
}
