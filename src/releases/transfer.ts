import { dirname } from 'node:path'
import { NciError } from '../core/errors.ts'
import { byteProgress, type StepEvent } from '../core/events.ts'
import { ensureRoom, inFolder } from './file.ts'
import { type Answer, abandon, type Http, seconds } from './http.ts'
import type { PartialFile } from './partial-file.ts'
import { Transient } from './retry.ts'

/** What a download needs of the run. */
export interface Run {
  readonly http: Http
  readonly signal: AbortSignal
  emit(event: StepEvent): void
}

export interface TransferOptions {
  readonly from: string
  /** `from` without credentials. */
  readonly url: string
  /** Bytes of the whole, where they are known beforehand. */
  readonly size: number | undefined
  /** Whether to carry on although the server cannot tell if the file is still the same one. */
  readonly blindly: boolean
}

/**
 * One attempt to complete a partial file: asks for what is missing, and starts over when the server cannot or will
 * not give just that, or when the file has changed.
 *
 * @throws {Transient} when the connection broke; what arrived is in the file
 * @throws {NciError} `DOWNLOAD_FAILED`, `CACHE_UNUSABLE`
 */
export async function transfer(partial: PartialFile, options: TransferOptions, run: Run): Promise<void> {
  const folder = dirname(partial.path)
  const { from, url, size, blindly } = options
  const validator = validatorOf(partial)
  if (partial.size > 0 && validator === undefined && !blindly) await inFolder(folder, () => partial.restart())
  const offset = partial.size
  if (size !== undefined) {
    if (offset === size) return
    await ensureRoom(folder, size - offset)
  }
  const answer = await run.http.get(from, {
    accept: 'application/octet-stream',
    ...(offset > 0 ? { range: `bytes=${offset}-` } : {}),
    ...(offset > 0 && validator !== undefined ? { 'if-range': validator } : {}),
  })
  try {
    const total = totalOf(answer, partial, options)
    if (total === 'complete') return
    if (total === 'changed') {
      abandon(answer)
      await inFolder(folder, () => partial.restart())
      return await transfer(partial, options, run)
    }
    if (answer.status === 200 && offset > 0) await inFolder(folder, () => partial.restart())
    const expected = total ?? size
    if (size === undefined && expected !== undefined) await ensureRoom(folder, expected - partial.size)
    const version = { url, etag: answer.header('etag'), lastModified: answer.header('last-modified') }
    await inFolder(folder, () => partial.begin(version))
    const progress = byteProgress(run.emit, expected, partial.size)
    await partial.append(
      answer.body,
      (done) => {
        if (expected !== undefined && done > expected) {
          throw new NciError('DOWNLOAD_FAILED', { url, reason: `more arrives than its ${expected} bytes` })
        }
        progress(done)
      },
      (thrown) => run.http.failure(thrown, url),
    )
    if (expected !== undefined && partial.size < expected) {
      throw new Transient(`the body ended after ${partial.size} of ${expected} bytes`)
    }
  } finally {
    abandon(answer)
  }
}

/**
 * How many bytes the whole has, as far as the answer tells; `complete` when nothing is missing, `changed` when the
 * answer does not continue the partial file.
 */
function totalOf(
  answer: Answer,
  partial: PartialFile,
  { url }: TransferOptions,
): number | undefined | 'complete' | 'changed' {
  const length = answer.header('content-length')
  const [, first, whole] =
    /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(answer.header('content-range') ?? '') ?? []
  const total = whole === undefined || whole === '*' ? undefined : Number(whole)
  if (answer.status === 200) return length === undefined ? undefined : Number(length)
  if (answer.status === 206 && partial.size > 0) {
    const etag = answer.header('etag')
    const known = partial.version?.etag
    const same = etag === undefined || known === undefined || etag === known
    return same && Number(first) === partial.size ? total : 'changed'
  }
  if (answer.status === 416 && partial.size > 0) return total === partial.size ? 'complete' : 'changed'
  if (answer.status === 429) {
    const retryAfter = seconds(answer.header('retry-after'))
    throw new Transient(`${new URL(url).host} takes no more requests for now (429)`, { retryAfter })
  }
  throw new NciError('DOWNLOAD_FAILED', { url, reason: `the server answers ${answer.status}` })
}

/** What `If-Range` takes: an ETag that stands for the very bytes, or else the time of the last change. */
function validatorOf({ version }: PartialFile): string | undefined {
  const { etag, lastModified } = version ?? {}
  return etag === undefined || etag.startsWith('W/') ? lastModified : etag
}
