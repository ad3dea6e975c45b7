import type { ProxmoxClient } from './client.ts'
import { type Place, type Request, requirementsOf } from './privileges.ts'

/** Where the places of a host's requests are in the tree of permissions. */
export interface Places {
  /** Major version of Proxmox VE. */
  readonly major: number
  /** Absent while it is not chosen. */
  readonly node: string | undefined
  readonly vmid: number
  /** Whether the VM will have that id; otherwise it stands for any. */
  readonly isFixed: boolean
  readonly pool: string | undefined
}

/** A request of a step, and the storage or bridge that it is about. */
export interface Use {
  readonly step: string
  readonly request: Request
  /** `local`, or `localnetwork/vmbr0`. */
  readonly subject?: string
  /** The step can do without. */
  readonly optional?: boolean
}

/** One privilege out of several, at one path out of several: what a request needs. */
export interface Need {
  readonly step: string
  readonly request: Request
  readonly optional: boolean
  readonly anyOf: readonly string[]
  /** Where Proxmox looks for it. */
  readonly paths: readonly string[]
  /** Where it is best granted. */
  readonly grantAt: string
}

/** Privileges by path, those that are inherited included, and whether each holds for the paths below as well. */
export type Permissions = ReadonlyMap<string, ReadonlyMap<string, boolean>>

/** What the requests need, each need once a step. */
export function needsOf(uses: readonly Use[], places: Places): Need[] {
  const needs = uses.flatMap((use) =>
    requirementsOf(use.request, places.major).map(({ at, anyOf }): Need => {
      const { step, request, optional = false } = use
      return { step, request, optional, anyOf, ...pathsOf(at, use.subject, places) }
    }),
  )
  const keyed = needs.map((need) => [`${need.step} ${need.anyOf} ${need.paths}`, need] as const)
  // Of two that are alike, one that is no option counts.
  return [...new Map(keyed.sort(([, a], [, b]) => Number(b.optional) - Number(a.optional))).values()]
}

function pathsOf(
  at: Place,
  subject: string | undefined,
  { node, vmid, isFixed, pool }: Places,
): Pick<Need, 'paths' | 'grantAt'> {
  const only = (path: string): Pick<Need, 'paths' | 'grantAt'> => ({ paths: [path], grantAt: path })
  switch (at) {
    case 'root':
      return only('/')
    case 'node':
      return only(node === undefined ? '/nodes' : `/nodes/${node}`)
    case 'storage':
      return only(`/storage/${subject}`)
    case 'bridge':
      return only(`/sdn/zones/${subject}`)
    case 'vm': {
      const path = `/vms/${vmid}`
      if (pool !== undefined) return { paths: [path, `/pool/${pool}`], grantAt: `/pool/${pool}` }
      return { paths: [path], grantAt: isFixed ? path : '/vms' }
    }
  }
}

/**
 * What a user or token may do at these paths.
 *
 * @param userid the caller itself unless given; asking for others needs `Sys.Audit` on `/access`
 */
export async function readPermissions(
  client: ProxmoxClient,
  paths: readonly string[],
  userid?: string,
): Promise<Permissions> {
  const answers = await Promise.all(
    [...new Set(paths)].map(async (path) => {
      const data = await client.get<Record<string, Record<string, number>>>(
        '/access/permissions',
        `read the permissions at ${path}`,
        { path, userid },
      )
      const privileges = Object.entries(data[path] ?? {})
      return [path, new Map(privileges.map(([name, propagates]) => [name, propagates === 1]))] as const
    }),
  )
  return new Map(answers)
}

/** The needs that these permissions do not meet. */
export function unmet(needs: readonly Need[], permissions: Permissions): Need[] {
  return needs.filter(
    ({ anyOf, paths }) =>
      !paths.some((path) => anyOf.some((privilege) => permissions.get(path)?.has(privilege))),
  )
}
