import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { isNciError, NciError, reasonOf } from '../../core/errors.ts'
import { byteProgress } from '../../core/events.ts'
import { formatBytes } from '../../core/format.ts'
import { type Context, type Inputs, type Outputs, type Plan, step } from '../../core/step.ts'
import { connectProxmox, type ProxmoxClient } from '../../proxmox/client.ts'
import { chooseNode, listVolumes, readCluster, requireStorage, type Storage } from '../../proxmox/cluster.ts'
import { runTask } from '../../proxmox/tasks.ts'
import { uploadFile } from '../../proxmox/upload.ts'

type Input = Inputs['iso.upload']
type Output = Outputs['iso.upload']

/** What is to be on the storage, and how it gets there. */
interface Source {
  readonly name: string
  readonly sha256: string
  /** Bytes; unknown for a URL that Proxmox fetches. */
  readonly size: number | undefined
  send(target: Target): Promise<void>
}

interface Target {
  readonly client: ProxmoxClient
  readonly context: Context
  readonly storage: Storage
}

/** Puts the ISO on a storage: sends the file, or has Proxmox fetch a URL itself. */
export const isoUpload = step('iso.upload', async (input, context): Promise<Plan<Output>> => {
  const source = input.via === 'proxmox' ? urlSource(input) : await fileSource(input, context)
  const client = connectProxmox(input, context)
  const cluster = await readCluster(client)
  const node = chooseNode(cluster, input.node)
  const storage = requireStorage(cluster, {
    node,
    storage: input.storage,
    content: 'iso',
    property: 'storage',
  })
  const volid = `${storage.storage}:iso/${source.name}`
  const found = (await listVolumes(client, node, storage.storage, 'iso')).find(
    (volume) => volume.volid === volid,
  )
  const output = (size: number, uploaded: boolean): Output => ({
    volid,
    node,
    storage: storage.storage,
    name: source.name,
    size,
    sha256: source.sha256,
    uploaded,
  })
  if (found !== undefined) {
    // The name carries the content's digest unless the user chose it, so name and size say that it is the right file.
    const named = source.name.includes(source.sha256.slice(0, 12))
    if (!named && !input.replace && (source.size === undefined || found.size === source.size)) {
      const message = `${volid} was there already; its content was not compared, as its name does not carry the digest.`
      context.emit({ type: 'warning', message })
    }
    const isSame = source.size === undefined || found.size === source.size
    if (isSame && (named || !input.replace)) return { changed: false, output: output(found.size, false) }
    if (!input.replace) {
      const difference = `it has ${found.size} bytes, not ${source.size}`
      throw new NciError('PVE_FILE_DIFFERS', { volid, difference })
    }
  }
  requireSpace(storage, source.size ?? 0)
  return {
    changed: true,
    diff: [
      {
        what: volid,
        ...(found === undefined ? {} : { before: `${found.size} bytes` }),
        after: `sha256:${source.sha256}`,
      },
    ],
    expected: {
      volid,
      node,
      storage: storage.storage,
      name: source.name,
      sha256: source.sha256,
      uploaded: true,
    },
    async apply() {
      await source.send({ client, context, storage })
      const volumes = await listVolumes(client, node, storage.storage, 'iso')
      return output(source.size ?? volumes.find((volume) => volume.volid === volid)?.size ?? 0, true)
    },
  }
})

async function fileSource(input: Input, context: Context): Promise<Source> {
  if (input.path === undefined) throw invalid('`path` is needed for `via: engine`')
  const file = input.path
  const size = await isoSize(file)
  context.emit({ type: 'phase', phase: 'computing the checksum' })
  const sha256 = await digest(file, size, context)
  const expected = plainDigest(input.checksum)
  if (expected !== undefined && expected !== sha256) {
    throw new NciError('CHECKSUM_MISMATCH', { file, actual: sha256, expected })
  }
  const name = input.filename ?? nameWithDigest(basename(file), sha256)
  return {
    name,
    sha256,
    size,
    async send({ client, context: { emit }, context, storage }) {
      emit({ type: 'phase', phase: `uploading ${name}` })
      const upload = { node: storage.node, storage: storage.storage, file, name, size, sha256 }
      await explained(storage, size, () =>
        runTask(client, context, () => uploadFile(client, upload, byteProgress(emit, size))),
      )
    },
  }
}

function urlSource(input: Input): Source {
  const sha256 = plainDigest(input.checksum)
  if (input.url === undefined) throw invalid('`url` is needed for `via: proxmox`')
  if (sha256 === undefined)
    throw invalid('`checksum` is needed for `via: proxmox`, as the file is never seen here')
  const { url } = input
  const path = URL.parse(url)?.pathname
  if (path === undefined) throw invalid('`url` is no URL')
  // They would stand in the log of the Proxmox task for all to read.
  if (/^https?:\/\/[^/]*@/.test(url))
    throw invalid('`url` holds credentials; download the file here and upload it instead')
  const name = input.filename ?? nameWithDigest(basename(path) || 'installer.iso', sha256)
  return {
    name,
    sha256,
    size: undefined,
    async send({ client, context, storage }) {
      context.emit({ type: 'phase', phase: `Proxmox downloads ${name}` })
      await explained(storage, 0, () =>
        runTask(
          client,
          context,
          () =>
            client.post<string>(
              `/nodes/${storage.node}/storage/${storage.storage}/download-url`,
              `download ${name} to storage ${storage.storage}`,
              { content: 'iso', filename: name, url, checksum: sha256, 'checksum-algorithm': 'sha256' },
            ),
          (line) => {
            const percent = /(\d+)%/.exec(line)?.[1]
            if (percent === undefined) context.emit({ type: 'log', line })
            else context.emit({ type: 'progress', done: Number(percent), total: 100, unit: 'percent' })
          },
        ),
      )
    },
  }
}

/** Tells the failures of an upload's task apart. */
async function explained(storage: Storage, size: number, send: () => Promise<unknown>): Promise<void> {
  try {
    await send()
  } catch (error) {
    if (!isNciError(error, 'PVE_TASK_FAILED')) throw error
    const text = [error.details.reason, ...(error.details.log as string[])].join('\n')
    if (/no space left|ENOSPC|disk full/i.test(text)) throw full(storage, size, error)
    const [, actual, expected] =
      /checksum mismatch: got '(\w+)' != expect '(\w+)'/.exec(text) ??
      (/checksum/i.test(text) ? ['', 'another', 'it'] : [])
    if (actual === undefined || expected === undefined) throw error
    throw new NciError(
      'CHECKSUM_MISMATCH',
      { file: 'what arrived at Proxmox', actual, expected },
      { cause: error },
    )
  }
}

function requireSpace(storage: Storage, size: number): void {
  if (storage.available < size) throw full(storage, size)
}

function full(storage: Storage, size: number, cause?: unknown): NciError {
  return new NciError(
    'PVE_STORAGE_FULL',
    {
      storage: storage.storage,
      node: storage.node,
      property: 'storage',
      available: formatBytes(storage.available),
      needed: formatBytes(size),
    },
    { cause },
  )
}

/** Bytes of an ISO file. @throws {NciError} `ISO_FILE_MISSING`, `ISO_NOT_AN_ISO` */
async function isoSize(file: string): Promise<number> {
  try {
    const { size } = await stat(file)
    await using handle = await open(file)
    // The first volume descriptor of ISO 9660 stands in sector 16.
    const { buffer } = await handle.read(Buffer.alloc(5), 0, 5, 16 * 2048 + 1)
    if (buffer.toString('latin1') !== 'CD001') throw new NciError('ISO_NOT_AN_ISO', { file })
    return size
  } catch (error) {
    if (error instanceof NciError) throw error
    throw new NciError('ISO_FILE_MISSING', { file, reason: reasonOf(error) }, { cause: error })
  }
}

async function digest(file: string, size: number, { emit, signal }: Context): Promise<string> {
  const hash = createHash('sha256')
  const progress = byteProgress(emit, size)
  let done = 0
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024, signal })) {
    hash.update(chunk as Buffer)
    done += (chunk as Buffer).length
    progress(done)
  }
  return hash.digest('hex')
}

/** `nixos.iso` and a digest give `nixos-0123456789ab.iso`; a name that carries the digest already is kept. */
function nameWithDigest(name: string, sha256: string): string {
  const short = sha256.slice(0, 12)
  const stem = name.replace(/\.(iso|img)$/i, '').replace(/[^A-Za-z0-9_.-]/g, '_')
  return stem.includes(short) ? `${stem}.iso` : `${stem}-${short}.iso`
}

function plainDigest(checksum: string | undefined): string | undefined {
  return checksum?.replace(/^sha256:/, '').toLowerCase()
}

function invalid(problems: string): NciError {
  return new NciError('INPUT_INVALID', { problems, step: 'iso.upload' })
}
