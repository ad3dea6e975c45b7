import { ApiError } from './api-error.ts'
import type { Cluster } from './cluster.ts'

/**
 * What to answer where a real server could and the lab cannot: 501, as for an unknown path. Tells whoever runs the lab.
 *
 * @param what which use of the path is meant, where the others are emulated
 */
export function notEmulated(cluster: Cluster, method: string, path: string, what?: string): ApiError {
  const use = what === undefined ? '' : ` (${what})`
  cluster.log(`not emulated by the lab: ${method} ${path}${use}`, true)
  return new ApiError(501, `Method '${method} ${path}${use}' not implemented`)
}
