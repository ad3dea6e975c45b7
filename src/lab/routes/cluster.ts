import { ApiError, failed, parameterErrors } from '../api-error.ts'
import type { Call, Routes } from '../router.ts'
import { poolOf, vmResource } from '../vm-status.ts'

/** The cluster, its nodes and its pools. */
export const clusterRoutes: Routes = {
  'GET /version': version,
  'GET /nodes/{node}/version': version,
  'GET /cluster/status': ({ cluster }) => [
    ...(cluster.nodes.length > 1
      ? [{ id: 'cluster', name: 'lab', type: 'cluster', nodes: cluster.nodes.length, quorate: 1, version: 1 }]
      : []),
    ...cluster.nodes.map(({ name, address }, index) => ({
      id: `node/${name}`,
      ip: address,
      level: '',
      local: index === 0 ? 1 : 0,
      name,
      nodeid: cluster.nodes.length > 1 ? index + 1 : 0,
      online: 1,
      type: 'node',
    })),
  ],
  'GET /cluster/options': () => ({}),
  'GET /cluster/nextid': nextId,
  'GET /cluster/resources': resources,
  'GET /cluster/ha/status/current': ({ cluster }) => [
    { id: 'quorum', node: cluster.nodes[0]?.name, quorate: 1, status: 'OK', type: 'quorum' },
  ],
  'GET /cluster/sdn/zones': () => [],
  'GET /cluster/sdn/vnets': () => [],
  'GET /nodes': (call) => call.cluster.nodes.map(({ name }) => nodeRow(call, name)),
  'GET /nodes/{node}': () =>
    ['network', 'qemu', 'query-url-metadata', 'status', 'storage', 'tasks', 'version'].map((name) => ({
      name,
    })),
  'GET /nodes/{node}/status': nodeStatus,
  'GET /nodes/{node}/dns': ({ cluster: { dns } }) => ({
    ...Object.fromEntries(dns.nameservers.map((server, index) => [`dns${index + 1}`, server])),
    ...(dns.search === undefined ? {} : { search: dns.search }),
  }),
  'GET /nodes/{node}/time': () => {
    const time = Math.floor(Date.now() / 1000)
    return { time, localtime: time, timezone: 'UTC' }
  },
  'GET /nodes/{node}/network': networks,
  'GET /nodes/{node}/network/{iface}': (call) => {
    const bridge = bridges(call).find(({ iface }) => iface === call.parameters.get('iface'))
    if (bridge === undefined) throw parameterErrors({ iface: 'interface does not exist' })
    const { iface: _, ...rest } = bridge
    return rest
  },
  'GET /pools': pools,
  'POST /pools': ({ cluster, parameters }) => {
    const poolid = parameters.text('poolid')
    if (cluster.pools.has(poolid)) throw failed(`create pool failed: pool '${poolid}' already exists`)
    cluster.pools.set(poolid, { comment: parameters.get('comment'), vmids: new Set() })
  },
  'GET /pools/{poolid}': (call) => {
    const poolid = call.parameters.text('poolid')
    const { comment, members } = poolWithMembers(call, poolid)
    const named = call.cluster.schema.major === 9 ? { poolid } : {}
    return { ...named, ...(comment === undefined ? {} : { comment }), members }
  },
  'DELETE /pools/{poolid}': ({ cluster, parameters }) => {
    requirePool(cluster, parameters.text('poolid'))
    cluster.pools.delete(parameters.text('poolid'))
  },
}

function version({ cluster: { schema } }: Call): unknown {
  return { release: schema.release, repoid: '0000000000000000', version: schema.version }
}

function nextId({ cluster, parameters }: Call): string {
  const vmid = parameters.number('vmid')
  if (vmid === undefined) return String(cluster.vms.nextId())
  if (cluster.vms.find(vmid) !== undefined) throw parameterErrors({ vmid: `VM ${vmid} already exists` })
  return String(vmid)
}

function resources(call: Call): unknown {
  const { cluster, identity, parameters } = call
  const type = parameters.get('type')
  const rows: Record<string, unknown>[] = []
  if (type === undefined || type === 'vm') {
    const visible = cluster.vms
      .list()
      .filter(({ vmid }) => cluster.access.allows(identity.id, `/vms/${vmid}`, ['VM.Audit']))
    rows.push(...visible.map((vm) => vmResource(cluster, vm)))
  }
  if (type === undefined || type === 'node') {
    for (const { name } of cluster.nodes) {
      const { ssl_fingerprint: _, ...row } = nodeRow(call, name)
      rows.push({ ...row, 'cgroup-mode': 1 })
    }
  }
  if (type === undefined || type === 'storage') rows.push(...storageRows(call))
  return rows
}

function storageRows({ cluster, identity }: Call): Record<string, unknown>[] {
  const reading = ['Datastore.Audit', 'Datastore.AllocateSpace']
  return cluster.nodes.flatMap(({ name: node }) =>
    cluster.storages
      .on(node)
      .filter(({ id }) => cluster.access.allows(identity.id, `/storage/${id}`, reading, true))
      .map((storage) => ({
        id: `storage/${node}/${storage.id}`,
        type: 'storage',
        storage: storage.id,
        node,
        content: storage.definition.content.join(','),
        plugintype: storage.definition.type ?? 'dir',
        shared: storage.definition.shared === true ? 1 : 0,
        status: storage.definition.disabled === true ? 'unknown' : 'available',
        disk: storage.used,
        maxdisk: storage.total,
      })),
  )
}

function nodeRow({ cluster, identity }: Call, name: string): Record<string, unknown> {
  const node = cluster.nodes.find((candidate) => candidate.name === name)
  const row = {
    id: `node/${name}`,
    node: name,
    type: 'node',
    level: '',
    status: 'online',
    ssl_fingerprint: cluster.fingerprint,
  }
  if (node === undefined || !cluster.access.allows(identity.id, `/nodes/${name}`, ['Sys.Audit'])) return row
  return {
    ...row,
    cpu: 0.01,
    maxcpu: node.cpus,
    mem: Math.floor(node.memoryBytes / 8),
    maxmem: node.memoryBytes,
    disk: 32 * 1024 ** 3,
    maxdisk: 256 * 1024 ** 3,
    uptime: uptime(cluster),
  }
}

function nodeStatus({ cluster, node: name }: Call): unknown {
  const node = cluster.nodes.find((candidate) => candidate.name === name)
  if (node === undefined) throw new ApiError(500, 'no such node')
  const used = Math.floor(node.memoryBytes / 8)
  return {
    pveversion: `pve-manager/${cluster.schema.version}/0000000000000000`,
    kversion: 'Linux 6.14.11-4-pve #1 SMP PREEMPT_DYNAMIC',
    'current-kernel': {
      machine: 'x86_64',
      release: '6.14.11-4-pve',
      sysname: 'Linux',
      version: '#1 SMP PREEMPT_DYNAMIC',
    },
    'boot-info': { mode: 'efi' },
    cpu: 0.01,
    cpuinfo: {
      cores: node.cpus,
      cpus: node.cpus,
      sockets: 1,
      model: 'Simulated',
      hvm: '1',
      mhz: '3000.000',
      user_hz: 100,
      flags: '',
    },
    loadavg: ['0.10', '0.10', '0.10'],
    memory: {
      total: node.memoryBytes,
      used,
      free: node.memoryBytes - used,
      available: node.memoryBytes - used,
    },
    rootfs: { total: 256 * 1024 ** 3, used: 32 * 1024 ** 3, free: 224 * 1024 ** 3, avail: 224 * 1024 ** 3 },
    swap: { total: 0, used: 0, free: 0 },
    ksm: { shared: 0 },
    uptime: uptime(cluster),
    idle: 0,
    wait: 0,
  }
}

function uptime(cluster: Call['cluster']): number {
  return 4800 + Math.floor((Date.now() - cluster.startedAt) / 1000)
}

function networks(call: Call): unknown {
  const { cluster, identity, parameters } = call
  const type = parameters.get('type')
  if (type !== undefined && !/^(?:bridge|any_bridge|any_local_bridge|include_sdn)$/.test(type)) return []
  return bridges(call).filter(({ iface }) =>
    cluster.access.allows(identity.id, `/sdn/zones/localnetwork/${iface}`, ['SDN.Audit', 'SDN.Use'], true),
  )
}

function bridges({ cluster, node: name }: Call) {
  const node = cluster.nodes.find((candidate) => candidate.name === name)
  return (node?.bridges ?? []).map((iface, index) => ({
    iface,
    type: 'bridge',
    active: 1,
    autostart: 1,
    bridge_fd: '0',
    bridge_ports: '',
    bridge_stp: 'off',
    families: ['inet'],
    method: index === 0 ? 'static' : 'manual',
    method6: 'manual',
    priority: 3 + index,
    ...(index === 0
      ? {
          address: node?.address,
          cidr: `${node?.address}/24`,
          netmask: '24',
          gateway: node?.address.replace(/\.\d+$/, '.1'),
        }
      : {}),
  }))
}

function pools(call: Call): unknown {
  const { cluster, identity, parameters } = call
  const poolid = parameters.get('poolid')
  if (poolid !== undefined) return [{ ...poolWithMembers(call, poolid), poolid }]
  return [...cluster.pools]
    .filter(([name]) => cluster.access.allows(identity.id, `/pool/${name}`, ['Pool.Audit']))
    .map(([name, { comment }]) => ({ poolid: name, ...(comment === undefined ? {} : { comment }) }))
}

function poolWithMembers({ cluster }: Call, poolid: string) {
  const pool = requirePool(cluster, poolid)
  const members = cluster.vms.list().filter(({ vmid }) => poolOf(cluster, vmid) === poolid)
  return { comment: pool.comment, members: members.map((vm) => vmResource(cluster, vm)) }
}

function requirePool(cluster: Call['cluster'], poolid: string) {
  const pool = cluster.pools.get(poolid)
  if (pool === undefined) throw failed(`pool '${poolid}' does not exist`)
  return pool
}
