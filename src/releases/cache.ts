import { createHash } from 'node:crypto'
import { open, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { userCache } from '../core/user-folders.ts'
import type { Architecture } from './asset.ts'
import { hashFile } from './file.ts'
import { newestFirst } from './newest.ts'
import type { Proof } from './proof.ts'

/** What is known of a file in the cache; it lies beside it as `<file>.json`. */
export interface CacheRecord {
  readonly sha256: string
  /** Bytes. */
  readonly size: number
  /** When the file was written, as the file system says: with the size, the sign that nobody touched it since. */
  readonly mtimeMs: number
  readonly verifiedBy: Proof['by'] | 'nothing'
  /** Where it came from, without credentials. */
  readonly url: string
  /** What the server said about this version of the file. */
  readonly etag?: string | undefined
  readonly lastModified?: string | undefined
  readonly release?: ReleaseRecord | undefined
}

/** Which asset of which release a file is. */
export interface ReleaseRecord {
  readonly tag_name: string
  readonly published_at: string | null
  readonly prerelease: boolean
  readonly architecture: Architecture
  readonly asset: { readonly id: number; readonly updated_at: string }
}

/** The folder for downloads: the given one, or the user's cache folder. */
export function cacheFolder(given: string | undefined): string {
  return given === undefined ? userCache() : resolve(given)
}

/** The folder for all releases of a repository; names of other servers and repositories cannot clash with them. */
export function repositoryFolder(cache: string, apiUrl: string, repository: string): string {
  const names = repository.toLowerCase().split('/')
  return join(cache, 'releases', ...[new URL(apiUrl).host, ...names].map(segment))
}

/** Where a release's asset goes. */
export function releaseFile(repositoryFolder: string, tag: string, name: string): string {
  return join(repositoryFolder, segment(tag), segment(name))
}

/** Where the file of a URL goes; its name ends in `.iso`, as Proxmox wants it. */
export function urlFile(cache: string, url: string): string {
  const last = new URL(url).pathname.split('/').at(-1) ?? ''
  const name = last.replace(/%[0-9A-F]{2}|[^\w.+-]/gi, '_').replace(/^\.+/, '') || 'installer'
  const folder = createHash('sha256').update(url).digest('hex').slice(0, 16)
  return join(cache, 'urls', folder, name.toLowerCase().endsWith('.iso') ? name : `${name}.iso`)
}

/**
 * The record of a file in the cache, if the file is there and is still what the record says. Size and time are
 * compared; the file is read again only when they differ, as after copying the cache.
 */
export async function lookUp(file: string, signal: AbortSignal): Promise<CacheRecord | undefined> {
  const [record, stats] = await Promise.all([
    readRecord<CacheRecord>(`${file}.json`),
    stat(file).catch(() => undefined),
  ])
  if (record === undefined || stats?.size !== record.size || !stats.isFile()) return undefined
  if (stats.mtimeMs === record.mtimeMs) return record
  try {
    await using handle = await open(file)
    const hash = createHash('sha256')
    await hashFile(handle, record.size, hash, signal)
    return hash.digest('hex') === record.sha256 ? record : undefined
  } catch {
    signal.throwIfAborted()
    return undefined
  }
}

/** The verified ISO of a repository's newest release in the cache of which `isIt` is true. */
export async function newestVerified(
  repositoryFolder: string,
  isIt: (release: ReleaseRecord, record: CacheRecord) => boolean,
  signal: AbortSignal,
): Promise<{ readonly file: string; readonly record: CacheRecord } | undefined> {
  const entries = await readdir(repositoryFolder, { recursive: true }).catch(() => [])
  const candidates = await Promise.all(
    entries
      .filter((entry) => /\.iso$/i.test(entry))
      .map(async (entry) => {
        const file = join(repositoryFolder, entry)
        const record = await readRecord<CacheRecord>(`${file}.json`)
        if (record?.release === undefined || record.verifiedBy === 'nothing') return []
        return isIt(record.release, record) ? [{ ...record.release, file }] : []
      }),
  )
  // One by one: a file that was copied is read in full.
  for (const { file } of newestFirst(candidates.flat())) {
    const record = await lookUp(file, signal)
    if (record !== undefined) return { file, record }
  }
  return undefined
}

/** Reads a JSON file of ours; nothing where it is missing or damaged. */
export async function readRecord<Value>(path: string): Promise<Value | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'))
    return typeof value === 'object' && value !== null ? (value as Value) : undefined
  } catch {
    return undefined
  }
}

/** Writes a JSON file so that a reader sees the old one or the new one. The caller holds the lock of the file. */
export async function writeRecord(path: string, value: unknown): Promise<void> {
  const draft = `${path}.new`
  await writeFile(draft, `${JSON.stringify(value, null, 2)}\n`)
  await rename(draft, path)
}

/** A text of the network as the name of one file or folder. */
function segment(text: string): string {
  return encodeURIComponent(text).replace(/^\.+/, (dots) => '_'.repeat(dots.length))
}
