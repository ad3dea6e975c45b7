import { type ApiError, failed, permissionDenied } from '../api-error.ts'
import { checkBridges } from '../bridge-access.ts'
import type { Cluster } from '../cluster.ts'
import { drivesOf, isCdrom } from '../drives.ts'
import { notEmulated } from '../not-emulated.ts'
import { requirePrivileges } from '../permissions.ts'
import type { Call, Routes } from '../router.ts'
import { cloneVm } from '../vm-clone.ts'
import { makeTemplate } from '../vm-template.ts'
import type { Vm } from '../vms.ts'

/** Full copies of VMs, and VMs that are made to be copied. */
export const qemuCopyRoutes: Routes = {
  'POST /nodes/{node}/qemu/{vmid}/clone': clone,
  'POST /nodes/{node}/qemu/{vmid}/template': ({ cluster, identity, node, vmid }) => {
    const check = () => {
      const vm = cluster.vms.get(node, vmid)
      vm.requireUnlocked()
      if (isTemplate(vm)) throw failed("you can't convert a template to a template")
      if (vm.running) throw failed("you can't convert a VM to template if VM is running")
      return vm
    }
    check()
    return cluster.tasks.start(node, 'qmtemplate', String(vmid), identity.id, (task) =>
      cluster.vms.lock(vmid).run(() => makeTemplate(cluster, check()), task.log),
    )
  },
}

function clone(call: Call): string {
  const { cluster, identity, node, vmid, parameters } = call
  const newid = parameters.number('newid') ?? 0
  const pool = parameters.get('pool')
  const target = { storage: parameters.get('storage'), format: parameters.get('format') }
  const original = checkClone(call, newid)
  const copy = cluster.vms.create(node, newid, 'clone')
  return cluster.tasks.start(
    node,
    'qmclone',
    String(vmid),
    identity.id,
    (task) =>
      cluster.vms.lock(newid).run(async () => {
        const options = { name: parameters.get('name'), description: parameters.get('description'), target }
        await cloneVm(cluster, original, copy, options, task)
        if (pool !== undefined) cluster.pools.get(pool)?.vmids.add(newid)
      }),
    { interrupted: 'clone failed: received interrupt', onFailure: () => cluster.vms.remove(copy) },
  )
}

/** Throws what Proxmox answers before any work begins. */
function checkClone({ cluster, identity, node, vmid, parameters }: Call, newid: number): Vm {
  const [pool, storage] = [parameters.get('pool'), parameters.get('storage')]
  if (pool !== undefined && !cluster.pools.has(pool)) throw permissionDenied(`/pool/${pool}`, ['VM.Allocate'])
  if (storage !== undefined) cluster.storages.get(node, storage)
  const vm = cluster.vms.get(node, vmid)
  vm.requireUnlocked()
  const isFull = parameters.has('full') ? parameters.flag('full') : !isTemplate(vm)
  for (const name of ['storage', 'format']) {
    if (!isFull && parameters.has(name)) throw failed(`parameter '${name}' not allowed for linked clones`)
  }
  requireStorageAccess(cluster, identity, vm, storage)
  checkBridges(cluster, identity, vm.config.options)
  if (cluster.vms.find(newid) !== undefined)
    throw failed(`unable to create VM ${newid}: config file already exists`)
  if (!isFull) throw linkedClone(cluster, vm)
  return vm
}

/** Only a template's disks can be shared: Proxmox refuses it for all others. */
function linkedClone(cluster: Cluster, vm: Vm): ApiError {
  const [drive] = drivesOf(cluster.schema, vm.config.options).find(([, one]) => !isCdrom(one)) ?? []
  if (!isTemplate(vm) && drive !== undefined)
    return failed(`Linked clone feature is not supported for drive '${drive}'`)
  return notEmulated(cluster, 'POST', `/nodes/${vm.node}/qemu/${vm.vmid}/clone`, 'linked clones')
}

function requireStorageAccess(
  cluster: Cluster,
  identity: Call['identity'],
  vm: Vm,
  target: string | undefined,
): void {
  for (const [, drive] of drivesOf(cluster.schema, vm.config.options)) {
    if (isCdrom(drive)) continue
    const id = target ?? cluster.storages.split(vm.node, drive.file).storage.id
    requirePrivileges(cluster.access, identity, `/storage/${id}`, ['Datastore.AllocateSpace'])
  }
}

function isTemplate(vm: Vm): boolean {
  return vm.config.options.template === '1'
}
