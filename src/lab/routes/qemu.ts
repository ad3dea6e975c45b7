import { truncateSync } from 'node:fs'
import { failed, parameterErrors, permissionDenied } from '../api-error.ts'
import { checkBridges } from '../bridge-access.ts'
import type { Cluster } from '../cluster.ts'
import { checkDrives, resizedBytes, withVolumeIds } from '../disks.ts'
import { formatSize, isCdrom, isDriveName, parseDrive, printDrive } from '../drives.ts'
import { pause } from '../latency.ts'
import { requireOptionPrivileges } from '../option-privileges.ts'
import { checkSshKeys } from '../option-values.ts'
import { requirePrivileges } from '../permissions.ts'
import { startVm } from '../power.ts'
import type { Call, Routes } from '../router.ts'
import { emptyConfig, type Options } from '../vm-config.ts'
import { createVm, destroyVm } from '../vm-create.ts'
import { vmRow, vmStatus } from '../vm-status.ts'

/** Parameters of a create that are no options of the VM. */
const notOptions = new Set([
  'node',
  'vmid',
  'archive',
  'bwlimit',
  'force',
  'ha-managed',
  'import-working-storage',
  'live-restore',
  'pool',
  'start',
  'storage',
  'unique',
])

const vmIndex = [
  ...['config', 'cloudinit', 'pending', 'status', 'unlink', 'vncproxy', 'termproxy', 'migrate', 'resize'],
  ...['move', 'rrd', 'rrddata', 'monitor', 'agent', 'snapshot', 'spiceproxy', 'sendkey', 'firewall'],
  ...['mtunnel', 'remote_migrate'],
]

/** VMs: list, create, resize, destroy. */
export const qemuRoutes: Routes = {
  'GET /nodes/{node}/qemu': ({ cluster, identity, node, parameters }) =>
    cluster.vms
      .list()
      .filter((vm) => vm.node === node && cluster.access.allows(identity.id, `/vms/${vm.vmid}`, ['VM.Audit']))
      .map((vm) => {
        if (!parameters.flag('full')) return vmRow(cluster, vm)
        const { agent: _, ha: __, ...full } = vmStatus(cluster, vm)
        return full
      }),
  'POST /nodes/{node}/qemu': create,
  'GET /nodes/{node}/qemu/{vmid}': ({ cluster, node, vmid }) => {
    cluster.vms.get(node, vmid)
    return vmIndex.map((subdir) => ({ subdir }))
  },
  'DELETE /nodes/{node}/qemu/{vmid}': destroy,
  'PUT /nodes/{node}/qemu/{vmid}/resize': resize,
}

async function create(call: Call): Promise<string> {
  const { cluster, identity, node, parameters } = call
  const vmid = parameters.number('vmid') ?? 0
  const options = givenOptions(call)
  checkSshKeys(options.sshkeys)
  const start = parameters.flag('start')
  if (start && cluster.schema.major === 9) {
    requirePrivileges(cluster.access, identity, `/vms/${vmid}`, ['VM.PowerMgmt'])
  }
  checkCreate(call, vmid, options)
  if (cluster.faults.racesFor(vmid)) createForeignVm(cluster, node, vmid)
  const lock = cluster.vms.lock(vmid)
  // A second create of the same id waits for the first one, and then finds the VM.
  const vm = await lock.run(() => cluster.vms.create(node, vmid))
  const pool = parameters.get('pool')
  return cluster.tasks.start(
    node,
    'qmcreate',
    String(vmid),
    identity.id,
    async (task) => {
      await lock.run(() => createVm(cluster, vm, options, task))
      if (pool !== undefined) cluster.pools.get(pool)?.vmids.add(vmid)
      if (start) {
        task.log('Execute autostart')
        cluster.tasks.start(node, 'qmstart', String(vmid), identity.id, (starting) =>
          lock.run(() => startVm(cluster, vm, starting)),
        )
      }
    },
    {
      interrupted: `unable to create VM ${vmid} - received interrupt`,
      onFailure: () => cluster.vms.remove(vm),
    },
  )
}

/** The VM's options among the parameters; `cdrom` is another name of `ide2`. */
export function givenOptions({ cluster, node, parameters }: Call): Options {
  const options: Options = {}
  for (const name of parameters.names) {
    if (notOptions.has(name) || cluster.schema.vmOptions[name] === undefined) continue
    const value = parameters.text(name)
    if (name === 'cdrom') options.ide2 = value.includes('media=') ? value : `${value},media=cdrom`
    else options[name] = value
  }
  for (const name of ['delete', 'digest', 'revert', 'skiplock', 'force']) delete options[name]
  return withVolumeIds(cluster, node, options)
}

function checkCreate({ cluster, identity, node, parameters }: Call, vmid: number, options: Options): void {
  const { access } = cluster
  const [pool, storage, archive] = [
    parameters.get('pool'),
    parameters.get('storage'),
    parameters.get('archive'),
  ]
  if (storage !== undefined)
    requirePrivileges(access, identity, `/storage/${storage}`, ['Datastore.AllocateSpace'])
  const mayInPool =
    pool !== undefined &&
    cluster.pools.has(pool) &&
    access.allows(identity.id, `/pool/${pool}`, ['VM.Allocate'])
  if (pool !== undefined && !cluster.pools.has(pool)) throw permissionDenied(`pool '${pool}' does not exist`)
  if (!access.allows(identity.id, `/vms/${vmid}`, ['VM.Allocate']) && !mayInPool) throw permissionDenied()
  if (archive !== undefined) throw failed(`volume '${archive}' does not exist`)
  checkDrives(cluster, identity, node, options)
  requireOptionPrivileges(cluster, identity, vmid, Object.keys(options), pool)
  checkBridges(cluster, identity, options)
}

/** Somebody else was faster. */
function createForeignVm(cluster: Cluster, node: string, vmid: number): void {
  if (cluster.vms.find(vmid) !== undefined) return
  const vm = cluster.vms.create(node, vmid)
  vm.config = emptyConfig({ name: 'somebody-else', memory: '512', boot: ' ' })
  vm.save()
}

function destroy({ cluster, identity, node, vmid, parameters }: Call): string {
  const vm = cluster.vms.get(node, vmid)
  if (vm.config.options.protection === '1') throw failed(`can't remove VM ${vmid} - protection mode enabled`)
  if (vm.running) throw failed(`VM ${vmid} is running - destroy failed`)
  const unreferencedToo = parameters.flag('destroy-unreferenced-disks')
  return cluster.tasks.start(node, 'qmdestroy', String(vmid), identity.id, (task) =>
    cluster.vms.lock(vmid).run(async () => {
      const present = cluster.vms.get(node, vmid)
      if (!parameters.flag('skiplock')) present.requireUnlocked()
      if (present.running) throw failed(`VM ${vmid} is running - destroy failed`)
      await pause(cluster.latency.destroyMs, task.signal)
      destroyVm(cluster, present, unreferencedToo)
      if (parameters.flag('purge')) task.log(`purging VM ${vmid} from related configurations..`)
      for (const pool of cluster.pools.values()) pool.vmids.delete(vmid)
      if (parameters.flag('purge'))
        cluster.access.acl = cluster.access.acl.filter(({ path }) => path !== `/vms/${vmid}`)
    }, task.log),
  )
}

function resize({ cluster, identity, node, vmid, parameters }: Call): string {
  const vm = cluster.vms.get(node, vmid)
  const [disk, size] = [parameters.text('disk'), parameters.text('size')]
  return cluster.tasks.start(node, 'resize', String(vmid), identity.id, (task) =>
    cluster.vms.lock(vmid).run(async () => {
      vm.requireUnlocked()
      const value = vm.config.options[disk]
      if (value === undefined || !isDriveName(disk)) throw failed(`disk '${disk}' does not exist`)
      const drive = parseDrive(cluster.schema, disk, value)
      if (isCdrom(drive)) throw failed("can't resize a cdrom")
      const volume = cluster.storages.find(node, drive.file)
      if (volume === undefined) throw failed(`volume '${drive.file}' does not exist`)
      const bytes = resizedBytes(volume.size, size)
      if (bytes === undefined) throw parameterErrors({ size: 'value does not match the regex pattern' })
      if (bytes < volume.size) throw failed('shrinking disks is not supported')
      if (bytes > volume.size) {
        const guest = cluster.vms.guestOf(vm)
        if (guest.resizeDisk === undefined) truncateSync(volume.file, bytes)
        else await guest.resizeDisk({ key: disk, path: volume.file }, bytes)
      }
      vm.config.options[disk] = printDrive({ ...drive, size: formatSize(bytes) })
      vm.save()
      task.log('Image resized.')
    }, task.log),
  )
}
