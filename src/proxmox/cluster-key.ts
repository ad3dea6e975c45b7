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
