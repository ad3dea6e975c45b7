import pve84 from './schema/pve-8.4.json' with { type: 'json' }
import pve92 from './schema/pve-9.2.json' with { type: 'json' }

/** The versions that the lab can be. */
export type LabVersion = '9.2' | '8.4'

/** One parameter, or one key of a property string, as Proxmox's own API schema declares it. */
export interface ParameterSchema {
  readonly type?: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object'
  readonly optional?: number
  readonly enum?: readonly string[]
  readonly format?: string
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly requires?: string
  readonly items?: ParameterSchema
  /** A property string's keys. */
  readonly properties?: Readonly<Record<string, ParameterSchema>>
  /** In a property string: another name of that key. */
  readonly alias?: string
  /** In a property string: the key that takes this key's name as its value (`virtio=MAC`: `model=virtio`). */
  readonly keyAlias?: string
  /** In a property string: the key whose name may be left out. */
  readonly default_key?: number
  /** `net[n]`: the smallest and the largest n. */
  readonly 'index-min'?: number
  readonly 'index-max'?: number
}

/** A privilege check: `['perm', path, privileges, …options]`, or `and`/`or` of several. */
export type PermissionCheck = readonly unknown[]

/** What an endpoint accepts, and from whom. */
export interface EndpointSchema {
  /** The version whose rules and words apply. */
  readonly major: 8 | 9
  readonly parameters: Readonly<Record<string, ParameterSchema>>
  /** Absent: only root@pam. */
  readonly permissions?: { readonly user?: string; readonly check?: PermissionCheck }
  readonly additionalProperties: boolean
  readonly allowToken: boolean
  /** Requests name a node that has to exist. */
  readonly proxyToNode: boolean
}

interface EndpointFile {
  readonly parameters?: Record<string, ParameterSchema>
  readonly vmOptions?: boolean
  readonly without?: readonly string[]
  readonly permissions?: EndpointSchema['permissions']
  readonly additionalProperties?: number
  readonly allowToken?: boolean
  readonly proxyTo?: string
}

interface SchemaFile {
  readonly version: string
  readonly vmOptions: Record<string, ParameterSchema>
  readonly endpoints: Record<string, EndpointFile>
}

/** One version's API: its endpoints by `GET /nodes/{node}`, and the options of a VM. */
export interface ApiSchema {
  /** `9.2.11` */
  readonly version: string
  readonly release: LabVersion
  readonly major: 8 | 9
  readonly endpoints: ReadonlyMap<string, EndpointSchema>
  readonly vmOptions: Readonly<Record<string, ParameterSchema>>
}

/** Loads the API schema of a version (an extract of what Proxmox publishes, for the endpoints the lab knows). */
export function apiSchema(release: LabVersion): ApiSchema {
  const file = (release === '9.2' ? pve92 : pve84) as unknown as SchemaFile
  const major = release === '9.2' ? 9 : 8
  const vmOptions = withIndexes(file.vmOptions)
  const endpoints = new Map<string, EndpointSchema>()
  for (const [name, endpoint] of Object.entries(file.endpoints)) {
    endpoints.set(name, expandEndpoint(endpoint, vmOptions, major))
  }
  return { version: file.version, release, major, endpoints, vmOptions }
}

function expandEndpoint(
  endpoint: EndpointFile,
  vmOptions: Readonly<Record<string, ParameterSchema>>,
  major: 8 | 9,
): EndpointSchema {
  const parameters: Record<string, ParameterSchema> = {}
  if (endpoint.vmOptions === true) Object.assign(parameters, vmOptions)
  for (const name of endpoint.without ?? []) delete parameters[name]
  Object.assign(parameters, withIndexes(endpoint.parameters ?? {}))
  return {
    major,
    parameters,
    ...(endpoint.permissions === undefined ? {} : { permissions: endpoint.permissions }),
    additionalProperties: endpoint.additionalProperties === 1,
    allowToken: endpoint.allowToken !== false,
    proxyToNode: endpoint.proxyTo === 'node',
  }
}

/** `net[n]` as `net0` … `net31`. */
function withIndexes(parameters: Readonly<Record<string, ParameterSchema>>): Record<string, ParameterSchema> {
  const expanded: Record<string, ParameterSchema> = {}
  for (const [name, schema] of Object.entries(parameters)) {
    if (!name.endsWith('[n]')) {
      expanded[name] = schema
      continue
    }
    const prefix = name.slice(0, -3)
    for (let n = schema['index-min'] ?? 0; n <= (schema['index-max'] ?? 0); n++)
      expanded[`${prefix}${n}`] = schema
  }
  return expanded
}
