/** A lab of several nodes, its hosts as the batch sees them. */
import { delimiter } from 'node:path'
import { Resources } from '../../../src/core/resources.ts'
import { validate } from '../../../src/core/validate.ts'
import type { Lab, RecordedRequest } from '../../../src/lab/lab.ts'
import { openSandbox, type Sandbox, type SandboxOptions } from '../../../src/lab/sandbox.ts'
import { connectProxmox, type ProxmoxClient } from '../../../src/proxmox/client.ts'
import { readCluster } from '../../../src/proxmox/cluster.ts'
import type { Host } from '../../../src/workflows/batch/conflicts.ts'
import { type Findings, type PreflightOptions, preflight } from '../../../src/workflows/batch/preflight.ts'
import { connectionTo } from '../../support/connection.ts'
import { recordingContext } from '../../support/context.ts'

export interface BatchLab extends AsyncDisposable {
  readonly lab: Lab
  readonly sandbox: Sandbox
  readonly client: ProxmoxClient
  /** A host that can be provisioned, but for these values. */
  host(name: string, values?: Readonly<Record<string, unknown>>): Promise<Host>
  /** Looks for what is wrong with hosts, as any batch does. */
  examine(hosts: readonly Host[], options?: Partial<PreflightOptions>): Promise<Findings>
  /** Requests since the last call of this. */
  asked(): RecordedRequest[]
}

/** Two nodes where nothing else is said; the programs of the lab come first in the PATH of this process. */
export async function openBatchLab(options: SandboxOptions = {}): Promise<BatchLab> {
  const sandbox = await openSandbox({ nodes: [{ name: 'pve1' }, { name: 'pve2' }], ...options })
  const { lab } = sandbox
  const path = process.env.PATH
  process.env.PATH = sandbox.environment.PATH
  const connection = {
    ...connectionTo(lab),
  }
  const resources = new Resources()
  const context = { ...recordingContext(), resources }
  const client = connectProxmox({ ...connection, validate_certs: true, api_timeout: 30 }, context)
  let seen = 0
  return {
    lab,
    sandbox,
    client,
    async host(name, values = {}) {
      const { iso_path, flake } = sandbox.host
      const { NCI_SSH_PRIVATE_KEY_FILE: ssh_private_key_file } = sandbox.environment
      const document: Record<string, unknown> = {
        ...{
          ...connection,
          name,
          iso_path,
          flake,
          node: 'pve1',
          disks: [{ size: '1G' }],
          ssh_private_key_file,
        },
        ...values,
      }
      await validate('provision', document)
      return { name, input: document as unknown as Host['input'] }
    },
    async examine(hosts, more = {}) {
      const cluster = await readCluster(client)
      const { signal } = context
      return preflight([{ client, cluster, hosts }], { signal, emit: () => undefined, ...more })
    },
    asked() {
      const since = lab.requests.slice(seen)
      seen = lab.requests.length
      return since
    },
    async [Symbol.asyncDispose]() {
      process.env.PATH = path
      await resources[Symbol.asyncDispose]()
      await sandbox[Symbol.asyncDispose]()
    },
  }
}

/** The codes of what is wrong, by host. */
export function codesOf({ problems }: Pick<Findings, 'problems'>): Record<string, string[]> {
  return Object.fromEntries([...problems].map(([name, errors]) => [name, errors.map(({ code }) => code)]))
}

/** What is told of a host, message and hint. */
export function toldOf({ problems }: Pick<Findings, 'problems'>, host: string): string {
  return (problems.get(host) ?? []).map(({ message, hint }) => `${message} ${hint}`).join('\n')
}

/** A PATH without the lab's programs. */
export function pathWithout(sandbox: Sandbox): string {
  const own = sandbox.environment.PATH?.split(delimiter)[0]
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== own)
    .join(delimiter)
}
