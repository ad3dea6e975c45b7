import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import path from 'node:path'
import { ApiError } from './api-error.ts'
import { plainError } from './body.ts'
import { throttle } from './latency.ts'

/** An upload that has arrived. */
export interface ReceivedUpload {
  /** Where it is kept until the task copies it. */
  readonly file: string
  /** Where Proxmox says it is kept. */
  readonly shownFile: string
  readonly size: number
}

/** The upload's form fields, and its file. */
export interface UploadForm {
  readonly fields: Record<string, string>
  readonly upload: ReceivedUpload | undefined
}

/** How an upload is received. */
export interface UploadOptions {
  readonly folder: string
  readonly bytesPerSecond: number
  readonly signal: AbortSignal
  /** Breaks the connection once so many bytes have been read. */
  readonly breakAfter: number | undefined
}

const smallBody = 512 * 1024
const allowedFields = ['content', 'checksum-algorithm', 'checksum']
const sourceLine = (line: number) => `at /usr/share/perl5/PVE/APIServer/AnyEvent.pm line ${line}.`

/**
 * Reads an upload as Proxmox does: fields in their fixed order, then the file, which goes straight to disk. Everything up
 * to the end of the body is the file, so that a checksum behind it is not seen.
 */
export async function receiveUpload(request: IncomingMessage, options: UploadOptions): Promise<UploadForm> {
  const boundary = /boundary="?([^";]+)"?/.exec(request.headers['content-type'] ?? '')?.[1]
  const length = Number(request.headers['content-length'] ?? 0)
  // Without a multipart body Proxmox never answers; breaking the connection is kinder.
  if (boundary === undefined || length === 0) throw new ConnectionBroken()
  const reader = new BodyReader(request, length, options)
  try {
    return await readParts(reader, `--${boundary}`, options)
  } catch (error) {
    // An answer that overtakes a small body might get lost with the connection.
    if (error instanceof ApiError && length <= smallBody) await reader.drain()
    throw error
  }
}

async function readParts(reader: BodyReader, delimiter: string, options: UploadOptions): Promise<UploadForm> {
  const fields: Record<string, string> = {}
  let upload: ReceivedUpload | undefined
  await reader.skipPast(delimiter)
  let nextField = 0
  while (upload === undefined) {
    const headers = await reader.readHeaders()
    if (headers === undefined) break
    const name = /name="([^"]+)"/.exec(headers)?.[1]
    const filename = /filename="([^"]*)"/.exec(headers)?.[1]
    if (!/^content-disposition:/i.test(headers) || filename === '') {
      throw plainError(500, `upload failed ${sourceLine(1370)}`)
    }
    if (filename === undefined) {
      const position = allowedFields.indexOf(name ?? '', nextField)
      if (name === undefined || position < 0) throw new ApiError(400, 'Bad Request', { body: '' })
      nextField = position + 1
      fields[name] = (await reader.readText(`\r\n${delimiter}`)).trim()
      continue
    }
    if (name !== 'filename') {
      throw plainError(
        500,
        `wrong field name '${name}' for file upload, expected 'filename' ${sourceLine(1325)}`,
      )
    }
    fields.filename = filename
    upload = await saveFile(reader, delimiter, options)
  }
  await reader.drain()
  return { fields, upload }
}

/** The request's connection is to be broken. */
export class ConnectionBroken extends Error {}

async function saveFile(
  reader: BodyReader,
  delimiter: string,
  options: UploadOptions,
): Promise<ReceivedUpload> {
  await mkdir(options.folder, { recursive: true })
  const name = `pveupload-${randomBytes(16).toString('hex')}`
  const file = path.join(options.folder, name)
  const out = createWriteStream(file)
  let size = 0
  // A failed write also rejects what waits for it; without a listener it would end the process.
  out.on('error', () => undefined)
  try {
    // Proxmox looks for the end of the body: a part behind the file becomes a part of the file.
    await reader.copyUntil(`\r\n${delimiter}--`, async (chunk) => {
      size += chunk.length
      if (out.errored !== null) throw out.errored
      if (!out.write(chunk)) await once(out, 'drain')
    })
    out.end()
    await once(out, 'close')
  } catch (error) {
    out.destroy()
    await rm(file, { force: true })
    throw error
  }
  return { file, shownFile: `/var/tmp/${name}`, size }
}

/** Reads a body piece by piece, never holding more than a chunk and a delimiter of it. */
class BodyReader {
  readonly #chunks: AsyncIterator<Buffer>
  readonly #pace: (bytes: number) => Promise<void>
  readonly #options: UploadOptions
  #left: number
  #read = 0
  #buffer = Buffer.alloc(0)

  constructor(request: IncomingMessage, length: number, options: UploadOptions) {
    this.#chunks = request[Symbol.asyncIterator]() as AsyncIterator<Buffer>
    this.#left = length
    this.#options = options
    this.#pace = throttle(options.bytesPerSecond, options.signal)
  }

  async skipPast(delimiter: string): Promise<void> {
    await this.copyUntil(delimiter, async () => undefined)
  }

  /** The header lines of a part; `undefined` behind the last one. */
  async readHeaders(): Promise<string | undefined> {
    while (this.#buffer.length < 2 && (await this.#more()));
    if (this.#buffer.subarray(0, 2).toString('latin1') !== '\r\n') return undefined
    this.#buffer = this.#buffer.subarray(2)
    return (await this.#readUntil('\r\n\r\n')).toString('utf8')
  }

  async readText(delimiter: string): Promise<string> {
    return (await this.#readUntil(delimiter)).toString('utf8')
  }

  async copyUntil(delimiter: string, sink: (chunk: Buffer) => Promise<void>): Promise<void> {
    const needle = Buffer.from(delimiter)
    for (;;) {
      const at = this.#buffer.indexOf(needle)
      if (at >= 0) {
        if (at > 0) await sink(this.#buffer.subarray(0, at))
        this.#buffer = this.#buffer.subarray(at + needle.length)
        return
      }
      // The delimiter may be split between two chunks.
      const safe = this.#buffer.length - needle.length + 1
      if (safe > 0) {
        await sink(this.#buffer.subarray(0, safe))
        this.#buffer = this.#buffer.subarray(safe)
      }
      if (!(await this.#more())) throw new ConnectionBroken()
    }
  }

  async drain(): Promise<void> {
    this.#buffer = Buffer.alloc(0)
    while (await this.#more()) this.#buffer = Buffer.alloc(0)
    // Behind the last byte comes the end of the message.
    if (this.#left <= 0) await this.#chunks.next()
  }

  async #readUntil(delimiter: string): Promise<Buffer> {
    const parts: Buffer[] = []
    await this.copyUntil(delimiter, async (chunk) => void parts.push(Buffer.from(chunk)))
    return Buffer.concat(parts)
  }

  async #more(): Promise<boolean> {
    if (this.#left <= 0) return false
    const { done, value } = await this.#chunks.next()
    if (done === true) return false
    this.#left -= value.length
    this.#read += value.length
    if (this.#options.breakAfter !== undefined && this.#read >= this.#options.breakAfter)
      throw new ConnectionBroken()
    await this.#pace(value.length)
    this.#buffer = Buffer.concat([this.#buffer, value])
    return true
  }
}
