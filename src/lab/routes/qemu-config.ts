import { failed, parameterErrors } from '../api-error.ts'
import { isRoot } from '../authentication.ts'
import { checkBridges } from '../bridge-access.ts'
import { cloudInitFiles } from '../cloud-init/generated.ts'
import type { Cluster } from '../cluster.ts'
import { requireDigest, updateConfig } from '../config-update.ts'
import { checkDrives } from '../disks.ts'
import { cloudInitDriveName } from '../drives.ts'
import { splitList } from '../formats.ts'
import { pause } from '../latency.ts'
import { requireOptionPrivileges } from '../option-privileges.ts'
import { checkBalloon, checkSshKeys, rewriteOptions } from '../option-values.ts'
import { clearCloudInitChanges } from '../power.ts'
import type { Call, Routes } from '../router.ts'
import type { TaskContext } from '../tasks.ts'
import { digestOf, isPendingDelete, type Options, type VmConfig } from '../vm-config.ts'
import { givenOptions } from './qemu.ts'

/** Configurations: current, pending, and what the cloud-init drive is made of. */
export const qemuConfigRoutes: Routes = {
  'GET /nodes/{node}/qemu/{vmid}/config': ({ cluster, node, vmid, parameters }) => {
    const { config } = cluster.vms.get(node, vmid)
    const snapshot = parameters.get('snapshot')
    if (snapshot !== undefined && parameters.flag('current')) {
      const text = "cannot use 'snapshot' parameter with 'current'"
      throw parameterErrors({ snapshot: text, current: text })
    }
    if (snapshot !== undefined) throw failed(`snapshot '${snapshot}' does not exist`)
    return describe(cluster, config, parameters.flag('current') ? config.options : afterPending(config))
  },
  'PUT /nodes/{node}/qemu/{vmid}/config': async (call) => {
    const prepared = await prepare(call)
    await withLock(call, silentTask(call.cluster), prepared)
  },
  'POST /nodes/{node}/qemu/{vmid}/config': postConfig,
  'PUT /nodes/{node}/qemu/{vmid}/unlink': async (call) => {
    const prepared = await prepare(call, call.parameters.text('idlist'))
    await withLock(call, silentTask(call.cluster), prepared)
  },
  'GET /nodes/{node}/qemu/{vmid}/pending': ({ cluster, node, vmid }) =>
    pendingRows(cluster, cluster.vms.get(node, vmid).config),
  // None can be taken here: there is only the present.
  'GET /nodes/{node}/qemu/{vmid}/snapshot': ({ cluster, node, vmid }) => {
    const { config, running } = cluster.vms.get(node, vmid)
    const digest = digestOf(config)
    return [{ name: 'current', description: 'You are here!', digest, running: running ? 1 : 0 }]
  },
  'GET /nodes/{node}/qemu/{vmid}/cloudinit': ({ cluster, node, vmid }) =>
    cloudInitRows(cluster.vms.get(node, vmid).config),
  'PUT /nodes/{node}/qemu/{vmid}/cloudinit': async ({ cluster, node, vmid }) => {
    const vm = cluster.vms.get(node, vmid)
    vm.requireUnlocked()
    await cluster.vms.lock(vmid).run(() => {
      if (cloudInitDriveName(cluster.schema, vm.config.options) === undefined) {
        throw failed('No cloud-init drive found')
      }
      clearCloudInitChanges(vm)
    })
  },
  'GET /nodes/{node}/qemu/{vmid}/cloudinit/dump': ({ cluster, node, vmid, parameters }) => {
    const { config } = cluster.vms.get(node, vmid)
    const files = cloudInitFiles(config.options, vmid, cluster.dns)
    return files[parameters.text('type') as keyof typeof files]
  },
}

interface Prepared {
  readonly set: Options
  readonly remove: readonly string[]
  readonly revert: readonly string[]
  /** As the task's log tells it. */
  readonly shown: string
}

/** Checks everything that can be wrong before the work begins. */
async function prepare(call: Call, names = call.parameters.get('delete') ?? ''): Promise<Prepared> {
  const { cluster, identity, node, vmid, parameters } = call
  const given = givenOptions(call)
  const remove = splitList(names).map((name) => name.replace(/^!/, ''))
  const revert = splitList(parameters.get('revert') ?? '')
  if (Object.keys(given).length + remove.length + revert.length === 0) throw failed('no options specified')
  checkSshKeys(given.sshkeys)
  for (const name of remove) {
    if (Object.hasOwn(given, name))
      throw parameterErrors({ delete: `you can't use '-${name}' and -delete ${name}' at the same time` })
    const known =
      cluster.schema.vmOptions[name] !== undefined ||
      /^unused\d+$/.test(name) ||
      name === 'meta' ||
      name === 'vmstate'
    if (!known || name === 'digest') throw parameterErrors({ delete: `unknown option '${name}'` })
  }
  checkHookScript(call, given.hookscript)
  const changed = [...Object.keys(given), ...remove, ...revert]
  if (parameters.flag('skiplock') && !isRoot(identity))
    throw parameterErrors({ skiplock: 'Only root may use this option.' })
  checkDrives(cluster, identity, node, given)
  requireOptionPrivileges(cluster, identity, vmid, changed)
  checkBridges(cluster, identity, given)
  // Waits while somebody works on the VM, as a create does.
  await cluster.vms.lock(vmid).run(() => {
    const vm = cluster.vms.get(node, vmid)
    requireDigest(vm, parameters.get('digest'))
    if (!parameters.flag('skiplock')) vm.requireUnlocked()
    if (given.balloon !== undefined) checkBalloon({ ...vm.config.options, ...given })
  })
  return { set: given, remove, revert, shown: shownParameters(call) }
}

function checkHookScript({ cluster, node }: Call, script: string | undefined): void {
  if (script === undefined || cluster.storages.find(node, script) !== undefined) return
  throw parameterErrors({ hookscript: `script '${script}' does not exist\n` })
}

function withLock(
  { cluster, identity, node, vmid, parameters }: Call,
  task: TaskContext,
  prepared: Prepared,
): Promise<void> {
  return cluster.vms.lock(vmid).run(async () => {
    const vm = cluster.vms.get(node, vmid)
    const set = rewriteOptions(cluster, prepared.set, vm.config.options, false)
    const change = { set, delete: prepared.remove, revert: prepared.revert, force: parameters.flag('force') }
    await updateConfig(cluster, vm, change, task, identity)
  }, task.log)
}

async function postConfig(call: Call): Promise<string | null> {
  const { cluster, identity, node, vmid, parameters } = call
  const prepared = await prepare(call)
  const upid = cluster.tasks.start(node, 'qmconfig', String(vmid), identity.id, async (task) => {
    task.log(`update VM ${vmid}: ${prepared.shown}`)
    await pause(cluster.latency.configMs, task.signal)
    await withLock(call, task, prepared)
  })
  const delay = parameters.number('background_delay')
  if (delay === undefined) return upid
  // A task that ends in time is answered as a PUT is.
  const task = cluster.tasks.get(upid)
  await Promise.race([task?.done, pause(delay * 1000, cluster.closing)])
  return task?.exitstatus === 'OK' ? null : upid
}

function shownParameters({ parameters, cluster }: Call): string {
  const shown = parameters.names.filter((name) => !['node', 'vmid', 'background_delay'].includes(name)).sort()
  return shown
    .filter((name) => cluster.schema.vmOptions[name] !== undefined || name === 'delete' || name === 'force')
    .map(
      (name) =>
        `-${name} ${name === 'cipassword' ? '<hidden>' : parameters.text(name).replaceAll('\0', ',')}`,
    )
    .join(' ')
}

/** A PUT does its work without a task. */
function silentTask(cluster: Cluster): TaskContext {
  return { signal: cluster.closing, log: () => undefined, warn: () => undefined }
}

function afterPending(config: VmConfig): Options {
  const options = { ...config.options, ...config.pending }
  for (const name of Object.keys(config.options)) if (isPendingDelete(config, name)) delete options[name]
  return options
}

function describe(cluster: Cluster, config: VmConfig, options: Options): Record<string, unknown> {
  const entries = Object.entries(options).map(([name, value]) => [name, typed(cluster, name, value)])
  return { ...Object.fromEntries(entries), digest: digestOf(config) }
}

/** Integers and booleans are numbers; other numbers stay as they were given. */
function typed(cluster: Cluster, name: string, value: string): string | number {
  if (name === 'cipassword') return '**********'
  const type = cluster.schema.vmOptions[name]?.type
  return type === 'integer' || type === 'boolean' ? Number(value) : value
}

function pendingRows(cluster: Cluster, config: VmConfig): Record<string, unknown>[] {
  const names = new Set([...Object.keys(config.options), ...Object.keys(config.pending)])
  const rows: Record<string, unknown>[] = [...names].map((key) => {
    const [value, pending] = [config.options[key], config.pending[key]]
    return {
      key,
      ...(value === undefined ? {} : { value: typed(cluster, key, value) }),
      ...(pending === undefined ? {} : { pending: typed(cluster, key, pending) }),
      ...(isPendingDelete(config, key) ? { delete: config.pendingDelete.has(`!${key}`) ? 2 : 1 } : {}),
    }
  })
  return [...rows, { key: 'digest', value: digestOf(config) }]
}

const cloudInitKeys = ['cicustom', 'cipassword', 'citype', 'ciuser', 'nameserver', 'searchdomain', 'sshkeys']

/** What the drive says (`value`) and what it will say when it is made anew (`pending`). */
function cloudInitRows(config: VmConfig): Record<string, unknown>[] {
  const changed = Object.keys(config.cloudInit)
  const present = cloudInitKeys.filter((key) => (config.options[key] ?? '').trim() !== '')
  return [...new Set([...present, ...changed])].map((key) => {
    const hide = (value: string) => (key === 'cipassword' ? '**********' : value)
    const now = config.options[key]
    const old = config.cloudInit[key]
    if (old === undefined) return { key, value: hide(now ?? '') }
    return {
      key,
      ...(old === '' ? {} : { value: hide(old) }),
      ...(now === undefined ? { delete: 1 } : { pending: hide(now) }),
    }
  })
}
