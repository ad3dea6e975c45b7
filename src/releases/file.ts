import type { Hash } from 'node:crypto'
import { type FileHandle, statfs } from 'node:fs/promises'
import { NciError, reasonOf } from '../core/errors.ts'
import { formatBytes } from '../core/format.ts'

const mebibyte = 1024 ** 2

/** Feeds the first `end` bytes of a file to a hash, in constant memory. */
export async function hashFile(
  file: FileHandle,
  end: number,
  hash: Hash,
  signal: AbortSignal,
  progress: (done: number) => void = () => {},
): Promise<void> {
  const buffer = Buffer.allocUnsafeSlow(mebibyte)
  for (let position = 0; position < end; ) {
    signal.throwIfAborted()
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, end - position), position)
    if (bytesRead === 0) return
    hash.update(buffer.subarray(0, bytesRead))
    position += bytesRead
    progress(position)
  }
}

/** Whether a file has the mark of an ISO 9660 image: its first volume descriptor follows 16 sectors of 2048 bytes. */
export async function isIso(file: FileHandle): Promise<boolean> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(5), 0, 5, 16 * 2048 + 1)
  return bytesRead === 5 && buffer.toString('latin1') === 'CD001'
}

/** Writes all of `chunks` at `position`; a disk that is nearly full takes a part first and fails then. */
export async function writeAll(file: FileHandle, chunks: Buffer[], position: number): Promise<void> {
  if (chunks.length === 0) return
  const { bytesWritten } = await file.writev(chunks, position)
  const size = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  if (bytesWritten < size) {
    await writeAll(file, [Buffer.concat(chunks).subarray(bytesWritten)], position + bytesWritten)
  }
}

/** Runs what works on the files of a folder; its failures become `CACHE_UNUSABLE`. */
export async function inFolder<Result>(
  folder: string,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (thrown) {
    if (thrown instanceof NciError) throw thrown
    throw new NciError('CACHE_UNUSABLE', { folder, reason: reasonOf(thrown) }, { cause: thrown })
  }
}

/** @throws {NciError} `CACHE_UNUSABLE` unless the file system of `folder` has room for that many bytes more. */
export async function ensureRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await inFolder(folder, () => statfs(folder))
  if (bytes <= bavail * bsize) return
  const reason = `${formatBytes(bytes)} are needed and ${formatBytes(bavail * bsize)} are free`
  throw new NciError('CACHE_UNUSABLE', { folder, reason })
}
