import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { NciError, reasonOf } from '../core/errors.ts'
import { byteProgress, type StepEvent } from '../core/events.ts'
import { hashFile, isIso } from './file.ts'
import type { Proof } from './proof.ts'

/**
 * Size in bytes and SHA-256 of an ISO on this machine.
 *
 * @throws {NciError} `ISO_FILE_MISSING`, `ISO_NOT_AN_ISO`, `CHECKSUM_MISMATCH`
 */
export async function inspectIso(
  path: string,
  proof: Proof | undefined,
  { signal, emit }: { signal: AbortSignal; emit: (event: StepEvent) => void },
): Promise<{ readonly size: number; readonly sha256: string }> {
  await using file = await openFile(path)
  const { size } = await file.stat()
  if (!(await isIso(file))) throw new NciError('ISO_NOT_AN_ISO', { file: path })
  const hash = createHash('sha256')
  await hashFile(file, size, hash, signal, byteProgress(emit, size))
  const sha256 = hash.digest('hex')
  if (proof !== undefined && proof.sha256 !== sha256) {
    throw new NciError('CHECKSUM_MISMATCH', { file: path, actual: sha256, expected: proof.sha256 })
  }
  return { size, sha256 }
}

/**
 * Whether a path is that of an ISO on this machine; without reading all of it.
 *
 * @throws {NciError} `ISO_FILE_MISSING`, `ISO_NOT_AN_ISO`
 */
export async function assertIso(path: string): Promise<void> {
  await using file = await openFile(path)
  if (!(await isIso(file))) throw new NciError('ISO_NOT_AN_ISO', { file: path })
}

async function openFile(path: string): Promise<FileHandle> {
  let file: FileHandle | undefined
  try {
    file = await open(path)
    // A folder can be opened, but not read.
    if ((await file.stat()).isFile()) return file
  } catch (thrown) {
    throw new NciError('ISO_FILE_MISSING', { file: path, reason: reasonOf(thrown) }, { cause: thrown })
  }
  await file.close()
  throw new NciError('ISO_FILE_MISSING', { file: path, reason: 'it is not a file' })
}
