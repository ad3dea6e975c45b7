import { createHash } from 'node:crypto'
import { parameterErrors } from '../api-error.ts'
import { maySeeBridge } from '../bridge-access.ts'
import type { LabNode } from '../cluster.ts'
import { isOnline } from '../health.ts'
import type { Call, Routes } from '../router.ts'

const release = '6.14.11-4-pve'
const kernelVersion = '#1 SMP PREEMPT_DYNAMIC'

const index = [
  ...['aplinfo', 'apt', 'capabilities', 'ceph', 'certificates', 'config', 'disks', 'dns', 'firewall'],
  ...['hardware', 'hosts', 'journal', 'lxc', 'migrateall', 'netstat', 'network', 'qemu'],
  ...['query-oci-repo-tags', 'query-url-metadata', 'replication', 'report', 'rrd', 'rrddata', 'scan', 'sdn'],
  ...['services', 'spiceshell', 'startall', 'status', 'stopall', 'storage', 'subscription', 'suspendall'],
  ...['syslog', 'tasks', 'termproxy', 'time', 'version', 'vncshell', 'vzdump', 'wakeonlan'],
]

/** The nodes. */
export const nodeRoutes: Routes = {
  'GET /nodes': (call) => call.cluster.nodes.map(({ name }) => nodeRow(call, name)),
  'GET /nodes/{node}': ({ cluster }) =>
    index
      .filter((name) => cluster.schema.major === 9 || name !== 'query-oci-repo-tags')
      .map((name) => ({ name })),
  'GET /nodes/{node}/version': version,
  'GET /nodes/{node}/status': nodeStatus,
  'GET /nodes/{node}/dns': ({ cluster: { dns } }) => ({
    ...Object.fromEntries(dns.nameservers.map((server, position) => [`dns${position + 1}`, server])),
    ...(dns.search === undefined ? {} : { search: dns.search }),
  }),
  'GET /nodes/{node}/hosts': (call) => {
    const { name, address } = nodeOf(call)
    const domain = call.cluster.dns.search
    const full = domain === undefined ? '' : ` ${name}.${domain}`
    const data = `127.0.0.1 localhost\n${address}${full} ${name}\n`
    return { data, digest: createHash('sha1').update(data).digest('hex') }
  },
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
  'GET /nodes/{node}/capabilities/qemu': ({ cluster }) =>
    (cluster.schema.major === 9 ? ['cpu', 'cpu-flags', 'machines', 'migration'] : ['cpu', 'machines']).map(
      (name) => ({ name }),
    ),
  'GET /nodes/{node}/capabilities/qemu/migration': () => ({ 'has-dbus-vmstate': true }),
}

/** The version of the API. */
export function version({ cluster: { schema } }: Call): unknown {
  return { release: schema.release, repoid: '0000000000000000', version: schema.version }
}

/** A node's row in the list; without its figures for those who may not see them. */
export function nodeRow({ cluster, identity }: Call, name: string): Record<string, unknown> {
  const node = cluster.nodes.find((candidate) => candidate.name === name)
  const online = isOnline(cluster, name)
  const row = {
    id: `node/${name}`,
    node: name,
    type: 'node',
    level: '',
    status: online ? 'online' : 'offline',
    ssl_fingerprint: cluster.fingerprint,
  }
  if (node === undefined || !cluster.access.allows(identity.id, `/nodes/${name}`, ['Sys.Audit'])) return row
  const size = { maxcpu: node.cpus, maxmem: node.memoryBytes, maxdisk: node.diskBytes }
  if (!online) return { ...row, ...size }
  const used = { cpu: 0.01, mem: eighth(node.memoryBytes), disk: eighth(node.diskBytes) }
  return { ...row, ...size, ...used, uptime: uptime(cluster) }
}

function nodeStatus(call: Call): unknown {
  const { cluster } = call
  const { cpus, diskBytes, memoryBytes } = nodeOf(call)
  const memory = { total: memoryBytes, ...shares(memoryBytes) }
  const disk = { total: diskBytes, ...shares(diskBytes) }
  const isNine = cluster.schema.major === 9
  return {
    pveversion: `pve-manager/${cluster.schema.version}/0000000000000000`,
    kversion: `Linux ${release} ${kernelVersion}`,
    'current-kernel': { machine: 'x86_64', release, sysname: 'Linux', version: kernelVersion },
    'boot-info': { mode: 'efi', secureboot: 0 },
    cpu: 0.01,
    cpuinfo: {
      cores: cpus,
      cpus,
      sockets: 1,
      model: 'Simulated',
      ...(isNine ? { vendor: 'AuthenticAMD', family: '25' } : {}),
      hvm: '1',
      mhz: '3000.000',
      user_hz: 100,
      flags: 'fpu nx svm',
    },
    loadavg: ['0.10', '0.10', '0.10'],
    memory: isNine ? { ...memory, available: memory.free } : memory,
    rootfs: { ...disk, avail: disk.free },
    swap: { total: 0, used: 0, free: 0 },
    ksm: { shared: 0 },
    uptime: uptime(cluster),
    idle: 0,
    wait: 0,
  }
}

/** As much as if somebody used it. */
function shares(total: number): { used: number; free: number } {
  return { used: eighth(total), free: total - eighth(total) }
}

function eighth(total: number): number {
  return Math.floor(total / 8)
}

function uptime(cluster: Call['cluster']): number {
  return 4800 + Math.floor((Date.now() - cluster.startedAt) / 1000)
}

function networks(call: Call): unknown {
  const { cluster, identity, parameters } = call
  const type = parameters.get('type')
  if (type !== undefined && !/^(?:bridge|any_bridge|any_local_bridge|include_sdn)$/.test(type)) return []
  return bridges(call).filter(({ iface }) => maySeeBridge(cluster.access, identity, iface))
}

function bridges(call: Call) {
  const { address, bridges: names } = nodeOf(call)
  return names.map((iface, position) => ({
    iface,
    type: 'bridge',
    active: 1,
    autostart: 1,
    bridge_fd: '0',
    bridge_ports: '',
    bridge_stp: 'off',
    families: ['inet'],
    method: position === 0 ? 'static' : 'manual',
    method6: 'manual',
    priority: 3 + position,
    // The first is the node's own.
    ...(position === 0
      ? { address, cidr: `${address}/24`, netmask: '24', gateway: address.replace(/\.\d+$/, '.1') }
      : {}),
  }))
}

/** The node of the path; the server has made sure that there is one. */
function nodeOf({ cluster, node }: Call): Required<LabNode> {
  const found = cluster.nodes.find(({ name }) => name === node)
  if (found === undefined) throw parameterErrors({ node: 'no such node' })
  return found
}
