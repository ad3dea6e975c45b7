import { type Answer, multipart, type RequestOptions, send } from '../api-client.ts'
import type { RecordedRequest } from './recordings.ts'
import type { World } from './world.ts'

/** Sends a request as it was recorded; `undefined` where the connection was broken. */
export async function sendRecorded(world: World, recorded: RecordedRequest): Promise<Answer | undefined> {
  const request = withOurValues(world, recorded)
  const method = request.method ?? 'GET'
  const headers = { ...(await world.headersOf(request.auth)) }
  // An upload may end with its connection: it gets one of its own.
  const connection = request.filename === undefined ? { agent: world.agent } : {}
  const options: RequestOptions = { headers, ...connection, ...bodyOf(request, headers) }
  try {
    return await send(world.lab, method, `${request.path}${queryOf(request)}`, options)
  } catch (error) {
    if (isBroken(error)) return undefined
    throw error
  }
}

/** The recorded request, where it names tasks and digests with ours in their place. */
function withOurValues(world: World, request: RecordedRequest): RecordedRequest {
  const ourValues = [...world.known, ...world.aliases]
  if (ourValues.length === 0) return request
  let text = JSON.stringify(request)
  for (const [theirs, ours] of ourValues) {
    text = text.replaceAll(theirs, ours).replaceAll(encodeURIComponent(theirs), encodeURIComponent(ours))
  }
  return JSON.parse(text) as RecordedRequest
}

function takesBody(method: string | undefined): boolean {
  return method === 'POST' || method === 'PUT'
}

/** GET and DELETE carry their parameters in the query. */
function queryOf({ method, query, params }: RecordedRequest): string {
  const pairs = [...pairsOf(query), ...(takesBody(method) ? [] : pairsOf(params))]
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`
}

function pairsOf(params: RecordedRequest['params']): [string, string][] {
  if (params === undefined || params === null) return []
  const pairs = Array.isArray(params) ? params : Object.entries(params)
  return pairs.map(([key, value]) => [key, String(value)])
}

function bodyOf(request: RecordedRequest, headers: Record<string, string>): Partial<RequestOptions> {
  const { method, params, body } = request
  if (request.filename !== undefined && request['multipart-fields'] !== undefined)
    return uploadOf(request, headers)
  if (body !== undefined) {
    const type = request['content-type']
    if (type !== undefined) headers['content-type'] = type
    else if (typeof body === 'string') headers['content-type'] = 'application/x-www-form-urlencoded'
    return typeof body === 'string' ? { raw: body } : { json: body }
  }
  if (!takesBody(method) || params === undefined || params === null) return {}
  return { form: pairsOf(params) }
}

/** The fields and the file, in the recorded order; the content of the file does not matter. */
function uploadOf(request: RecordedRequest, headers: Record<string, string>): Partial<RequestOptions> {
  const fields = Object.entries(request['multipart-fields'] ?? {}).map(([name, value]) => ({
    headers: `Content-Disposition: form-data; name="${name}"`,
    content: value,
  }))
  const disposition =
    request['file-part-header'] ??
    `Content-Disposition: form-data; name="filename"; filename="${request.filename}"`
  const file = {
    headers: `${disposition}\r\nContent-Type: application/octet-stream`,
    content: Buffer.alloc(request['file-bytes'] ?? 428_032),
  }
  const isFileFirst = request.order !== undefined && /file.?first/.test(request.order)
  const { raw, contentType } = multipart(isFileFirst ? [file, ...fields] : [...fields, file])
  headers['content-type'] = contentType
  return { raw }
}

function isBroken(error: unknown): boolean {
  return ['ECONNRESET', 'EPIPE', 'ECONNABORTED'].includes((error as NodeJS.ErrnoException).code ?? '')
}
