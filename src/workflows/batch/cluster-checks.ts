import { isNciError, NciError } from '../../core/errors.ts'
import { readBridges, unknownBridges } from '../../proxmox/bridges.ts'
import type { ProxmoxClient } from '../../proxmox/client.ts'
import { type Cluster, listVolumes, requireStorage, type VmSummary } from '../../proxmox/cluster.ts'
import { assertOurs, ownerTag } from '../../proxmox/ownership.ts'
import { existingVm, readExistingVm } from '../../proxmox/vm-lookup.ts'
import { imageStorages } from '../../proxmox/vm-options.ts'
import type { Host } from './conflicts.ts'
import type { Problems } from './problems.ts'

/** What is asked of Proxmox for several hosts. */
export interface Asking {
  readonly client: ProxmoxClient
  readonly problems: Problems
  readonly signal: AbortSignal
}

export interface Placed extends Host {
  readonly node: string
}

/** The VM that a host has already. */
export function findVm(cluster: Cluster, { name, input }: Host, problems: Problems): VmSummary | undefined {
  const { vmid } = input
  return problems.try(name, () => {
    const found = existingVm(cluster, wantedVm(input))
    if (found === undefined && vmid !== undefined && cluster.takenIds.has(vmid)) {
      throw new NciError('PVE_VMID_TAKEN', { vmid, name: 'a container' })
    }
    return found
  })
}

function wantedVm({ name, vmid }: Host['input']): { readonly name: string; readonly vmid?: number } {
  return { name, ...(vmid === undefined ? {} : { vmid }) }
}

/** The tags of the listing tell whose a VM is. As its names may lag, one that seems to be foreign is looked at. */
export async function requireOwned(
  { client, problems, signal }: Asking,
  cluster: Cluster,
  found: readonly { readonly host: Host; readonly vm: VmSummary | undefined }[],
): Promise<void> {
  const suspicious = found.filter(({ vm }) => vm !== undefined && !vm.tags?.includes(ownerTag))
  await Promise.all(
    suspicious.map(({ host: { name, input } }) =>
      problems.tryAll([name], signal, async () => {
        const existing = await readExistingVm(client, cluster, wantedVm(input))
        if (existing === undefined) return
        assertOurs(existing.vm, existing.state.current, 'Destroy or rename it, if it is not needed.')
      }),
    ),
  )
}

export function requireStorages(cluster: Cluster, { name, input, node }: Placed, problems: Problems): void {
  for (const { storage, property } of imageStorages({ ...input, cloud_init: true })) {
    problems.try(name, () => requireStorage(cluster, { node, storage, property, content: 'images' }))
  }
  const { iso, iso_storage } = input
  const wanted =
    iso === undefined
      ? { storage: iso_storage, property: 'iso_storage' }
      : { storage: iso.split(':')[0] ?? '', property: 'iso' }
  problems.try(name, () => requireStorage(cluster, { node, ...wanted, content: 'iso' }))
}

export async function requireBridges(
  { client, problems, signal }: Asking,
  placed: readonly Placed[],
): Promise<void> {
  await Promise.all(
    [...Map.groupBy(placed, ({ node }) => node)].map(async ([node, hosts]) => {
      // What cannot be listed cannot be missed: the start will tell.
      const bridges = (await readBridges(client, node).catch(ignoring(signal))) ?? []
      for (const { name, input } of hosts) problems.add(name, ...unknownBridges(node, bridges, input))
    }),
  )
}

/** The ISOs that hosts name, each looked for once: on a shared storage, once for all nodes. */
export async function requireIsos(
  { client, problems, signal }: Asking,
  cluster: Cluster,
  placed: readonly Placed[],
): Promise<void> {
  const naming = placed.flatMap((host) => {
    const { iso } = host.input
    const storage = cluster.storages.find(
      (one) => one.node === host.node && one.storage === iso?.split(':')[0] && one.content.includes('iso'),
    )
    return iso === undefined || storage === undefined ? [] : [{ ...host, iso, storage }]
  })
  const places = Map.groupBy(
    naming,
    ({ storage: { storage, node, shared } }) => `${storage} ${shared ? '' : node}`,
  )
  await Promise.all(
    [...places.values()].map(async (hosts) => {
      const { node, storage } = hosts[0]?.storage ?? { node: '', storage: '' }
      const names = hosts.map(({ name }) => name)
      await problems.tryAll(names, signal, async () => {
        const volumes = await listVolumes(client, node, storage, 'iso')
        const there = new Set(volumes.map(({ volid }) => volid))
        for (const host of hosts.filter(({ iso }) => !there.has(iso))) {
          problems.add(host.name, new NciError('PVE_ISO_MISSING', { volid: host.iso, node: host.node }))
        }
      })
    }),
  )
}

export async function requirePools(
  { client, problems, signal }: Asking,
  hosts: readonly Host[],
): Promise<void> {
  const pooled = hosts.filter(({ input }) => input.pool !== undefined)
  await Promise.all(
    [...Map.groupBy(pooled, ({ input }) => input.pool)].map(async ([pool, members]) => {
      const names = members.map(({ name }) => name)
      await problems.tryAll(names, signal, async () => {
        const asked = client.get('/pools', `look at the pool ${pool}`, { poolid: pool })
        await asked.catch((error: unknown) => {
          // Who may not look at it may still be allowed to put VMs there.
          if (!isNciError(error, 'PVE_FORBIDDEN')) throw error
        })
      })
    }),
  )
}

/** For `catch`: `undefined` in place of what Proxmox would not tell. */
export function ignoring(signal: AbortSignal): (error: unknown) => undefined {
  return (error) => {
    signal.throwIfAborted()
    if (!(error instanceof NciError)) throw error
    return undefined
  }
}
