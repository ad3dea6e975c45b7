import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { failed, messageOf } from './api-error.ts'
import { throttle } from './latency.ts'
import { addressOf, logTime, openUrl, ownerMismatch, UntrustedCertificate } from './open-url.ts'
import type { TaskContext } from './tasks.ts'

/** What a node fetches itself. */
export interface Download {
  readonly url: string
  readonly file: string
  /** Where Proxmox says the file goes. */
  readonly shownFile: string
  readonly checksum: { readonly algorithm: string; readonly value: string } | undefined
  /** `gz` or `zst`: how the file is packed. */
  readonly compression: string | undefined
  readonly verifyCertificates: boolean
  readonly available: number
  readonly bytesPerSecond: number
}

/** Proxmox takes the process id of the worker: several may fetch a file of the same name. */
let lastWorker = 2000

/** Fetches a file, with the log of Proxmox's wget. */
export async function download(wanted: Download, task: TaskContext): Promise<void> {
  task.log(`downloading ${wanted.url} to ${wanted.shownFile}`)
  if (existsSync(wanted.file) && (await isThereAlready(wanted, task))) return
  const worker = ++lastWorker
  const partial = `${wanted.file}.tmp_dwnl.${worker}`
  const unpacked = `${wanted.file}.tmp_dcom.${worker}`
  try {
    await fetchTo(partial, `${wanted.shownFile}.tmp_dwnl.${worker}`, wanted, task)
    if (wanted.checksum !== undefined) await verify(partial, wanted.checksum, task)
    if (wanted.compression !== undefined) await unpack(partial, unpacked, worker, wanted, task)
    await rename(wanted.compression === undefined ? partial : unpacked, wanted.file)
    task.log(`download of '${wanted.url}' to '${wanted.shownFile}' finished`)
  } finally {
    await rm(partial, { force: true })
    await rm(unpacked, { force: true })
  }
}

/** The digest of a file. */
export async function digestOfFile(file: string, algorithm: string): Promise<string> {
  const hash = createHash(algorithm)
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

async function isThereAlready(wanted: Download, task: TaskContext): Promise<boolean> {
  if (wanted.checksum === undefined) throw failed(`refusing to override existing file '${wanted.shownFile}'`)
  const got = await digestOfFile(wanted.file, wanted.checksum.algorithm)
  if (got === wanted.checksum.value.toLowerCase()) {
    task.log('calculating checksum of existing file...OK, got correct file already, no need to download')
    return true
  }
  task.log('calculating checksum of existing file...')
  throw failed(`checksum mismatch: got '${got}' != expect '${wanted.checksum.value}', aborting`)
}

async function verify(
  file: string,
  checksum: { algorithm: string; value: string },
  task: TaskContext,
): Promise<void> {
  const got = await digestOfFile(file, checksum.algorithm)
  if (got === checksum.value.toLowerCase()) {
    task.log('calculating checksum...OK, checksum verified')
    return
  }
  task.log('calculating checksum...')
  throw failed(`checksum mismatch: got '${got}' != expect '${checksum.value}'`)
}

async function unpack(
  packed: string,
  unpacked: string,
  worker: number,
  wanted: Download,
  task: TaskContext,
): Promise<void> {
  const { shownFile, compression } = wanted
  const suffixes = ['dwnl', 'dcom'].map((suffix) => `${shownFile}.tmp_${suffix}.${worker}`)
  task.log(`decompressing ${suffixes.join(' to ')}`)
  const decompress = { gz: createGunzip, zst: createZstdDecompress }[compression ?? '']
  if (decompress === undefined) throw failed(`no decompressor for '${compression}' here`)
  await pipeline(createReadStream(packed), decompress(), createWriteStream(unpacked))
}

async function fetchTo(file: string, shown: string, wanted: Download, task: TaskContext): Promise<void> {
  const response = await opened(wanted, task)
  if (response.statusCode === 401) throw failed('download failed: Username/Password Authentication Failed.')
  if (response.statusCode !== 200) {
    task.log(`${logTime()} ERROR ${response.statusCode}: ${response.statusMessage}.`)
    throw failed('download failed: exit code 8')
  }
  const length = Number(response.headers['content-length'] ?? 0)
  const type = response.headers['content-type'] ?? 'application/octet-stream'
  task.log(`Length: ${length}${length < 1024 ? '' : ` (${inShort(length)})`} [${type}]`)
  task.log(`Saving to: '${shown}'`)
  const began = performance.now()
  const size = await save(response, file, length, wanted, task)
  const rate = size / Math.max(0.001, (performance.now() - began) / 1000)
  task.log(`${logTime()} (${perSecond(rate)}) - '${shown}' saved [${size}/${length}]`)
}

async function save(
  response: IncomingMessage,
  file: string,
  length: number,
  wanted: Download,
  task: TaskContext,
): Promise<number> {
  const pace = throttle(wanted.bytesPerSecond, task.signal)
  const out = createWriteStream(file)
  out.on('error', () => undefined)
  let size = 0
  let reported = 0
  try {
    for await (const chunk of response) {
      const bytes = chunk as Buffer
      size += bytes.length
      if (size > wanted.available) throw failed('download failed: No space left on device')
      await pace(bytes.length)
      await new Promise<void>((resolve, reject) =>
        out.write(bytes, (error) => (error ? reject(error) : resolve())),
      )
      const percent = length === 0 ? 0 : Math.floor((size / length) * 100)
      if (percent >= reported + 10) {
        reported = percent - (percent % 10)
        const dots = '........ ........ ........ ........'
        task.log(`${String(Math.floor(size / 1024)).padStart(6)}K ${dots} ${String(percent).padStart(2)}%`)
      }
    }
    return size
  } catch (error) {
    throw task.signal.aborted
      ? error
      : failed(`download failed: ${messageOf(error).replace(/^download failed: /, '')}`)
  } finally {
    await new Promise<void>((resolve) => out.end(resolve))
  }
}

async function opened(wanted: Download, task: TaskContext): Promise<IncomingMessage> {
  try {
    return (await openUrl(wanted.url, wanted.verifyCertificates, task.signal, task.log)).response
  } catch (error) {
    if (task.signal.aborted || messageOf(error).startsWith('download failed')) throw error
    throw failed(`download failed: ${wgetError(error, new URL(wanted.url))}`)
  }
}

/** The last line that wget would have written. */
function wgetError(error: unknown, url: URL): string {
  if (error instanceof UntrustedCertificate) {
    return error.isOther ? ownerMismatch(error.hostname) : 'exit code 5'
  }
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ECONNREFUSED') return `Connecting to ${addressOf(url)}... failed: Connection refused.`
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return `wget: unable to resolve host address '${url.hostname}'`
  }
  return messageOf(error)
}

/** `418K`, `3.9K`, `64M` */
function inShort(bytes: number): string {
  let value = bytes
  let unit = ''
  for (const next of ['K', 'M', 'G', 'T']) {
    if (value < 1024) break
    value /= 1024
    unit = next
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)}${unit}`
}

function perSecond(rate: number): string {
  const [, value = '0', unit = ''] = /^([\d.]+)([KMGT]?)$/.exec(inShort(rate)) ?? []
  return `${value} ${unit}B/s`
}
