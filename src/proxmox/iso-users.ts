import { isNciError } from '../core/errors.ts'
import type { ProxmoxClient } from './client.ts'
import { readCluster, type Storage, type VmSummary } from './cluster.ts'
import { readVm, type VmConfig, vmPath } from './vms.ts'

const together = 8
const unreadable = [
  'PVE_NODE_OFFLINE',
  'PVE_FORBIDDEN',
  'PVE_VM_NOT_FOUND',
  'PVE_REQUEST_FAILED',
  'PVE_BUSY',
  'PVE_PARAMETER',
] as const

/**
 * Who uses volumes of a storage: the VMs whose configuration names the file, also one that waits for the next start and
 * that of a snapshot. Those of all nodes count: what another node calls the same may be the same storage without being
 * marked as shared. A VM that cannot be read, because its node is down or because it is just being created, may use
 * each of them.
 *
 * @returns for each volume that is in use, by whom: `VM 101 (web1)`
 */
export async function isoUsers(
  client: ProxmoxClient,
  { storage }: Storage,
  volids: readonly string[],
): Promise<Map<string, string[]>> {
  const users = new Map<string, string[]>()
  if (volids.length === 0) return users
  const { vms, nodes } = await readCluster(client)
  const online = new Set(nodes.filter((node) => node.online).map(({ node }) => node))
  for (let start = 0; start < vms.length; start += together) {
    const some = vms.slice(start, start + together)
    // A node that is down is not asked: each question would wait for it.
    const texts = await Promise.all(
      some.map((vm) => (online.has(vm.node) ? textsOf(client, vm) : Promise.resolve(undefined))),
    )
    for (const [index, { vmid, name }] of some.entries()) {
      const text = texts[index]
      const who = `VM ${vmid} (${name})${text === undefined ? ', which cannot be read now, or not' : ''}`
      for (const volid of volids) {
        if (text !== undefined && !namesFile(text, storage, volid)) continue
        users.set(volid, [...(users.get(volid) ?? []), who])
      }
    }
  }
  return users
}

/** All values of a VM's configurations; `undefined` where they are not known. */
async function textsOf(client: ProxmoxClient, vm: VmSummary): Promise<string[] | undefined> {
  try {
    const [{ current, pending }, snapshots] = await Promise.all([
      readVm(client, vm),
      client.get<{ name: string }[]>(`${vmPath(vm)}/snapshot`, `list the snapshots of VM ${vm.vmid}`),
    ])
    if (current.lock === 'create') return undefined
    const configs = await Promise.all(
      snapshots
        .filter(({ name }) => name !== 'current')
        .map(({ name }) =>
          client.get<VmConfig>(`${vmPath(vm)}/snapshot/${name}/config`, `read a snapshot of VM ${vm.vmid}`),
        ),
    )
    return [
      ...[current, ...configs].flatMap((config) => Object.values(config).map(String)),
      ...pending.flatMap(({ after }) => after ?? []),
    ]
  } catch (error) {
    // The node is down, or the VM is gone, or on another node by now.
    if (isNciError(error, ...unreadable)) return undefined
    throw error
  }
}

/** As a volume id, or as a path, which only root can set. */
function namesFile(texts: readonly string[], storage: string, volid: string): boolean {
  const path = volid.slice(storage.length + ':iso'.length)
  return texts.some((text) => text.includes(path))
}

/**
 * Whether a user sees all VMs, so that nobody's is overlooked. One that an entry of its own (`NoAccess`) hides from a
 * user who otherwise sees all is not found out.
 */
export async function seesAllVms(client: ProxmoxClient): Promise<boolean> {
  const tree = await client.get<Record<string, Record<string, number>>>(
    '/access/permissions',
    'read the permissions',
  )
  const below = Object.entries(tree).filter(([path]) => path.startsWith('/vms/'))
  return tree['/vms']?.['VM.Audit'] === 1 && below.every(([, privileges]) => 'VM.Audit' in privileges)
}
