import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { NciError, reasonOf } from '../../core/errors.ts'
import { byteProgress } from '../../core/events.ts'
import type { Context, Inputs } from '../../core/step.ts'
import type { Volume } from '../../proxmox/cluster.ts'
import { credentialsOf } from '../../proxmox/credentials.ts'
import { downloadUrl, requireUrl, urlSize } from '../../proxmox/download-url.ts'
import { requireUpload, uploadAttempts, uploadFile } from '../../proxmox/upload.ts'
import { requireSpoolSpace } from '../../proxmox/upload-space.ts'
import { explained, requireSpace } from './upload-errors.ts'
import { nameWithDigest } from './upload-name.ts'
import { removeFor } from './upload-replace.ts'
import type { Target } from './upload-target.ts'

type Input = Inputs['iso.upload']

/** What is to be on the storage, and how it gets there. */
export interface Source {
  /** By the naming scheme, whatever name was chosen. */
  readonly ownName: string
  /** Hexadecimal. */
  readonly sha256: string
  /** Bytes; for a URL Proxmox is asked, and may be unable to tell. */
  size(target: Target): Promise<number | undefined>
  /**
   * Checks what can be checked before it is sent.
   *
   * @param replaced the file that has the name now
   */
  prepare(target: Target, replaced: Volume | undefined): Promise<void>
  /** @param replaced the file that has the name now */
  send(target: Target, name: string, replaced: Volume | undefined): Promise<void>
}

/**
 * A file that is sent from here. A checksum that is given is taken for the file's: the file is not read for it first, as
 * Proxmox verifies what arrives.
 *
 * @throws {NciError} `ISO_FILE_MISSING`, `ISO_NOT_AN_ISO`
 */
export async function fileSource(input: Input, context: Context): Promise<Source> {
  if (input.path === undefined) throw invalid('`path` is needed for `via: engine`')
  const file = input.path
  const { size, mtimeMs } = await inspect(file)
  const { user } = credentialsOf(input)
  const sha256 = plainDigest(input.checksum) ?? (await digest(file, size, context))
  return {
    ownName: nameWithDigest(basename(file), sha256),
    sha256,
    size: async () => size,
    async prepare({ client, storage, nodes }) {
      requireSpace(storage, size)
      await Promise.all([
        requireUpload(client, storage.storage),
        requireSpoolSpace(client, nodes, storage, size),
      ])
    },
    async send({ client, storage }, name) {
      const { emit } = context
      let progress = byteProgress(emit, size)
      const { node, storage: id } = storage
      const upload = { user, node, storage: id, file, name, size, mtimeMs, sha256 }
      const watcher = {
        begin(attempt: number) {
          const again = attempt === 1 ? '' : ` again (${attempt} of ${uploadAttempts})`
          emit({ type: 'phase', phase: `uploading ${name}${again}` })
          progress = byteProgress(emit, size)
        },
        sent: (bytes: number) => progress(bytes),
        received: () => emit({ type: 'phase', phase: `Proxmox verifies and stores ${name}` }),
      }
      await explained(storage, () => uploadFile(client, context, upload, watcher))
    },
  }
}

/** A URL that Proxmox fetches. */
export function urlSource(input: Input): Source {
  const sha256 = plainDigest(input.checksum)
  if (input.url === undefined) throw invalid('`url` is needed for `via: proxmox`')
  if (sha256 === undefined)
    throw invalid('`checksum` is needed for `via: proxmox`, as the file is never seen here')
  const { url, url_validate_certs: verifyCertificates } = input
  const path = URL.parse(url)?.pathname
  if (path === undefined) throw invalid('`url` is no URL')
  // They would stand in the log of the Proxmox task for all to read.
  if (/^https?:\/\/[^/]*@/.test(url))
    throw invalid('`url` holds credentials; download the file here and upload it instead')
  const remote = { url, sha256, verifyCertificates }
  let size: Promise<number | undefined> | undefined
  const sizeOn = ({ client, storage }: Target): Promise<number | undefined> => {
    size ??= urlSize(client, storage.node, remote)
    return size
  }
  return {
    ownName: nameWithDigest(basename(path) || 'installer.iso', sha256),
    sha256,
    size: sizeOn,
    async prepare(target, replaced) {
      const { client, storage } = target
      if (replaced !== undefined) await requireUrl(client, storage.node, remote)
      requireSpace(storage, (await sizeOn(target)) ?? 0)
    },
    async send({ client, context, storage }, name, replaced) {
      const place = { node: storage.node, storage: storage.storage, name }
      const fetch = async (): Promise<void> => {
        context.emit({ type: 'phase', phase: `Proxmox downloads ${name}` })
        await explained(storage, () => downloadUrl(client, context, place, remote))
      }
      if (replaced === undefined) return fetch()
      // Unlike an upload, a download never takes the place of a file. Much time may have passed since the plan.
      await requireUrl(client, storage.node, remote)
      await removeFor({ client, context, storage }, replaced, fetch)
    },
  }
}

/** Size and time of an ISO file. */
async function inspect(file: string): Promise<{ size: number; mtimeMs: number }> {
  try {
    await using handle = await open(file)
    const { size, mtimeMs } = await handle.stat()
    // The first volume descriptor of ISO 9660 stands in sector 16.
    const { buffer } = await handle.read(Buffer.alloc(5), 0, 5, 16 * 2048 + 1)
    if (buffer.toString('latin1') !== 'CD001') throw new NciError('ISO_NOT_AN_ISO', { file })
    return { size, mtimeMs }
  } catch (error) {
    if (error instanceof NciError) throw error
    throw new NciError('ISO_FILE_MISSING', { file, reason: reasonOf(error) }, { cause: error })
  }
}

async function digest(file: string, size: number, { emit, signal }: Context): Promise<string> {
  emit({ type: 'phase', phase: 'computing the checksum' })
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

function plainDigest(checksum: string | undefined): string | undefined {
  return checksum?.replace(/^sha256:/, '').toLowerCase()
}

function invalid(problems: string): NciError {
  return new NciError('INPUT_INVALID', { problems, step: 'iso.upload' })
}
