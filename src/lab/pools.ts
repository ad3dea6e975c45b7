import type { PoolMembership } from './access.ts'

/** A pool of VMs and storages. */
export interface Pool {
  comment: string | undefined
  readonly vmids: Set<number>
  readonly storages: Set<string>
}

/** What is kept of a pool over a restart. */
export interface SavedPool {
  readonly comment?: string
  readonly vmids: readonly number[]
  readonly storages: readonly string[]
}

/** An empty pool. */
export function newPool(comment?: string): Pool {
  return { comment, vmids: new Set(), storages: new Set() }
}

/** The pools that are there at the start: those that were saved, and those that are asked for. */
export function loadPools(
  wanted: readonly string[],
  saved: Readonly<Record<string, SavedPool>>,
): Map<string, Pool> {
  const pools = new Map<string, Pool>()
  for (const [name, { comment, vmids, storages }] of Object.entries(saved)) {
    pools.set(name, { comment, vmids: new Set(vmids), storages: new Set(storages) })
  }
  for (const name of wanted) if (!pools.has(name)) pools.set(name, newPool())
  return pools
}

export function savePools(pools: ReadonlyMap<string, Pool>): Record<string, SavedPool> {
  return Object.fromEntries(
    [...pools].map(([name, { comment, vmids, storages }]) => [
      name,
      { vmids: [...vmids], storages: [...storages], ...(comment === undefined ? {} : { comment }) },
    ]),
  )
}

/** Which pools count where privileges are looked up. */
export function poolMembership(pools: ReadonlyMap<string, Pool>): PoolMembership {
  return {
    poolsOf: (path) => [...pools].filter(([, pool]) => pathsOf(pool).includes(path)).map(([name]) => name),
    members: () => [...pools.values()].flatMap(pathsOf),
  }
}

function pathsOf({ vmids, storages }: Pool): string[] {
  return [...[...vmids].map((vmid) => `/vms/${vmid}`), ...[...storages].map((id) => `/storage/${id}`)]
}
