import { failed, permissionDenied } from '../api-error.ts'
import { splitList } from '../formats.ts'
import { localNode } from '../health.ts'
import { mayModifyAcl, requirePrivileges } from '../permissions.ts'
import { newPool, type Pool } from '../pools.ts'
import type { Call, Routes } from '../router.ts'
import { poolOf, vmResource } from '../vm-status.ts'
import type { Vm } from '../vms.ts'
import { storageResource } from './cluster.ts'

type Cluster = Call['cluster']

/** Pools of VMs and storages. */
export const poolRoutes: Routes = {
  'GET /pools': (call) => {
    const { cluster, identity, parameters } = call
    const poolid = parameters.get('poolid')
    if (poolid !== undefined) {
      // Proxmox looks at the privilege, and then answers all the same.
      return [{ poolid, ...contentOf(call, poolid, requirePool(cluster, poolid, '')) }]
    }
    return [...cluster.pools]
      .filter(([name]) => cluster.access.allows(identity.id, `/pool/${name}`, ['Pool.Audit']))
      .map(([name, { comment }]) => ({ poolid: name, ...(comment ? { comment } : {}) }))
  },
  'POST /pools': createPool,
  'PUT /pools': updatePool,
  'DELETE /pools': deletePool,
  'GET /pools/{poolid}': (call) => {
    const poolid = call.parameters.text('poolid')
    return { poolid, ...contentOf(call, poolid, requirePool(call.cluster, poolid, '')) }
  },
  'PUT /pools/{poolid}': updatePool,
  'DELETE /pools/{poolid}': deletePool,
}

/** A pool's comment and its members; VMs that are gone stay in its list, but are not shown. */
function contentOf({ cluster, parameters }: Call, poolid: string, { comment, storages }: Pool) {
  const type = parameters.get('type')
  const vms = cluster.vms.list().filter(({ vmid }) => poolOf(cluster, vmid) === poolid)
  return {
    ...(comment ? { comment } : {}),
    members: [
      ...(type === undefined || type === 'qemu' ? vms.map((vm) => memberRow(cluster, vm)) : []),
      ...(type === undefined || type === 'storage' ? storageMembers(cluster, storages) : []),
    ],
  }
}

/** That it is in this pool need not be said; tags are not among what a pool tells. */
function memberRow(cluster: Cluster, vm: Vm): Record<string, unknown> {
  const { pool: _, tags: __, ...row } = vmResource(cluster, vm)
  return row
}

/** One row each, of the local node where it has the storage. */
function storageMembers(cluster: Cluster, storages: ReadonlySet<string>): Record<string, unknown>[] {
  const local = localNode(cluster)
  const names = [local, ...cluster.nodes.map(({ name }) => name).filter((name) => name !== local)]
  return [...storages].sort().flatMap((id) => {
    const [storage] = names.flatMap((name) => cluster.storages.on(name).filter((one) => one.id === id))
    return storage === undefined ? [] : [storageResource(cluster, storage)]
  })
}

function createPool({ cluster, parameters }: Call): void {
  const poolid = parameters.text('poolid')
  const fail = (text: string) => failed(`create pool failed: ${text}`)
  if (cluster.pools.has(poolid)) throw fail(`pool '${poolid}' already exists`)
  const parent = poolid.replace(/\/?[^/]*$/, '')
  if (parent !== '' && !cluster.pools.has(parent)) {
    throw fail(`parent '${parent}' of pool '${poolid}' does not exist`)
  }
  if (!/^[A-Za-z]/.test(poolid.slice(parent.length).replace(/^\//, ''))) {
    throw fail('pool name must start with a letter')
  }
  cluster.pools.set(poolid, newPool(parameters.get('comment')))
}

function updatePool({ cluster, identity, parameters }: Call): void {
  const poolid = parameters.text('poolid')
  const pool = requirePool(cluster, poolid, 'update pools failed: ')
  const fail = (text: string) => failed(`update pools failed: ${text}`)
  const remove = parameters.flag('delete')
  if (parameters.has('comment')) pool.comment = parameters.get('comment')
  const requireModify = (path: string) => {
    if (!mayModifyAcl(cluster.access, identity, path)) throw permissionDenied()
  }
  for (const vmid of splitList(parameters.get('vms') ?? '').map(Number)) {
    requireModify(`/vms/${vmid}`)
    if (pool.vmids.has(vmid) !== remove) {
      throw fail(`VM ${vmid} is ${remove ? 'not' : 'already'} a pool member`)
    }
    if (!remove) takeFromOther(cluster, identity, vmid, parameters.flag('allow-move'))
    if (remove) pool.vmids.delete(vmid)
    else pool.vmids.add(vmid)
  }
  for (const id of splitList(parameters.get('storage') ?? '')) {
    requireModify(`/storage/${id}`)
    if (pool.storages.has(id) !== remove) {
      throw fail(`Storage '${id}' is ${remove ? 'not' : 'already'} a pool member`)
    }
    if (remove) pool.storages.delete(id)
    else pool.storages.add(id)
  }
}

/** A VM is in one pool only. */
function takeFromOther(cluster: Cluster, identity: Call['identity'], vmid: number, mayMove: boolean): void {
  const before = poolOf(cluster, vmid)
  if (before === undefined) return
  if (!mayMove) {
    throw failed(
      `update pools failed: VM ${vmid} belongs already to pool '${before}' and 'allow-move' is not set`,
    )
  }
  requirePrivileges(cluster.access, identity, `/pool/${before}`, ['Pool.Allocate'])
  cluster.pools.get(before)?.vmids.delete(vmid)
}

function deletePool({ cluster, parameters }: Call): void {
  const poolid = parameters.text('poolid')
  const { vmids, storages } = requirePool(cluster, poolid, 'delete pool failed: ')
  const within = [...cluster.pools.keys()].sort().find((name) => name.startsWith(`${poolid}/`))
  const vmid = [...vmids].sort().find((id) => cluster.vms.find(id) !== undefined)
  const storage = [...storages].sort().find((id) => cluster.storages.has(id))
  const member =
    (within && `pool '${within}'`) ?? (vmid && `VM ${vmid}`) ?? (storage && `storage '${storage}'`)
  if (member !== undefined) {
    throw failed(`delete pool failed: pool '${poolid}' is not empty (contains ${member})`)
  }
  cluster.pools.delete(poolid)
  cluster.access.acl = cluster.access.acl.filter(({ path }) => path !== `/pool/${poolid}`)
}

function requirePool(cluster: Cluster, poolid: string, what: string): Pool {
  const pool = cluster.pools.get(poolid)
  if (pool === undefined) throw failed(`${what}pool '${poolid}' does not exist`)
  return pool
}
