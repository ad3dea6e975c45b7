import { NciError } from '../core/errors.ts'
import type { CacheRecord } from './cache.ts'
import { abandon, type Http, withoutCredentials } from './http.ts'
import { retrying } from './retry.ts'

/**
 * Whether a URL still serves the version of the file that is in the cache, by its ETag or else the time of its last
 * change. It is asked with GET, since signed URLs are for GET alone; the body is not read.
 *
 * @throws {NciError} `DOWNLOAD_FAILED`
 */
export async function isUnchanged(
  from: string,
  record: CacheRecord,
  { http, signal }: { http: Http; signal: AbortSignal },
): Promise<boolean> {
  const { etag, lastModified } = record
  const url = withoutCredentials(from)
  const headers = {
    ...(etag === undefined ? {} : { 'if-none-match': etag }),
    ...(lastModified === undefined ? {} : { 'if-modified-since': lastModified }),
  }
  return retrying(
    async () => {
      const answer = await http.get(from, headers)
      abandon(answer)
      if (answer.status === 304) return true
      if (answer.status !== 200) {
        throw new NciError('DOWNLOAD_FAILED', { url, reason: `the server answers ${answer.status}` })
      }
      // Not every server heeds the conditions.
      return etag === undefined
        ? lastModified !== undefined && answer.header('last-modified') === lastModified
        : answer.header('etag') === etag
    },
    { url, signal },
  )
}
