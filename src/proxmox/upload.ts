import { randomBytes } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { ProxmoxClient } from './client.ts'

/** A file to put on a storage. */
export interface Upload {
  readonly node: string
  readonly storage: string
  /** Path here. */
  readonly file: string
  /** Name there. */
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** Hexadecimal; Proxmox verifies it. */
  readonly sha256: string
}

const chunkSize = 1024 * 1024

/**
 * Sends a file as the multipart form that Proxmox takes and gives the UPID of the task that moves it in place. The
 * order of the fields matters: a checksum after the file is silently ignored.
 *
 * @param onProgress is told the bytes of the file that were handed to the connection
 */
export function uploadFile(
  client: ProxmoxClient,
  upload: Upload,
  onProgress: (done: number) => void,
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
    await using file = await open(upload.file)
    // Exactly the bytes that were announced, whatever happens to the file meanwhile.
    for (let sent = 0; sent < upload.size; ) {
      const chunk = Buffer.allocUnsafe(Math.min(chunkSize, upload.size - sent))
      const { bytesRead } = await file.read(chunk)
      if (bytesRead === 0) throw new Error(`${upload.file} became shorter while it was sent`)
      yield bytesRead === chunk.length ? chunk : chunk.subarray(0, bytesRead)
      sent += bytesRead
      onProgress(sent)
    }
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
  )
}
