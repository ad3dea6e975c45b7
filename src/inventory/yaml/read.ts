import type { Inventory, InventoryHost, InventorySource, ReadingOptions } from '../inventory.ts'
import type { Source } from '../sources.ts'
import { inventoryFiles } from './files.ts'
import { Graph, type Host, type Variables } from './graph.ts'
import { selectHosts } from './limit.ts'
import { expandHost } from './ranges.ts'
import { resolve, type Unresolved } from './resolve.ts'
import { readTree } from './tree.ts'
import { VariableReader } from './variables.ts'

/**
 * Reads plain YAML inventories without Ansible: groups, ranges of hosts, `group_vars` and `host_vars`. Templates and
 * encrypted values of the wanted variables are problems of their hosts.
 *
 * @throws {NciError} `INVENTORY_UNREADABLE`, `INVENTORY_NEEDS_ANSIBLE`, `LIMIT_INVALID`
 */
export async function readYaml(
  sources: readonly Source[],
  { limit }: InventorySource,
  options: ReadingOptions,
): Promise<Inventory> {
  const graph = new Graph()
  for (const source of sources) {
    if (source.kind === 'hosts') addHosts(graph, source.list)
    else for (const file of inventoryFiles(source.path)) await readTree(graph, file, options.warn)
  }
  graph.complete()
  const paths = sources.flatMap((source) => (source.kind === 'path' ? [source.path] : []))
  const reader = new VariableReader(graph, paths, options.warn)
  const selected = limit === undefined ? undefined : selectHosts(graph, limit, options.warn)
  const hosts: InventoryHost[] = []
  const others = new Set<string>()
  for (const host of graph.hosts.values()) {
    if (selected?.has(host) === false) continue
    options.signal.throwIfAborted()
    const variables = await reader.of(host)
    hosts.push(describe(host, variables, options.variables))
    for (const name of variables.keys()) if (isOther(name, options)) others.add(name)
  }
  return { reader: 'yaml', hosts, others: [...others].sort() }
}

function isOther(name: string, { variables, prefixes }: ReadingOptions): boolean {
  return prefixes.some((prefix) => name.startsWith(prefix)) && !variables.includes(name)
}

/** `web1,web2,` */
function addHosts(graph: Graph, list: string): void {
  for (const host of list.split(',').map((word) => word.trim())) {
    if (host === '') continue
    // A range is a part of the name here.
    const { names } = host.includes('[') ? { names: [host] } : expandHost(host)
    for (const name of names) graph.admit(graph.group('ungrouped'), graph.host(name))
  }
}

function describe(host: Host, variables: Variables, wanted: readonly string[]): InventoryHost {
  const values: Record<string, unknown> = {}
  const origins: Record<string, string> = {}
  const problems: InventoryHost['problems'][number][] = []
  for (const name of wanted) {
    const variable = variables.get(name)
    if (variable === undefined) continue
    const unresolved: Unresolved[] = []
    const value = resolve(variable.value, name, unresolved)
    if (value !== undefined) values[name] = value
    origins[name] = variable.file
    problems.push(...unresolved.map(({ path, reason }) => ({ variable: path, reason, file: variable.file })))
  }
  const groups = host
    .allGroups()
    .map(({ name }) => name)
    .filter((name) => name !== 'all' && name !== 'ungrouped')
    .sort()
  return { name: host.name, groups, variables: values, origins, problems }
}
