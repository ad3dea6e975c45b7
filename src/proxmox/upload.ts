import { randomBytes } from 'node:crypto'
import { delay } from '../core/deadline.ts'
import { isNciError, NciError } from '../core/errors.ts'
import { formatBytes } from '../core/format.ts'
import type { Context } from '../core/step.ts'
import type { ProxmoxClient, UploadLimits } from './client.ts'
import { requirePrivilege } from './require-privilege.ts'
import { runTask } from './tasks.ts'
import { type FileToSend, fileContent } from './upload-content.ts'
import { knownCopies, startedCopy } from './upload-task.ts'

/** A file to put on a storage. */
export interface Upload extends FileToSend {
  /** Who sends it, as Proxmox names the owner of a task: `nci@pve`, `nci@pve!ci`. */
  readonly user: string
  readonly node: string
  readonly storage: string
  /** Name there. */
  readonly name: string
  /** Hexadecimal; Proxmox verifies it. */
  readonly sha256: string
}

/** What an upload tells while it goes on. */
export interface UploadWatcher {
  /** An attempt begins. */
  begin(attempt: number): void
  /** So many bytes of the file were handed to the connection. */
  sent(bytes: number): void
  /** Proxmox has all of it: it verifies it, and puts it in place. */
  received(): void
}

export const uploadAttempts = 3
const firstPause = 1000

/**
 * Sends a file and waits until Proxmox has verified it and put it in place. An upload that breaks is sent again from the
 * beginning. Nothing wrong is ever left under the name: Proxmox keeps what arrives in a file of its own, and copies it
 * once it is whole and has the checksum.
 *
 * @param limits for each attempt; minutes unless given
 * @throws {NciError} `PVE_UPLOAD_BROKEN`, `PVE_FORBIDDEN`, `ISO_FILE_CHANGED`, `ISO_FILE_MISSING`, `PVE_TASK_FAILED`
 */
export async function uploadFile(
  client: ProxmoxClient,
  context: Context,
  upload: Upload,
  watcher: UploadWatcher,
  limits?: UploadLimits,
): Promise<void> {
  const upid = await sendWhole(client, context, upload, watcher, limits)
  watcher.received()
  await runTask(client, context, async () => upid)
}

/** @throws {NciError} `PVE_FORBIDDEN`: a refused upload breaks before its answer is read, which would look like a bad network. */
export function requireUpload(client: ProxmoxClient, storage: string): Promise<void> {
  return requirePrivilege(
    client,
    `/storage/${storage}`,
    'Datastore.AllocateTemplate',
    `upload to the storage ${storage}`,
  )
}

/** The UPID of the task that puts the file in place. */
async function sendWhole(
  client: ProxmoxClient,
  context: Context,
  upload: Upload,
  watcher: UploadWatcher,
  limits: UploadLimits | undefined,
): Promise<string> {
  const known = await knownCopies(client, upload.user)
  for (let attempt = 1; ; attempt++) {
    let sent = 0
    watcher.begin(attempt)
    try {
      const onProgress = (bytes: number): void => {
        sent = bytes
        watcher.sent(bytes)
      }
      return await send(client, upload, onProgress, limits)
    } catch (error) {
      // The server may be gone for a moment, once it has cut a connection.
      const isBroken = isNciError(error, 'PVE_CONNECTION_LOST', 'PVE_UNREACHABLE', 'PVE_BUSY')
      if (!isBroken || (attempt === 1 && error.code === 'PVE_UNREACHABLE')) throw error
      const reason = String(error.details.reason)
      if (attempt === uploadAttempts) throw broken(upload, error)
      const part = `${formatBytes(sent)} of ${formatBytes(upload.size)}`
      const message = `The upload of ${upload.name} broke after ${part} (${reason}) and was sent again.`
      context.emit({ type: 'warning', message })
      await delay(firstPause * 3 ** (attempt - 1) * (0.75 + Math.random() / 2), context.signal)
      const started = await look(client, context, upload, known)
      if (started !== undefined) return started
    }
  }
}

/** Before all is sent again: the answer alone may be lost, or the right to upload. */
async function look(
  client: ProxmoxClient,
  context: Context,
  upload: Upload,
  known: ReadonlySet<string>,
): Promise<string | undefined> {
  try {
    const started = await startedCopy(client, context, upload, known)
    if (started === undefined) await requireUpload(client, upload.storage)
    return started
  } catch (error) {
    if (isNciError(error, 'PVE_CONNECTION_LOST', 'PVE_UNREACHABLE', 'PVE_BUSY')) return undefined
    throw error
  }
}

function broken({ name, storage, size }: Upload, error: NciError): NciError {
  const { endpoint = '', reason = '' } = error.details
  return new NciError(
    'PVE_UPLOAD_BROKEN',
    {
      name,
      storage,
      size,
      attempts: uploadAttempts,
      endpoint: String(endpoint),
      reason: String(reason),
    },
    { cause: error },
  )
}

/**
 * Sends the multipart form that Proxmox takes and gives the UPID of the task that moves the file in place. The order of
 * the fields matters: a checksum after the file is silently ignored.
 */
function send(
  client: ProxmoxClient,
  upload: Upload,
  onProgress: (done: number) => void,
  limits: UploadLimits | undefined,
): Promise<string> {
  const boundary = `nci-${randomBytes(16).toString('hex')}`
  const field = (name: string, value: string): string =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  const head = Buffer.from(
    field('content', 'iso') +
      field('checksum-algorithm', 'sha256') +
      field('checksum', upload.sha256) +
      `--${boundary}\r\nContent-Disposition: form-data; name="filename"; filename="${upload.name}"\r\n` +
      'Content-Type: application/octet-stream\r\n\r\n',
  )
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`)
  async function* body(): AsyncGenerator<Uint8Array> {
    yield head
    yield* fileContent(upload, onProgress)
    yield tail
  }
  return client.send(
    `/nodes/${upload.node}/storage/${upload.storage}/upload`,
    `upload ${upload.name} to storage ${upload.storage}`,
    body(),
    {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': String(head.length + upload.size + tail.length),
    },
    limits,
  )
}
