import { parameterErrors } from '../api-error.ts'
import { isOnline, isQuorate, localNode } from '../health.ts'
import type { Call, Routes } from '../router.ts'
import type { Storage } from '../storage.ts'
import { vmResource } from '../vm-status.ts'
import { nodeRow, version } from './nodes.ts'

type Cluster = Call['cluster']

const index = [
  ...['acme', 'backup', 'backup-info', 'bulk-action', 'ceph', 'config', 'firewall', 'ha', 'jobs', 'log'],
  ...['mapping', 'metrics', 'notifications', 'nextid', 'options', 'qemu', 'replication', 'resources'],
  ...['status', 'tasks', 'sdn'],
]

/** The cluster as a whole. */
export const clusterRoutes: Routes = {
  'GET /version': version,
  'GET /cluster': ({ cluster }) =>
    index
      .filter((name) => cluster.schema.major === 9 || !['bulk-action', 'qemu'].includes(name))
      .map((name) => ({ name })),
  'GET /cluster/status': ({ cluster }) => [...clusterRow(cluster), ...nodeStates(cluster)],
  'GET /cluster/options': () => ({}),
  'GET /cluster/nextid': nextId,
  'GET /cluster/resources': resources,
  'GET /cluster/ha/status/current': ({ cluster }) => {
    const quorate = isQuorate(cluster)
    const node = localNode(cluster)
    const quorum = {
      id: 'quorum',
      node,
      quorate: quorate ? 1 : 0,
      status: quorate ? 'OK' : 'No quorum on node!',
      type: 'quorum',
    }
    if (cluster.schema.major === 8) return [quorum]
    const status = 'standby (CRM watchdog standby)'
    return [quorum, { 'armed-state': 'standby', id: 'fencing', node, status, type: 'fencing' }]
  },
  'GET /cluster/ha/resources': () => [],
  'GET /cluster/sdn/zones': () => [],
  'GET /cluster/sdn/vnets': () => [],
}

function clusterRow(cluster: Cluster): Record<string, unknown>[] {
  const { name, nodes } = cluster
  if (nodes.length < 2) return []
  const quorate = isQuorate(cluster) ? 1 : 0
  return [{ id: 'cluster', name, type: 'cluster', nodes: nodes.length, quorate, version: nodes.length }]
}

function nodeStates(cluster: Cluster): Record<string, unknown>[] {
  const local = localNode(cluster)
  return cluster.nodes.map(({ name, address }, position) => ({
    id: `node/${name}`,
    ip: address,
    level: '',
    local: name === local ? 1 : 0,
    name,
    nodeid: cluster.nodes.length > 1 ? position + 1 : 0,
    online: isOnline(cluster, name) ? 1 : 0,
    type: 'node',
  }))
}

function nextId({ cluster, parameters }: Call): string {
  const vmid = parameters.number('vmid')
  if (vmid === undefined) return String(cluster.vms.nextId())
  if (cluster.vms.find(vmid) !== undefined) throw parameterErrors({ vmid: `VM ${vmid} already exists` })
  return String(vmid)
}

function resources(call: Call): unknown {
  const { cluster, parameters } = call
  const type = parameters.get('type')
  const wants = (kind: string) => type === undefined || type === kind
  return [
    ...(wants('vm') ? vmRows(call) : []),
    ...(wants('node') ? cluster.nodes.map(({ name }) => nodeResource(call, name)) : []),
    ...(wants('storage') ? storageRows(call) : []),
    ...(wants('sdn') ? zoneRows(call) : []),
  ]
}

function vmRows({ cluster, identity }: Call): Record<string, unknown>[] {
  const { access } = cluster
  return cluster.vms
    .list()
    .filter(({ vmid }) => access.allows(identity.id, `/vms/${vmid}`, ['VM.Audit']))
    .map((vm) => {
      const { pool, ...row } = vmResource(cluster, vm)
      const pooled =
        pool !== undefined && access.allows(identity.id, `/pool/${pool}`, ['Pool.Audit'])
          ? { ...row, pool }
          : row
      return isOnline(cluster, vm.node) ? pooled : withoutStatistics(pooled)
    })
}

/** What is known of a VM whose node sends no statistics. */
function withoutStatistics(row: Record<string, unknown>): Record<string, unknown> {
  const known = ['id', 'vmid', 'node', 'type', 'lock', 'tags', 'pool']
  const rest = Object.entries(row).filter(([name]) => known.includes(name))
  return { ...Object.fromEntries(rest), status: 'unknown' }
}

function nodeResource(call: Call, name: string): Record<string, unknown> {
  const { ssl_fingerprint: _, ...row } = nodeRow(call, name)
  return { ...row, 'cgroup-mode': 1 }
}

function storageRows({ cluster, identity }: Call): Record<string, unknown>[] {
  const reading = ['Datastore.Audit', 'Datastore.AllocateSpace']
  return cluster.nodes.flatMap(({ name }) =>
    cluster.storages
      .on(name)
      .filter(({ id }) => cluster.access.allows(identity.id, `/storage/${id}`, reading, true))
      .filter(({ definition }) => definition.disabled !== true)
      .map((storage) => storageResource(cluster, storage)),
  )
}

/** A storage's row, for one node, in `/cluster/resources`. */
export function storageResource(cluster: Cluster, storage: Storage): Record<string, unknown> {
  const { id, definition, node } = storage
  const seen = isOnline(cluster, node) && definition.disabled !== true
  return {
    id: `storage/${node}/${id}`,
    type: 'storage',
    storage: id,
    node,
    content: definition.content.join(','),
    plugintype: definition.type ?? 'dir',
    shared: definition.shared === true ? 1 : 0,
    status: seen ? 'available' : 'unknown',
    ...(seen ? { disk: storage.used, maxdisk: storage.total } : {}),
  }
}

/** The zone of the nodes' own bridges; 9 calls that a network, and shows it only to who asks for everything. */
function zoneRows({ cluster, identity, parameters }: Call): Record<string, unknown>[] {
  if (!cluster.access.allows(identity.id, '/sdn/zones/localnetwork', ['SDN.Audit'])) return []
  const zone = 'localnetwork'
  const common = { status: 'ok' }
  if (cluster.schema.major === 8) {
    return cluster.nodes.map(({ name: node }) => ({
      ...common,
      id: `sdn/${node}/${zone}`,
      node,
      sdn: zone,
      type: 'sdn',
    }))
  }
  if (parameters.has('type')) return []
  return cluster.nodes.map(({ name: node }) => ({
    ...common,
    id: `network/${node}/zone/${zone}`,
    node,
    network: zone,
    'network-type': 'zone',
    type: 'network',
  }))
}
