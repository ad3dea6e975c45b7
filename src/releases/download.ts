import { access, constants, rename, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { NciError } from '../core/errors.ts'
import { byteProgress } from '../core/events.ts'
import { makeFolder } from '../core/make-folder.ts'
import { type CacheRecord, lookUp, type ReleaseRecord, writeRecord } from './cache.ts'
import { inFolder, isIso } from './file.ts'
import { withoutCredentials } from './http.ts'
import { lock } from './lock.ts'
import { PartialFile } from './partial-file.ts'
import type { Proof } from './proof.ts'
import { retrying } from './retry.ts'
import { type Run, transfer } from './transfer.ts'

/** A file to have in the cache. */
export interface Wanted {
  /** Where it goes. */
  readonly file: string
  /** Where it comes from; may hold credentials. */
  readonly from: string
  /** Bytes, where they are known beforehand. */
  readonly size?: number | undefined
  readonly proof: Proof | undefined
  readonly release?: ReleaseRecord | undefined
  /** Where it is said to come from, if that is not `from`. */
  readonly url?: string
}

/**
 * Downloads a file into the cache, carrying on an earlier attempt, and puts it into its place once it is verified.
 * Runs that want the same file at the same time share one download.
 *
 * @param isIt whether a file that another run put there in the meantime is what is wanted
 * @returns the record of the file, and whether this run fetched it
 * @throws {NciError} `DOWNLOAD_FAILED`, `CHECKSUM_MISMATCH`, `ISO_NOT_AN_ISO`, `CACHE_UNUSABLE`
 */
export async function download(
  wanted: Wanted,
  run: Run,
  isIt: (record: CacheRecord) => boolean,
): Promise<{ readonly record: CacheRecord; readonly downloaded: boolean }> {
  const { file } = wanted
  const folder = dirname(file)
  await inFolder(folder, async () => {
    makeFolder(folder)
    await access(folder, constants.W_OK)
  })
  using _ = await lock(folder, `${file}.lock`, run.signal, watch(wanted, run))
  const present = await lookUp(file, run.signal)
  if (present !== undefined && isIt(present)) return { record: present, downloaded: false }
  return { record: await fetchAndVerify(wanted, run), downloaded: true }
}

async function fetchAndVerify(wanted: Wanted, run: Run): Promise<CacheRecord> {
  const { file, from, proof } = wanted
  const folder = dirname(file)
  const url = withoutCredentials(wanted.url ?? from)
  await using partial = await inFolder(folder, () =>
    PartialFile.open(`${file}.part`, url, { most: wanted.size, signal: run.signal }),
  )
  run.emit({ type: 'phase', phase: `downloading ${basename(file)}` })
  for (let again = false; ; again = true) {
    await fetchRest(wanted, partial, url, run)
    const sha256 = partial.digest()
    if (proof !== undefined && proof.sha256 !== sha256) {
      // The parts may be of two versions of the file, or damaged since: try once from the beginning.
      if (partial.pieced && !again) {
        await inFolder(folder, () => partial.restart())
        continue
      }
      await partial.discard()
      throw new NciError('CHECKSUM_MISMATCH', { file: url, actual: sha256, expected: proof.sha256 })
    }
    if (!(await isIso(partial.file))) {
      await partial.discard()
      throw new NciError('ISO_NOT_AN_ISO', { file: url })
    }
    return await inFolder(folder, () => putInPlace(wanted, partial, url, sha256))
  }
}

async function fetchRest(wanted: Wanted, partial: PartialFile, url: string, run: Run): Promise<void> {
  const { http, signal, emit } = run
  // With a proof, bytes of an unknown version may be carried on: it will show whether they fit.
  const options = { from: wanted.from, url, size: wanted.size, blindly: wanted.proof !== undefined }
  let best = partial.size
  await retrying(() => transfer(partial, options, { http, signal, emit }), {
    url,
    signal,
    progressed: () => {
      const further = partial.size - best >= 1024 ** 2
      best = Math.max(best, partial.size)
      return further
    },
  })
}

/**
 * The record is written first: if the run is killed in between, the complete part and its record are found by the
 * next one. The data is not flushed to the disk: after a power failure the size does not fit the record.
 */
async function putInPlace(
  wanted: Wanted,
  partial: PartialFile,
  url: string,
  sha256: string,
): Promise<CacheRecord> {
  const { size, mtimeMs } = await stat(partial.path)
  const { etag, lastModified } = partial.version ?? {}
  const verifiedBy = wanted.proof?.by ?? 'nothing'
  const { file, release } = wanted
  const record = { sha256, size, mtimeMs, verifiedBy, url, etag, lastModified, release } as const
  await writeRecord(`${file}.json`, record)
  await rename(partial.path, file)
  await partial.forget()
  return record
}

/** Shows how far the other run is that this one waits for. */
function watch(wanted: Wanted, run: Run): () => Promise<void> {
  let progress: ((done: number) => void) | undefined
  return async () => {
    if (progress === undefined) {
      run.emit({ type: 'phase', phase: `waiting for another run that downloads ${basename(wanted.file)}` })
      progress = byteProgress(run.emit, wanted.size)
    }
    const part = await stat(`${wanted.file}.part`).catch(() => undefined)
    if (part !== undefined) progress(part.size)
  }
}
