import { createHash } from 'node:crypto'
import { failed, parameterErrors } from '../api-error.ts'
import { splitList } from '../formats.ts'
import { notEmulated } from '../not-emulated.ts'
import type { Call, Routes } from '../router.ts'
import type { LabStorage, Storage } from '../storage.ts'

/** Who may read about a storage. */
export const reading = ['Datastore.Audit', 'Datastore.AllocateSpace']
const index = [
  ...['content', 'download-url', 'file-restore', 'import-metadata', 'identity', 'oci-registry-pull'],
  ...['prunebackups', 'rrd', 'rrddata', 'status', 'upload'],
]

/** Storages: what they are and how full. */
export const storageRoutes: Routes = {
  'GET /storage': ({ cluster, identity }) =>
    cluster.storages.definitions
      .filter(({ id }) => cluster.access.allows(identity.id, `/storage/${id}`, reading, true))
      .map((one) => definition(cluster, one)),
  'GET /storage/{storage}': ({ cluster, parameters }) => {
    const id = parameters.text('storage')
    const known = cluster.storages.definitions.find((one) => one.id === id)
    if (known === undefined) throw failed(`storage '${id}' does not exist`)
    return definition(cluster, known)
  },
  'PUT /storage/{storage}': redefine,
  'GET /nodes/{node}/storage': listStorages,
  'GET /nodes/{node}/storage/{storage}': ({ cluster }) =>
    index
      .filter((subdir) => cluster.schema.major === 9 || !['identity', 'oci-registry-pull'].includes(subdir))
      .map((subdir) => ({ subdir })),
  'GET /nodes/{node}/storage/{storage}/status': ({ cluster, node, parameters }) => {
    const {
      storage: _,
      used_fraction: __,
      ...status
    } = statusRow(requireKnown(cluster, node, parameters.text('storage')))
    return status
  },
}

/** A storage as its configuration file has it. */
function definition({ nodes, storages }: Call['cluster'], storage: LabStorage): Record<string, unknown> {
  const { id, content, type = 'dir', shared, nodes: only, disabled } = storage
  const [somewhere] = nodes.flatMap(({ name }) => storages.on(name).filter((one) => one.id === id))
  return {
    storage: id,
    type,
    content: content.join(','),
    digest: createHash('sha1').update(JSON.stringify(storages.definitions)).digest('hex'),
    ...(type === 'lvmthin' ? { thinpool: 'data', vgname: 'pve' } : { path: somewhere?.shownPath }),
    ...(shared === true ? { shared: 1 } : {}),
    ...(only === undefined ? {} : { nodes: only.join(',') }),
    ...(disabled === true ? { disable: 1 } : {}),
  }
}

/** Of what a storage is, only its content and whether it is enabled can be changed here. */
function redefine({ cluster, parameters }: Call): unknown {
  const id = parameters.text('storage')
  if (!cluster.storages.has(id)) throw failed(`update storage failed: storage '${id}' does not exist`)
  const known = ['storage', 'content', 'disable', 'delete']
  const other = parameters.names.find((name) => !known.includes(name))
  if (other !== undefined) throw notEmulated(cluster, 'PUT', `/storage/${id}`, other)
  const content = parameters.get('content')
  const enabled = splitList(parameters.get('delete') ?? '').includes('disable')
  cluster.storages.redefine(id, {
    ...(content === undefined ? {} : { content: splitList(content) }),
    ...(parameters.has('disable') || enabled ? { disabled: parameters.flag('disable') } : {}),
  })
  const type = cluster.storages.definitions.find((one) => one.id === id)?.type ?? 'dir'
  return { storage: id, type }
}

function listStorages({ cluster, identity, node, parameters }: Call): unknown {
  const only = parameters.get('storage')
  if (only !== undefined) requireKnown(cluster, node, only)
  const wanted = splitList(parameters.get('content') ?? '')
  return cluster.storages
    .on(node)
    .filter(({ id }) => cluster.access.allows(identity.id, `/storage/${id}`, reading, true))
    .filter((storage) => only === undefined || storage.id === only)
    .filter((storage) => wanted.length === 0 || wanted.some((content) => storage.supports(content)))
    .filter(({ definition }) => !parameters.flag('enabled') || definition.disabled !== true)
    .map((storage) => {
      const row = statusRow(storage)
      if (!parameters.flag('format')) return row
      const supported = storage.isDirectory ? ['qcow2', 'raw', 'subvol', 'vmdk'] : ['raw', 'subvol']
      const format = [Object.fromEntries(supported.map((name) => [name, 1])), 'raw']
      if (cluster.schema.major === 8) return { ...row, format }
      return { ...row, format, formats: { default: 'raw', supported } }
    })
}

function statusRow(storage: Storage): Record<string, unknown> {
  const { content, disabled, shared, type } = storage.definition
  const common = {
    storage: storage.id,
    type: type ?? 'dir',
    content: content.join(','),
    shared: shared === true ? 1 : 0,
  }
  if (disabled === true) return { ...common, active: 0, enabled: 0, avail: 0, total: 0, used: 0 }
  const { available: avail, total, used } = storage
  return {
    ...common,
    active: 1,
    enabled: 1,
    avail,
    total,
    used: Math.min(used, total),
    used_fraction: used / total,
  }
}

function requireKnown(cluster: Call['cluster'], node: string, id: string): Storage {
  if (!cluster.storages.has(id)) throw parameterErrors({ storage: 'No such storage.' })
  return cluster.storages.get(node, id)
}
