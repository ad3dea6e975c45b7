import type { Cluster } from './cluster.ts'
import { parseEndpoints } from './endpoint.ts'

/** What tells clusters apart: their nodes are reached by many addresses; that of a single one is its own. */
export function clusterKey(
  nodes: readonly string[],
  { api_host = '', api_port }: { readonly api_host?: string; readonly api_port?: number },
): string[] {
  if (nodes.length > 1) return nodes.toSorted()
  return parseEndpoints(api_host, api_port)
    .map(({ origin }) => origin)
    .toSorted()
}

/** What tells a VM apart from all others by its name: two runs must not be at it. */
export function vmKey(
  { nodes }: Pick<Cluster, 'nodes'>,
  vm: Parameters<typeof clusterKey>[1] & { readonly name?: string },
): readonly unknown[] {
  const names = nodes.map(({ node }) => node)
  return [clusterKey(names, vm), vm.name]
}
