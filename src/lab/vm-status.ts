import type { Cluster } from './cluster.ts'
import { drivesOf, isCdrom, parseSize } from './drives.ts'
import { hasAgent, memoryOf } from './hardware.ts'
import type { Vm } from './vms.ts'

const noPressure = {
  pressurecpufull: 0,
  pressurecpusome: 0,
  pressureiofull: 0,
  pressureiosome: 0,
  pressurememoryfull: 0,
  pressurememorysome: 0,
}

/** A VM's row in the list of its node. */
export function vmRow(cluster: Cluster, vm: Vm): Record<string, unknown> {
  const { options } = vm.config
  const { lock, tags, template } = options
  const sockets = Number(options.sockets ?? 1)
  const isNine = cluster.schema.major === 9
  return {
    vmid: vm.vmid,
    name: options.name ?? `VM ${vm.vmid}`,
    status: vm.running ? 'running' : 'stopped',
    cpu: 0,
    cpus: Number(options.vcpus ?? sockets * Number(options.cores ?? 1)),
    mem: 0,
    ...(isNine ? { memhost: 0 } : {}),
    maxmem: memoryOf(options) * 1024 ** 2,
    disk: 0,
    maxdisk: bootDiskBytes(cluster, vm),
    netin: 0,
    netout: 0,
    uptime: uptime(vm),
    ...(options.serial0 === undefined ? {} : { serial: 1 }),
    ...(vm.running ? { pid: vm.pid, ...(isNine ? noPressure : {}) } : {}),
    ...(tags === undefined || tags === ' ' ? {} : { tags }),
    ...(lock === undefined ? {} : { lock }),
    ...(template === '1' ? { template: 1 } : {}),
  }
}

/** `status/current`: the row and what only QEMU knows. */
export function vmStatus(cluster: Cluster, vm: Vm): Record<string, unknown> {
  const qmpstatus = vm.paused ? 'paused' : vm.running ? 'running' : 'stopped'
  const cards = Object.keys(vm.config.options).filter((name) => /^net\d+$/.test(name))
  const nics = Object.fromEntries(
    cards.map((name) => [`tap${vm.vmid}i${name.slice(3)}`, { netin: 0, netout: 0 }]),
  )
  return {
    ...vmRow(cluster, vm),
    ha: { managed: 0 },
    qmpstatus,
    ...(hasAgent(vm.config.options) ? { agent: 1 } : {}),
    ...(vm.running && cards.length > 0 ? { nics } : {}),
  }
}

/** A VM's row in `/cluster/resources`. */
export function vmResource(cluster: Cluster, vm: Vm): Record<string, unknown> {
  // Of one that is being created there are no statistics yet.
  if (vm.config.options.lock === 'create') {
    const { vmid, node } = vm
    return { id: `qemu/${vmid}`, type: 'qemu', node, vmid, status: 'unknown', lock: 'create' }
  }
  const { cpus, serial: _, pid: __, ...row } = vmRow(cluster, vm)
  const pool = poolOf(cluster, vm.vmid)
  // Names come with the statistics that nodes send now and then; a young VM is not among them yet.
  const created = Number(/ctime=(\d+)/.exec(vm.config.options.meta ?? '')?.[1] ?? 0) * 1000
  const isYoung = Date.now() - created < cluster.latency.statsMs
  const plain = Object.fromEntries(
    Object.entries(row).filter(([name]) => !name.startsWith('pressure') && !(isYoung && name === 'name')),
  )
  return {
    ...plain,
    // Statistics that were taken while it was created know it under a name that was made up; half of them here.
    ...(isYoung && vm.vmid % 2 === 0 ? { name: `VM ${vm.vmid}` } : {}),
    id: `qemu/${vm.vmid}`,
    type: 'qemu',
    node: vm.node,
    maxcpu: cpus,
    diskread: 0,
    diskwrite: 0,
    template: vm.config.options.template === '1' ? 1 : 0,
    ...(pool === undefined ? {} : { pool }),
    ...(vm.config.options.lock === undefined ? {} : { lock: vm.config.options.lock }),
  }
}

/** The pool that a VM is in. */
export function poolOf(cluster: Pick<Cluster, 'pools'>, vmid: number): string | undefined {
  for (const [name, pool] of cluster.pools) if (pool.vmids.has(vmid)) return name
  return undefined
}

function bootDiskBytes(cluster: Cluster, vm: Vm): number {
  const disks = drivesOf(cluster.schema, vm.config.options)
  const [, disk] = disks.find(([name, drive]) => !isCdrom(drive) && !/^(?:efidisk|tpmstate)/.test(name)) ?? []
  return parseSize(disk?.size ?? '0') ?? 0
}

function uptime(vm: Vm): number {
  return vm.startedAt === undefined ? 0 : Math.max(1, Math.floor((Date.now() - vm.startedAt) / 1000))
}
