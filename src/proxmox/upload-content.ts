import { type FileHandle, open } from 'node:fs/promises'
import { NciError, reasonOf } from '../core/errors.ts'

/** A file as it was looked at. */
export interface FileToSend {
  /** Path here. */
  readonly file: string
  /** Bytes. */
  readonly size: number
  /** When it was changed last: with another time it is another file. */
  readonly mtimeMs: number
}

const blockSize = 1024 * 1024

/**
 * Exactly the bytes that were announced; breaks off where the file is not the one that was looked at any more. A block
 * is read while the one before it is sent. There are two, used in turn: whoever asks for the next block has sent the one
 * before it, as a block is more than a socket takes at once.
 *
 * @param onProgress is told how many bytes were taken
 * @throws {NciError} `ISO_FILE_CHANGED`, `ISO_FILE_MISSING`
 */
export async function* fileContent(
  upload: FileToSend,
  onProgress: (done: number) => void,
): AsyncGenerator<Uint8Array> {
  const { file: path, size } = upload
  try {
    await using file = await open(path)
    await requireUnchanged(file, upload)
    let blocks = [Buffer.allocUnsafeSlow(blockSize), Buffer.allocUnsafeSlow(blockSize)] as const
    let next = readBlock(file, blocks[0], upload, 0)
    for (let sent = 0; sent < size; ) {
      const block = await next
      blocks = [blocks[1], blocks[0]]
      next = readBlock(file, blocks[0], upload, sent + block.length)
      // It is looked at with the next turn, which may never come.
      next.catch(() => undefined)
      yield block
      sent += block.length
      onProgress(sent)
    }
    await requireUnchanged(file, upload)
  } catch (error) {
    if (error instanceof NciError) throw error
    throw new NciError('ISO_FILE_MISSING', { file: path, reason: reasonOf(error) }, { cause: error })
  }
}

/** A whole block, or what there is of the last one. */
async function readBlock(
  file: FileHandle,
  block: Buffer,
  { file: path, size }: FileToSend,
  position: number,
): Promise<Buffer> {
  const length = Math.min(block.length, size - position)
  for (let done = 0; done < length; ) {
    const { bytesRead } = await file.read(block, done, length - done, position + done)
    if (bytesRead === 0) throw new NciError('ISO_FILE_CHANGED', { file: path })
    done += bytesRead
  }
  return block.subarray(0, length)
}

async function requireUnchanged(file: FileHandle, upload: FileToSend): Promise<void> {
  const { size, mtimeMs } = await file.stat()
  if (size === upload.size && mtimeMs === upload.mtimeMs) return
  throw new NciError('ISO_FILE_CHANGED', { file: upload.file })
}
