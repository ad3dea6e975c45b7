import { existsSync } from 'node:fs'
import { copyFile, mkdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { failed, messageOf, parameterErrors } from '../api-error.ts'
import { digestOfFile, download, openUrl } from '../download.ts'
import { parseSize } from '../drives.ts'
import { splitList } from '../formats.ts'
import { pause } from '../latency.ts'
import { requirePrivileges } from '../permissions.ts'
import type { Call, Routes } from '../router.ts'
import type { Storage, Volume } from '../storage.ts'
import type { TaskContext } from '../tasks.ts'
import type { ReceivedUpload } from '../upload.ts'

const reading = ['Datastore.Audit', 'Datastore.AllocateSpace']
const extensions: Record<string, RegExp> = {
  iso: /.\.(?:iso|img)$/i,
  vztmpl: /.\.tar\.(?:gz|xz|zst|bz2)$/,
  import: /.\.(?:raw|qcow2|vmdk|ova)$/,
}

/** Storages and their volumes. */
export const storageRoutes: Routes = {
  'GET /storage': ({ cluster, identity }) =>
    cluster.storages.definitions
      .filter(({ id }) => cluster.access.allows(identity.id, `/storage/${id}`, reading, true))
      .map(({ id }) =>
        definition(
          cluster.storages.on(cluster.nodes[0]?.name ?? '').find((storage) => storage.id === id),
          id,
        ),
      ),
  'GET /storage/{storage}': ({ cluster, parameters }) => {
    const id = parameters.text('storage')
    if (!cluster.storages.has(id)) throw failed(`storage '${id}' does not exist`)
    return definition(
      cluster.storages.on(cluster.nodes[0]?.name ?? '').find((storage) => storage.id === id),
      id,
    )
  },
  'GET /nodes/{node}/storage': listStorages,
  'GET /nodes/{node}/storage/{storage}': () =>
    ['content', 'download-url', 'status', 'upload'].map((subdir) => ({ subdir })),
  'GET /nodes/{node}/storage/{storage}/status': ({ cluster, node, parameters }) => {
    const {
      storage: _,
      used_fraction: __,
      ...status
    } = statusRow(requireKnown(cluster, node, parameters.text('storage')))
    return status
  },
  'GET /nodes/{node}/storage/{storage}/content': listContent,
  'POST /nodes/{node}/storage/{storage}/content': allocate,
  'GET /nodes/{node}/storage/{storage}/content/{volume}': volumeInfo,
  'DELETE /nodes/{node}/storage/{storage}/content/{volume}': removeVolume,
  'POST /nodes/{node}/storage/{storage}/upload': upload,
  'POST /nodes/{node}/storage/{storage}/download-url': downloadUrl,
  'GET /nodes/{node}/query-url-metadata': queryUrl,
}

function definition(storage: Storage | undefined, id: string): Record<string, unknown> {
  const { content = [], type = 'dir', shared } = storage?.definition ?? {}
  return {
    storage: id,
    type,
    content: content.join(','),
    digest: '0000000000000000000000000000000000000000',
    ...(storage?.isDirectory === false ? { thinpool: 'data', vgname: 'pve' } : { path: storage?.shownPath }),
    ...(shared === true ? { shared: 1 } : {}),
  }
}

function listStorages({ cluster, identity, node, parameters }: Call): unknown {
  const only = parameters.get('storage')
  if (only !== undefined) requireKnown(cluster, node, only)
  const wanted = splitList(parameters.get('content') ?? '')
  return cluster.storages
    .on(node)
    .filter(({ id }) => cluster.access.allows(identity.id, `/storage/${id}`, reading, true))
    .filter((storage) => only === undefined || storage.id === only)
    .filter((storage) => wanted.length === 0 || wanted.some((content) => storage.supports(content)))
    .filter(({ definition }) => !parameters.flag('enabled') || definition.disabled !== true)
    .map((storage) => {
      const row = statusRow(storage)
      if (!parameters.flag('format')) return row
      const supported = storage.isDirectory ? ['qcow2', 'raw', 'subvol', 'vmdk'] : ['raw', 'subvol']
      const format = [Object.fromEntries(supported.map((name) => [name, 1])), 'raw']
      return { ...row, format, formats: { default: 'raw', supported } }
    })
}

function statusRow(storage: Storage): Record<string, unknown> {
  const { content, disabled, shared, type } = storage.definition
  const common = {
    storage: storage.id,
    type: type ?? 'dir',
    content: content.join(','),
    shared: shared === true ? 1 : 0,
  }
  if (disabled === true) return { ...common, active: 0, enabled: 0, avail: 0, total: 0, used: 0 }
  const { available: avail, total, used } = storage
  return {
    ...common,
    active: 1,
    enabled: 1,
    avail,
    total,
    used: Math.min(used, total),
    used_fraction: used / total,
  }
}

function requireKnown(cluster: Call['cluster'], node: string, id: string): Storage {
  if (!cluster.storages.has(id)) throw parameterErrors({ storage: 'No such storage.' })
  return cluster.storages.get(node, id)
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
    .filter((volume) => mayAllocate || maySee(cluster, identity.id, volume))
    .map(contentRow)
}

/** With a VMID Proxmox leaves out other VMs' disks, ISOs and templates, but not what else is there. */
function isOfVm(volume: Volume, vmid: number): boolean {
  return volume.content === 'images'
    ? volume.vmid === vmid
    : volume.content !== 'iso' && volume.content !== 'vztmpl'
}

function maySee(cluster: Call['cluster'], id: string, volume: Volume): boolean {
  if (volume.vmid === undefined) return true
  return cluster.access.allows(id, `/vms/${volume.vmid}`, ['VM.Config.Disk'])
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
  if (made !== name) renameVolume(storage, made, name)
  return `${storage.id}:${name}`
}

function renameVolume(storage: Storage, from: string, to: string): void {
  void rename(storage.fileOf(from), storage.fileOf(to))
}

/** The name that a file gets: the last part of its path, with anything unusual replaced. */
export function sanitizeFileName(name: string): string {
  const base = name.replace(/^.*[/\\]/s, '')
  return base.replaceAll(/[^-a-zA-Z0-9_.]/gu, '_')
}

function targetOf(
  storage: Storage,
  content: string,
  filename: string,
  unsupported: (content: string) => string,
) {
  const name = sanitizeFileName(filename)
  if (extensions[content]?.test(name) !== true) throw parameterErrors({ filename: 'wrong file extension' })
  storage.requireEnabled()
  if (!storage.supports(content)) throw failed(unsupported(content))
  return `${content}/${name}`
}

function upload(call: Call): string {
  const { cluster, identity, node, parameters } = call
  const storage = cluster.storages.get(node, parameters.text('storage'))
  const name = targetOf(
    storage,
    parameters.text('content'),
    parameters.text('filename'),
    (content) => `storage '${storage.id}' does not support '${content}' content`,
  )
  const received = call.upload
  if (received === undefined) throw failed('missing temporary file name')
  const checksum = checksumOf(call)
  const work = (task: TaskContext) => importUpload(call, storage, name, received, checksum, task)
  return cluster.tasks.start(node, 'imgcopy', '', identity.id, async (task) => {
    try {
      await work(task)
    } finally {
      await rm(received.file, { force: true })
    }
  })
}

type Checksum = { readonly algorithm: string; readonly value: string }

function checksumOf({ parameters }: Call): Checksum | undefined {
  const value = parameters.get('checksum')
  return value === undefined ? undefined : { algorithm: parameters.text('checksum-algorithm'), value }
}

async function importUpload(
  { cluster, node }: Call,
  storage: Storage,
  name: string,
  received: ReceivedUpload,
  checksum: Checksum | undefined,
  task: TaskContext,
): Promise<void> {
  task.log(`starting file import from: ${received.shownFile}`)
  if (name.startsWith('import/') && name.endsWith('.qcow2')) await checkQcow2(received, task)
  if (checksum !== undefined) {
    const got = await digestOfFile(received.file, checksum.algorithm)
    const right = got === checksum.value.toLowerCase()
    task.log(`calculating checksum...${right ? 'OK, checksum verified' : ''}`)
    if (!right) throw failed(`checksum mismatch: got '${got}' != expect '${checksum.value}'`)
  }
  const shown = storage.shownFile(name)
  task.log(`target node: ${node}`)
  task.log(`target file: ${shown}`)
  task.log(`file size is: ${received.size}`)
  task.log(`command: cp -- ${received.shownFile} ${shown}`)
  await pause(cluster.latency.copyMs, task.signal)
  const replaced = storage.find(name)?.used ?? 0
  if (received.size > storage.available + replaced) {
    throw failed(`import failed: cp: error writing '${shown}': No space left on device`)
  }
  await place(received.file, storage.fileOf(name))
  task.log('finished file import successfully')
}

async function checkQcow2(received: ReceivedUpload, task: TaskContext): Promise<void> {
  const { open } = await import('node:fs/promises')
  const handle = await open(received.file)
  const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0)
  await handle.close()
  if (buffer.toString('latin1') === 'QFI\xfb') return
  task.log(
    `command '/usr/bin/qemu-img info '--output=json' ${received.shownFile} -f qcow2' failed: exit code 1`,
  )
  throw failed(`qemu-img: Could not open '${received.shownFile}': Image is not in qcow2 format`)
}

/** Moves a file to its place; a copy where the folders are on different file systems. */
async function place(from: string, to: string): Promise<void> {
  await mkdir(path.dirname(to), { recursive: true })
  try {
    await rename(from, to)
  } catch {
    await copyFile(from, to)
  }
}

function downloadUrl(call: Call): string {
  const { cluster, identity, node, parameters } = call
  const storage = cluster.storages.get(node, parameters.text('storage'))
  const name = targetOf(
    storage,
    parameters.text('content'),
    parameters.text('filename'),
    (content) => `storage '${storage.id}' is not configured for content-type '${content}'`,
  )
  const id = name.replace(/^.*\//, '')
  const wanted = {
    url: parameters.text('url'),
    file: storage.fileOf(name),
    shownFile: storage.shownFile(name),
    checksum: checksumOf(call),
    verifyCertificates: parameters.get('verify-certificates') !== '0',
    bytesPerSecond: cluster.latency.downloadBytesPerSecond,
  }
  return cluster.tasks.start(
    node,
    'download',
    id,
    identity.id,
    (task) => download({ ...wanted, available: storage.available }, task),
    { interrupted: 'download failed: received interrupt' },
  )
}

async function queryUrl({ cluster, parameters }: Call): Promise<unknown> {
  const url = parameters.text('url')
  const verify = parameters.get('verify-certificates') !== '0'
  const { response, url: final } = await openUrl(url, verify, cluster.closing).catch((error: unknown) => {
    throw failed(`invalid server response: '500 Can't connect to ${new URL(url).host} (${messageOf(error)})'`)
  })
  response.destroy()
  if (response.statusCode !== 200) {
    throw failed(`invalid server response: '${response.statusCode} ${response.statusMessage}'`)
  }
  const {
    'content-length': size,
    'content-type': mimetype,
    'content-disposition': disposition,
  } = response.headers
  const named = /filename="?([^";]+)"?/.exec(disposition ?? '')?.[1]
  const filename = named ?? decodeURIComponent(new URL(final).pathname.replace(/^.*\//, ''))
  return {
    ...(filename === '' ? {} : { filename }),
    ...(mimetype === undefined ? {} : { mimetype }),
    ...(size === undefined ? {} : { size: Number(size) }),
  }
}
