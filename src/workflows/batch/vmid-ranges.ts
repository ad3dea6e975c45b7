import { NciError } from '../../core/errors.ts'
import type { Cluster } from '../../proxmox/cluster.ts'
import type { Host } from './conflicts.ts'
import { Problems } from './problems.ts'

const [lowest, highest] = [100, 999_999_999]

/** The hosts whose range of ids (`vmid_min`, `vmid_max`) has fewer free ones than there are hosts for it. */
export function crowdedRanges(
  toCreate: readonly Host[],
  { takenIds }: Pick<Cluster, 'takenIds'>,
): ReadonlyMap<string, readonly NciError[]> {
  const problems = new Problems()
  // An id that another host names is not free either.
  const named = toCreate.flatMap(({ input }) => input.vmid ?? [])
  const taken = new Set([...takenIds, ...named])
  const choosing = toCreate.filter(({ input }) => input.vmid === undefined)
  const ranges = Map.groupBy(
    choosing,
    ({ input: { vmid_min: min = lowest, vmid_max: max = highest } }) => `${min} ${max}`,
  )
  for (const [range, hosts] of ranges) {
    const [min = lowest, max = highest] = range.split(' ').map(Number)
    const used = [...taken].filter((vmid) => vmid >= min && vmid <= max).length
    if (max - min + 1 - used >= hosts.length) continue
    for (const { name } of hosts) problems.add(name, new NciError('PVE_VMID_RANGE_FULL', { min, max }))
  }
  return problems.byHost
}
