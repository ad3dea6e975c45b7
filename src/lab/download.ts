import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { get as httpGet, type IncomingMessage } from 'node:http'
import { get as httpsGet } from 'node:https'
import { failed, messageOf } from './api-error.ts'
import { throttle } from './latency.ts'
import type { TaskContext } from './tasks.ts'

/** What a node fetches itself. */
export interface Download {
  readonly url: string
  readonly file: string
  /** Where Proxmox says the file goes. */
  readonly shownFile: string
  readonly checksum: { readonly algorithm: string; readonly value: string } | undefined
  readonly verifyCertificates: boolean
  readonly available: number
  readonly bytesPerSecond: number
}

const redirections = 20

/** Fetches a file, with the log of Proxmox's wget. */
export async function download(wanted: Download, task: TaskContext): Promise<void> {
  task.log(`downloading ${wanted.url} to ${wanted.shownFile}`)
  if (existsSync(wanted.file) && (await isThereAlready(wanted, task))) return
  const partial = `${wanted.file}.tmp_dwnl.${process.pid}`
  try {
    await fetchTo(partial, wanted, task)
    if (wanted.checksum !== undefined) await verify(partial, wanted.checksum, task)
    await rename(partial, wanted.file)
    task.log(`download of '${wanted.url}' to '${wanted.shownFile}' finished`)
  } finally {
    await rm(partial, { force: true })
  }
}

/** Opens a URL, following redirections. */
export async function openUrl(
  url: string,
  verifyCertificates: boolean,
  signal: AbortSignal,
  log: (line: string) => void = () => undefined,
): Promise<{ response: IncomingMessage; url: string }> {
  let current = new URL(url)
  for (let count = 0; count <= redirections; count++) {
    log(`--${new Date().toISOString().slice(0, 19).replace('T', ' ')}--  ${hidePassword(current.href)}`)
    const response = await request(current, verifyCertificates, signal)
    log(`Connecting to ${current.host}... connected.`)
    log(`HTTP request sent, awaiting response... ${response.statusCode} ${response.statusMessage}`)
    const { location } = response.headers
    if (response.statusCode === undefined || response.statusCode < 300 || location === undefined) {
      return { response, url: current.href }
    }
    response.resume()
    log(`Location: ${location} [following]`)
    current = new URL(location, current)
  }
  throw failed(`download failed: ${redirections} redirections exceeded.`)
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

async function fetchTo(file: string, wanted: Download, task: TaskContext): Promise<void> {
  const { response } = await opened(wanted, task)
  if (response.statusCode === 401) throw failed('download failed: Username/Password Authentication Failed.')
  if (response.statusCode !== 200) throw failed('download failed: exit code 8')
  const length = Number(response.headers['content-length'] ?? 0)
  task.log(`Length: ${length} [${response.headers['content-type'] ?? 'application/octet-stream'}]`)
  task.log(`Saving to: '${wanted.shownFile}.tmp_dwnl.${process.pid}'`)
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
        task.log(
          `${String(Math.floor(size / 1024)).padStart(6)}K ........ ........ ........ ........ ${String(percent).padStart(2)}%`,
        )
      }
    }
  } catch (error) {
    throw task.signal.aborted
      ? error
      : failed(`download failed: ${messageOf(error).replace(/^download failed: /, '')}`)
  } finally {
    await new Promise<void>((resolve) => out.end(resolve))
  }
}

async function opened(wanted: Download, task: TaskContext): Promise<{ response: IncomingMessage }> {
  try {
    return await openUrl(wanted.url, wanted.verifyCertificates, task.signal, task.log)
  } catch (error) {
    if (task.signal.aborted || messageOf(error).startsWith('download failed')) throw error
    const { code } = error as NodeJS.ErrnoException
    const { host, hostname, port, protocol } = new URL(wanted.url)
    const shown = port === '' ? `${host}:${protocol === 'https:' ? 443 : 80}` : host
    if (code === 'ECONNREFUSED')
      throw failed(`download failed: Connecting to ${shown}... failed: Connection refused.`)
    if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
      throw failed(`download failed: wget: unable to resolve host address '${hostname}'`)
    }
    throw failed(`download failed: ${messageOf(error)}`)
  }
}

function request(url: URL, verifyCertificates: boolean, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const answer = (response: IncomingMessage) => resolve(response)
    const sent =
      url.protocol === 'https:'
        ? httpsGet(url, { signal, rejectUnauthorized: verifyCertificates }, answer)
        : httpGet(url, { signal }, answer)
    sent.on('error', reject)
  })
}

function hidePassword(url: string): string {
  return url.replace(/^(\w+:\/\/[^:/@]+):[^@/]*@/, '$1:*password*@')
}
