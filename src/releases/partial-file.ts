import { createHash, type Hash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { NciError } from '../core/errors.ts'
import { readRecord, writeRecord } from './cache.ts'
import { hashFile, inFolder, writeAll } from './file.ts'

/** Which version of which file the bytes in a partial file belong to. */
export interface Version {
  readonly url: string
  readonly etag?: string | undefined
  readonly lastModified?: string | undefined
}

/** Bytes that are collected before they are written. */
const batch = 1024 ** 2

/**
 * A download that is not complete: a file and the SHA-256 of what is in it. The file always holds an unbroken
 * beginning of the whole, so that a run that was killed can be carried on.
 */
export class PartialFile {
  readonly path: string
  readonly file: FileHandle
  #size = 0
  #hash: Hash = createHash('sha256')
  #version: Version | undefined
  #pieced = false

  private constructor(path: string, file: FileHandle) {
    this.path = path
    this.file = file
  }

  /**
   * Opens or makes the file. What an earlier run left in it is kept and hashed if it is of the same URL.
   *
   * @param most bytes that the whole has at most
   */
  static async open(
    path: string,
    url: string,
    { most = Number.POSITIVE_INFINITY, signal }: { most?: number | undefined; signal: AbortSignal },
  ): Promise<PartialFile> {
    const partial = new PartialFile(path, await open(path, constants.O_RDWR | constants.O_CREAT))
    try {
      const { size } = await partial.file.stat()
      const version = await readRecord<Version>(partial.#versionPath)
      if (size === 0) return partial
      if (version?.url !== url || size > most) {
        await partial.restart()
        return partial
      }
      await hashFile(partial.file, size, partial.#hash, signal)
      partial.#size = size
      partial.#version = version
      partial.#pieced = true
      return partial
    } catch (thrown) {
      await partial.file.close()
      throw thrown
    }
  }

  /** Bytes that are there. */
  get size(): number {
    return this.#size
  }

  /** What the server said of the version that the bytes belong to. */
  get version(): Version | undefined {
    return this.#version
  }

  /** Whether the bytes come from more than one answer, or from an earlier run. */
  get pieced(): boolean {
    return this.#pieced
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.file.close()
  }

  /** Empties it. */
  async restart(): Promise<void> {
    if ((await this.file.stat()).size > 0) await this.file.truncate()
    this.#size = 0
    this.#hash = createHash('sha256')
    this.#pieced = false
  }

  /** Records which version the bytes that follow belong to. */
  async begin(version: Version): Promise<void> {
    if (this.#size > 0) this.#pieced = true
    await writeRecord(this.#versionPath, version)
    this.#version = version
  }

  /**
   * Appends a stream, hashing and writing at the same time. What arrived before the stream failed is written too.
   *
   * @param onSize told the new size now and then
   * @throws what `streamFailure` makes of a failure of the stream; `CACHE_UNUSABLE` when the file cannot be written
   */
  async append(
    stream: AsyncIterable<Buffer>,
    onSize: (size: number) => void,
    streamFailure: (thrown: unknown) => unknown,
  ): Promise<void> {
    let chunks: Buffer[] = []
    let length = 0
    let writing: Promise<void> = Promise.resolve()
    const flush = async (): Promise<void> => {
      // At most one batch is being written while the next arrives: that bounds the memory.
      await writing
      const [ready, position] = [chunks, this.#size]
      writing = inFolder(dirname(this.path), () => writeAll(this.file, ready, position))
      // It is awaited later; until then nobody listens to its failure.
      writing.catch(() => {})
      this.#size += length
      chunks = []
      length = 0
    }
    let failure: unknown
    try {
      for await (const chunk of stream) {
        this.#hash.update(chunk)
        chunks.push(chunk)
        length += chunk.length
        if (length < batch) continue
        await flush()
        onSize(this.#size)
      }
    } catch (thrown) {
      if (thrown instanceof NciError) throw thrown
      failure = streamFailure(thrown)
    }
    await flush()
    await writing
    onSize(this.#size)
    if (failure !== undefined) throw failure
  }

  /** The SHA-256 of the whole, once. */
  digest(): string {
    return this.#hash.digest('hex')
  }

  /** Removes it: it is of no use. The file stays open. */
  async discard(): Promise<void> {
    await rm(this.path, { force: true })
    await this.forget()
  }

  /** Removes what is known of the version: the file is complete and has another name now. */
  async forget(): Promise<void> {
    await rm(this.#versionPath, { force: true })
  }

  get #versionPath(): string {
    return `${this.path}.json`
  }
}
