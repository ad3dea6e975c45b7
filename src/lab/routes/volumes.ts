import { existsSync, renameSync } from 'node:fs'
import { failed } from '../api-error.ts'
import { parseSize } from '../drives.ts'
import { requirePrivileges } from '../permissions.ts'
import type { Call, Routes } from '../router.ts'
import type { Storage, Volume } from '../storage.ts'
import { reading } from './storage.ts'

/** What is on the storages. */
export const volumeRoutes: Routes = {
  'GET /nodes/{node}/storage/{storage}/content': listContent,
  'POST /nodes/{node}/storage/{storage}/content': allocate,
  'GET /nodes/{node}/storage/{storage}/content/{volume}': volumeInfo,
  'DELETE /nodes/{node}/storage/{storage}/content/{volume}': removeVolume,
}

function listContent({ cluster, identity, node, parameters }: Call): unknown {
  const storage = cluster.storages.get(node, parameters.text('storage'))
  storage.requireEnabled()
  const [content, vmid] = [parameters.get('content'), parameters.number('vmid')]
  const mayAllocate = cluster.access.allows(identity.id, `/storage/${storage.id}`, ['Datastore.Allocate'])
  return storage
    .volumes()
    .filter(
      (volume) => storage.supports(volume.content) && (content === undefined || volume.content === content),
    )
    .filter((volume) => vmid === undefined || isOfVm(volume, vmid))
    .filter((volume) => mayAllocate || isNamedOwner(volume, vmid) || maySee(cluster, identity.id, volume))
    .map(contentRow)
}

/** With a VMID Proxmox leaves out other VMs' disks, ISOs and templates, but not what else is there. */
function isOfVm(volume: Volume, vmid: number): boolean {
  return volume.content === 'images'
    ? volume.vmid === vmid
    : volume.content !== 'iso' && volume.content !== 'vztmpl'
}

function isNamedOwner(volume: Volume, vmid: number | undefined): boolean {
  return vmid !== undefined && volume.vmid === vmid
}

/** Who may see a volume at all; snippets and what belongs to no VM only those who may do everything. */
function maySee(cluster: Call['cluster'], id: string, { content, vmid, volid }: Volume): boolean {
  const storage = `/storage/${volid.replace(/:.*$/, '')}`
  if (content === 'iso' || content === 'vztmpl' || content === 'import') return true
  if (content !== 'images' || vmid === undefined) return false
  const { access } = cluster
  return (
    access.allows(id, storage, ['Datastore.Audit']) && access.allows(id, `/vms/${vmid}`, ['VM.Config.Disk'])
  )
}

function contentRow(volume: Volume): Record<string, unknown> {
  const { volid, content, format, size, ctime, used, vmid } = volume
  return {
    volid,
    content,
    format,
    size,
    ctime,
    ...(content === 'images' ? { parent: null, used, vmid } : {}),
  }
}

/** `local:iso/a.iso` or, in the storage's own path, `iso/a.iso`. */
function volumeOf({ cluster, node, parameters }: Call): { storage: Storage; name: string } {
  const given = parameters.text('volume')
  const own = parameters.get('storage')
  if (given.includes(':')) return cluster.storages.split(node, given)
  if (own === undefined) throw failed(`no storage ID specified`)
  return { storage: cluster.storages.get(node, own), name: given }
}

function volumeInfo(call: Call): unknown {
  const { cluster, identity } = call
  const { storage, name } = volumeOf(call)
  requirePrivileges(cluster.access, identity, `/storage/${storage.id}`, reading, true)
  const volume = storage.find(name)
  if (volume === undefined) throw failed(`volume_size_info on '${storage.id}:${name}' failed - no format`)
  const format = volume.content === 'images' ? volume.format : 'raw'
  return { format, path: storage.shownFile(name), size: volume.size, used: volume.used }
}

function removeVolume(call: Call): string {
  const { cluster, identity, node } = call
  const { storage, name } = volumeOf(call)
  const volid = `${storage.id}:${name}`
  storage.fileOf(name)
  const vmid = storage.find(name)?.vmid
  if (vmid === undefined)
    requirePrivileges(cluster.access, identity, `/storage/${storage.id}`, ['Datastore.Allocate'])
  else requirePrivileges(cluster.access, identity, `/storage/${storage.id}`, ['Datastore.AllocateSpace'])
  const id = vmid === undefined ? storage.id : `${vmid}@${storage.id}`
  return cluster.tasks.start(node, 'imgdel', id, identity.id, async (task) => {
    if (!existsSync(storage.fileOf(name)))
      throw failed(`unlink '${storage.shownFile(name)}' failed - No such file or directory`)
    storage.remove(name)
    task.log(`Removed volume '${volid}'`)
  })
}

function allocate({ cluster, node, parameters }: Call): string {
  const storage = cluster.storages.get(node, parameters.text('storage'))
  const vmid = parameters.number('vmid') ?? 0
  const bytes = parseSize(parameters.text('size').replace(/^(\d+)$/, '$1K')) ?? 0
  const filename = parameters.text('filename')
  const name = storage.isDirectory ? `${vmid}/${filename}` : filename
  if (storage.find(name) !== undefined) throw failed(`disk image '${storage.shownFile(name)}' already exists`)
  const format = parameters.get('format') ?? /\.(\w+)$/.exec(filename)?.[1] ?? 'raw'
  const made = storage.allocate(vmid, format, bytes)
  if (made !== name) renameSync(storage.fileOf(made), storage.fileOf(name))
  return `${storage.id}:${name}`
}
