import type { Call } from './router.ts'

type Cluster = Call['cluster']

/** Whether a node answers. */
export function isOnline(cluster: Pick<Cluster, 'faults'>, node: string): boolean {
  return cluster.faults.nodeDown(node) === undefined
}

/** The node that serves the API: the first that is up. */
export function localNode(cluster: Pick<Cluster, 'faults' | 'nodes'>): string {
  const up = cluster.nodes.find(({ name }) => isOnline(cluster, name))
  return (up ?? cluster.nodes[0])?.name ?? ''
}

/** Whether more than half of the nodes are up, and nobody says that they do not hear each other. */
export function isQuorate(cluster: Pick<Cluster, 'faults' | 'nodes'>): boolean {
  const up = cluster.nodes.filter(({ name }) => isOnline(cluster, name)).length
  return up * 2 > cluster.nodes.length && !cluster.faults.noQuorum()
}

/** What becomes of a write in a cluster without quorum. */
type Refusal = (call: Call) => { readonly error: string } | { readonly task: string; readonly error: string }

const notReady: Refusal = () => ({ error: 'cluster not ready - no quorum?' })
/** The file system of the cluster is read-only then. */
const readOnly: Refusal = (call) => ({ error: openFailed(call) })
const readOnlyInTask =
  (task: string): Refusal =>
  (call) => ({ task, error: openFailed(call) })
/** These first lock a file of the cluster. */
const unlockable =
  (file: string, prefix = ''): Refusal =>
  () => ({ error: `${prefix}cfs-lock 'file-${file}' error: no quorum!` })

const vm = '/nodes/{node}/qemu/{vmid}'
const token = '/access/users/{userid}/token/{tokenid}'

/** Writes by name of the endpoint; what is not here works: it changes nothing that the nodes share. */
const refusals: Readonly<Record<string, Refusal>> = {
  'POST /nodes/{node}/qemu': notReady,
  [`POST ${vm}/status/start`]: notReady,
  [`POST ${vm}/clone`]: notReady,
  [`PUT ${vm}/config`]: readOnly,
  [`PUT ${vm}/cloudinit`]: readOnly,
  [`PUT ${vm}/unlink`]: readOnly,
  [`POST ${vm}/config`]: readOnlyInTask('qmconfig'),
  [`PUT ${vm}/resize`]: readOnlyInTask('resize'),
  [`POST ${vm}/template`]: readOnlyInTask('qmtemplate'),
  [`POST ${vm}/snapshot`]: readOnlyInTask('qmsnapshot'),
  [`DELETE ${vm}`]: readOnlyInTask('qmdestroy'),
  'POST /access/users': unlockable('user_cfg', 'create user failed: '),
  'PUT /access/users/{userid}': unlockable('user_cfg', 'update user failed: '),
  'DELETE /access/users/{userid}': unlockable('user_cfg', 'delete user failed: '),
  [`POST ${token}`]: unlockable('user_cfg', 'generating token failed: '),
  [`PUT ${token}`]: unlockable('user_cfg', 'updating token info failed: '),
  [`DELETE ${token}`]: unlockable('user_cfg', 'deleting token failed: '),
  'POST /access/groups': unlockable('user_cfg', 'create group failed: '),
  'PUT /access/groups/{groupid}': unlockable('user_cfg', 'update group failed: '),
  'DELETE /access/groups/{groupid}': unlockable('user_cfg', 'delete group failed: '),
  'POST /access/roles': unlockable('user_cfg', 'create role failed: '),
  'PUT /access/roles/{roleid}': unlockable('user_cfg', 'update role failed: '),
  'DELETE /access/roles/{roleid}': unlockable('user_cfg', 'delete role failed: '),
  'PUT /access/acl': unlockable('user_cfg', 'ACL update failed: '),
  'POST /pools': unlockable('user_cfg', 'create pool failed: '),
  'PUT /pools': unlockable('user_cfg', 'update pools failed: '),
  'PUT /pools/{poolid}': unlockable('user_cfg', 'update pools failed: '),
  'DELETE /pools': unlockable('user_cfg', 'delete pool failed: '),
  'DELETE /pools/{poolid}': unlockable('user_cfg', 'delete pool failed: '),
}

/** The endpoint's way to fail where the cluster has no quorum; `undefined` where it can do its work all the same. */
export function quorumRefusal(name: string, call: Call): ReturnType<Refusal> | undefined {
  return isQuorate(call.cluster) ? undefined : refusals[name]?.(call)
}

function openFailed({ node, vmid }: Call): string {
  return `unable to open file '/etc/pve/nodes/${node}/qemu-server/${vmid}.conf.tmp.${process.pid}' - Permission denied`
}
