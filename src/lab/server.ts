import { rm } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { Socket } from 'node:net'
import path from 'node:path'
import { finished as finishedReading } from 'node:stream/promises'
import { type Answer, asExtJs, errorAnswer, send } from './answer.ts'
import { ApiError, failed, messageOf } from './api-error.ts'
import { authenticate, type Identity } from './authentication.ts'
import { parseForm, plainError, readBody } from './body.ts'
import type { Certificate } from './certificate.ts'
import type { Cluster } from './cluster.ts'
import { dispatch } from './dispatch.ts'
import type { RequestFault } from './faults.ts'
import { pause, pauseForever } from './latency.ts'
import { notEmulated } from './not-emulated.ts'
import { checkPermissions } from './permissions.ts'
import type { Match, Router } from './router.ts'
import { ConnectionBroken, receiveUpload } from './upload.ts'

/** A request that was answered, or whose connection was broken. */
export interface RecordedRequest {
  readonly method: string
  /** Without `/api2/json` and the query. */
  readonly path: string
  readonly query: string
  /** 0 where the connection was broken. */
  readonly status: number
  /** Counts the connections: requests with the same number came over the same one. */
  readonly connection: number
}

const anonymous: Identity = { id: '', userid: '', isToken: false }

/** The HTTPS server in front of the handlers. */
export class ApiServer {
  readonly requests: RecordedRequest[] = []
  readonly #cluster: Cluster
  readonly #router: Router
  readonly #server: Server
  readonly #connections = new Map<Socket, number>()
  #connectionCount = 0

  constructor(cluster: Cluster, router: Router, certificate: Certificate) {
    this.#cluster = cluster
    this.#router = router
    this.#server = createServer({ key: certificate.key, cert: certificate.cert, keepAliveTimeout: 30_000 })
    // A large upload may take its time.
    this.#server.requestTimeout = 0
    this.#server.on('secureConnection', (socket) => this.#connections.set(socket, ++this.#connectionCount))
    this.#server.on('secureConnection', (socket) =>
      socket.on('close', () => this.#connections.delete(socket)),
    )
    this.#server.on('request', (request, response) => void this.#handle(request, response))
  }

  /** Starts to listen; resolves with the port. */
  async listen(port: number, host: string): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(port, host, resolve)
    })
    const address = this.#server.address()
    return typeof address === 'object' && address !== null ? address.port : port
  }

  /** Closes the port and all connections. */
  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? 'GET'
    const url = new URL(request.url ?? '/', 'https://lab')
    const [, format, path = ''] = /^\/api2\/(json|extjs)(\/.*)?$/.exec(url.pathname) ?? []
    const shown = format === undefined ? url.pathname : path
    const faults = this.#cluster.faults.forRequest(method, safeDecode(shown))
    let answer: Answer | undefined
    try {
      answer = await this.#faultyAnswer(faults)
      answer ??= await this.#answer(request, method, format, path, url, faults)
      if (faults.some((fault) => 'drop' in fault && fault.drop === 'after')) answer = undefined
    } catch (error) {
      if (!(error instanceof ConnectionBroken) && !this.#cluster.closing.aborted) {
        this.#cluster.log(`${method} ${shown}: ${messageOf(error)}`)
      }
      answer = undefined
    }
    this.requests.push({
      method,
      path: shown,
      query: url.search.slice(1),
      status: answer?.status ?? 0,
      connection: this.#connections.get(request.socket) ?? 0,
    })
    if (answer === undefined) {
      request.socket.destroy()
      return
    }
    await drainSmallBody(request)
    send(response, answer, request)
  }

  async #faultyAnswer(faults: readonly RequestFault['action'][]): Promise<Answer | undefined> {
    const { closing, latency } = this.#cluster
    await pause(latency.requestMs, closing)
    for (const fault of faults) {
      if ('delayMs' in fault) await pause(fault.delayMs, closing)
      if ('hang' in fault) await pauseForever(closing)
      if ('drop' in fault && fault.drop === 'before') throw new ConnectionBroken()
      if ('answer' in fault) {
        const { status, reason, body } = fault.answer
        return errorAnswer(new ApiError(status, reason, body === undefined ? {} : { body }))
      }
    }
    return undefined
  }

  async #answer(
    request: IncomingMessage,
    method: string,
    format: string | undefined,
    path: string,
    url: URL,
    faults: readonly RequestFault['action'][],
  ): Promise<Answer> {
    try {
      if (!['GET', 'PUT', 'POST', 'DELETE'].includes(method))
        throw new ApiError(501, `method '${method}' not available`, { body: '' })
      if (request.headers['transfer-encoding'] !== undefined) {
        throw plainError(501, 'chunked transfer encoding not supported')
      }
      if (format === undefined) throw plainError(500, `no such file '${url.pathname}'`)
      const answer = await this.#call(request, method, path, url, faults)
      return format === 'extjs' ? asExtJs(answer) : answer
    } catch (error) {
      if (error instanceof ConnectionBroken || this.#cluster.closing.aborted) throw error
      if (!(error instanceof ApiError))
        this.#cluster.log(`${method} ${path}: ${(error as Error).stack ?? messageOf(error)}`)
      const answer = errorAnswer(error instanceof ApiError ? error : failed(messageOf(error)))
      return format === 'extjs' ? asExtJs(answer) : answer
    }
  }

  async #call(
    request: IncomingMessage,
    method: string,
    requestPath: string,
    url: URL,
    faults: readonly RequestFault['action'][],
  ): Promise<Answer> {
    const cluster = this.#cluster
    const path = requestPath.replace(/\/+$/, '') || '/'
    const match = this.#router.find(method, path)
    const isUpload = method === 'POST' && /^\/nodes\/[^/]+\/storage\/[^/]+\/upload$/.test(path)
    const isWorld = match?.schema.permissions?.user === 'world'
    const identity = isWorld ? anonymous : authenticate(cluster.access, method, request.headers, { isUpload })
    if (isUpload && match !== undefined) checkUploadPermission(cluster, identity, match, request)
    const form = isUpload
      ? await receiveUpload(request, {
          folder: uploadFolder(cluster),
          bytesPerSecond: cluster.latency.uploadBytesPerSecond,
          signal: cluster.closing,
          breakAfter: breakAfter(faults),
        })
      : { fields: await readBody(request), upload: undefined }
    try {
      if (match === undefined) throw notEmulated(cluster, method, path)
      const given = { ...parseForm(url.search), ...form.fields }
      return await dispatch(cluster, match, path, identity, given, form.upload)
    } catch (error) {
      if (form.upload !== undefined) await rm(form.upload.file, { force: true })
      throw error
    }
  }
}

/** The caller of an upload is checked before its body is read: for a large one that is the end of the connection. */
function checkUploadPermission(
  cluster: Cluster,
  identity: Identity,
  match: Match,
  request: IncomingMessage,
): void {
  try {
    checkPermissions(cluster.access, identity, match.schema, (name) => match.path[name])
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (!isSmall(request)) throw new ConnectionBroken()
    throw new ApiError(error.status, error.message, { body: '' })
  }
}

function isSmall(request: IncomingMessage): boolean {
  return Number(request.headers['content-length'] ?? 0) <= 512 * 1024
}

function uploadFolder(cluster: Cluster): string {
  return path.join(cluster.folder, 'tmp')
}

function breakAfter(faults: readonly RequestFault['action'][]): number | undefined {
  const fault = faults.find((candidate) => 'drop' in candidate && candidate.drop === 'upload')
  return fault !== undefined && 'drop' in fault ? (fault.bytes ?? 1) : undefined
}

/** Reads what is left of a small body: an answer that overtakes it might get lost with the connection. */
async function drainSmallBody(request: IncomingMessage): Promise<void> {
  if (request.complete || !isSmall(request)) return
  if (request.headers['transfer-encoding'] !== undefined) return
  request.resume()
  await finishedReading(request).catch(() => undefined)
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
