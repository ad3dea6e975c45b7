/**
 * Writes the lab's extract of Proxmox's API schema, `src/lab/schema/pve-<release>.json`:
 *
 *     node src/codegen/lab-schema.ts api-schema-9.2.json api-schema-8.4.json
 *
 * The input lists what the API server declares of each method (`PVE::RESTHandler`'s `api_dump`, flattened):
 * `{"pve-version": "9.2.11", "endpoints": [{"method", "path", "parameters", "permissions", …}]}`.
 * Only for development: the extracts are committed.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from './schema.ts'

/** One method of one path, as the API server declares it. */
export interface DeclaredEndpoint {
  readonly method: string
  readonly path: string
  readonly parameters: Readonly<Record<string, Declaration>>
  readonly permissions: unknown
  readonly 'additional-properties': number
  readonly allowtoken: boolean
  readonly proxyto: string | null
}

/** The API schema of one version of Proxmox. */
export interface DeclaredSchema {
  readonly 'pve-version': string
  readonly endpoints: readonly DeclaredEndpoint[]
}

type Declaration = Readonly<Record<string, unknown>>

/** The subsystems that the lab is concerned with; whether it serves a method is for its routes to say. */
const subsystems = [
  '/version',
  '/access(?!/(?:openid|vncticket))(?:/[^/]+)*',
  '/pools(?:/[^/]+)?',
  '/storage(?:/[^/]+)?',
  '/cluster(?:/(?:nextid|options|resources|status|tasks|sdn/zones|sdn/vnets|ha/status/current|ha/resources))?',
  '/nodes',
  '/nodes/{node}(?:/(?:dns|hosts|time|status|version|query-url-metadata|capabilities/qemu(?:/[^/]+)?))?',
  '/nodes/{node}/(?:network|tasks)(?:/[^/]+)*',
  '/nodes/{node}/storage(?:/{storage}(?:/(?:content(?:/{volume})?|download-url|identity|status|upload))?)?',
  '/nodes/{node}/qemu(?:/{vmid}(?!/(?:firewall|migrate|mtunnel|monitor|remote_migrate|rrd|spice|term|vnc|dbus))(?:/[^/]+)*)?',
].map((pattern) => new RegExp(`^${pattern.replaceAll(/[{}]/g, '\\$&')}$`))

/** What a check of a value needs; descriptions, defaults and the schemas of answers are left out. */
const kept = [
  'alias',
  'default_key',
  'enum',
  'format',
  'index-max',
  'index-min',
  'items',
  'keyAlias',
  'maxLength',
  'maximum',
  'minLength',
  'minimum',
  'optional',
  'pattern',
  'requires',
  'type',
]

/** The endpoint whose parameters are the options of a VM, besides those of its path. */
const optionsEndpoint = 'PUT /nodes/{node}/qemu/{vmid}/config'
const takesOptions = ['POST /nodes/{node}/qemu', 'POST /nodes/{node}/qemu/{vmid}/config', optionsEndpoint]

/** The extract of one version, as text. */
export function labSchema(declared: DeclaredSchema): string {
  const byName = new Map(declared.endpoints.map((endpoint) => [nameOf(endpoint), endpoint]))
  const wanted = [...byName].filter(([, { path }]) => subsystems.some((pattern) => pattern.test(path)))
  const vmOptions: Record<string, unknown> = sorted(trimAll(byName.get(optionsEndpoint)?.parameters ?? {}))
  delete vmOptions.node
  delete vmOptions.vmid
  const version = declared['pve-version']
  const endpoints = wanted.map(([name, endpoint]) => [name, endpointOf(name, endpoint, vmOptions)] as const)
  return `{
"source": "Extract of the API schema of pve-manager ${version}, by src/codegen/lab-schema.ts; do not edit.",
"version": "${version}",
"vmOptions": ${linePerEntry(Object.entries(vmOptions))},
"endpoints": ${linePerEntry(endpoints)}
}
`
}

/** `GET /nodes/{node}` */
export function nameOf({ method, path }: Pick<DeclaredEndpoint, 'method' | 'path'>): string {
  return `${method} ${path}`
}

/** Where a version's extract stands. */
export function labSchemaFile(version: string): string {
  return join(projectRoot, 'src', 'lab', 'schema', `pve-${version.split('.').slice(0, 2).join('.')}.json`)
}

function linePerEntry(entries: readonly (readonly [string, unknown])[]): string {
  return `{\n${entries.map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`).join(',\n')}\n}`
}

function endpointOf(
  name: string,
  endpoint: DeclaredEndpoint,
  vmOptions: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const all = sorted(trimAll(endpoint.parameters))
  const hasOptions = takesOptions.includes(name)
  const own = hasOptions
    ? Object.entries(all).filter(([key, value]) => JSON.stringify(vmOptions[key]) !== JSON.stringify(value))
    : Object.entries(all)
  const without = hasOptions ? Object.keys(vmOptions).filter((key) => !(key in all)) : []
  return {
    ...(own.length === 0 ? {} : { parameters: Object.fromEntries(own) }),
    ...(hasOptions ? { vmOptions: true } : {}),
    ...(without.length === 0 ? {} : { without }),
    ...(endpoint.permissions === null ? {} : { permissions: endpoint.permissions }),
    ...(endpoint['additional-properties'] === 0 ? {} : { additionalProperties: 1 }),
    ...(endpoint.allowtoken ? {} : { allowToken: false }),
    ...(endpoint.proxyto === null ? {} : { proxyTo: endpoint.proxyto }),
  }
}

function trimAll(parameters: Readonly<Record<string, Declaration>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, declaration]) => [name, trim(declaration)]),
  )
}

/** One parameter or one key of a property string; the keys of a property string stand in its format. */
function trim(declaration: Declaration): Record<string, unknown> {
  const { format, 'format-properties': named } = declaration
  const trimmed: Record<string, unknown> = {}
  for (const key of kept) {
    const value = declaration[key]
    if (value === undefined || value === null || (key === 'format' && typeof value !== 'string')) continue
    if (key === 'items') trimmed[key] = trim(value as Declaration)
    // Perl does not care whether a limit is a number or a text.
    else trimmed[key] = /^(?:min|max)/.test(key) ? Number(value) : value
  }
  const keys = named ?? (format as { properties?: unknown } | undefined)?.properties
  if (keys !== undefined) trimmed.properties = sorted(trimAll(keys as Record<string, Declaration>))
  return trimmed
}

function sorted<Value>(values: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)))
}

if (import.meta.main) {
  for (const file of process.argv.slice(2)) {
    const declared = JSON.parse(readFileSync(file, 'utf8')) as DeclaredSchema
    writeFileSync(labSchemaFile(declared['pve-version']), labSchema(declared))
  }
}
