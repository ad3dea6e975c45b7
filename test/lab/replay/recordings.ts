import { referenceJson } from '../../support/reference.ts'

/** A request as it was sent to the genuine server. */
export interface RecordedRequest {
  /** Who sent it, in words; root@pam's ticket where nothing is said. */
  readonly auth?: string
  readonly method?: string
  readonly path?: string
  readonly query?: Readonly<Record<string, string | number>>
  /** A form: pairs where a key is repeated. */
  readonly params?:
    | Readonly<Record<string, string | number>>
    | readonly (readonly [string, string | number])[]
    | null
  /** JSON, or text with its own content type. */
  readonly body?: unknown
  readonly 'content-type'?: string
  readonly filename?: string
  readonly 'file-bytes'?: number
  readonly 'file-part-header'?: string
  readonly 'multipart-fields'?: Readonly<Record<string, string>>
  /** `fields-first`, or what else the order of the parts was. */
  readonly order?: string
  readonly parallel?: readonly RecordedRequest[]
  readonly [key: string]: unknown
}

/** A task at its end. */
export interface RecordedTask {
  readonly upid?: string
  readonly status: { readonly data: { readonly exitstatus?: string; readonly status?: string } }
  readonly log?: { readonly data: readonly { readonly n: number; readonly t: string }[] }
}

/** What the genuine server answered. */
export interface RecordedResponse {
  readonly 'status-line'?: string
  readonly 'content-type'?: string | null
  readonly body?: unknown
  readonly task?: RecordedTask | null
  /** The configuration as `GET config` gave it afterwards; `(absent)` stands for options that were not there. */
  readonly 'config-afterwards'?: Readonly<Record<string, unknown>> | null
  readonly parallel?: readonly RecordedResponse[]
  /** What cloud-init was to read afterwards. */
  readonly 'dump-user'?: string
  /** `428032 up21.iso`: what an upload left in its storage. */
  readonly 'files-afterwards'?: string
  readonly [key: string]: unknown
}

/** One recorded exchange. */
export interface Exchange {
  readonly name: string
  readonly request: RecordedRequest
  readonly response: RecordedResponse
}

/** Which of the recordings. */
export type Source = 'recorded-more' | 'recorded-exchanges'

interface RecordingFile {
  readonly 'recorded-pve9': Record<string, RawExchange | string>
  readonly 'recorded-pve8-differences': Record<string, RawExchange | OlderDifference>
}

/** What PVE 8 answered, where everything else was the same: the status line and the errors, or how the task ended. */
interface OlderDifference {
  readonly 8: readonly [string, unknown]
}

interface RawExchange {
  readonly request?: RecordedRequest
  readonly response?: unknown
  readonly [key: string]: unknown
}

const files = new Map<Source, RecordingFile>()

/** All exchanges of a recording with PVE 9, by name in the order of the file. */
export function recordedExchanges(source: Source): ReadonlyMap<string, Exchange> {
  const rows = Object.entries(fileOf(source)['recorded-pve9'])
  return new Map(rows.map(([name, row]) => [name, exchangeOf(name, row)]))
}

/** Those that PVE 8 answered differently. */
export function differencesInPve8(source: Source): ReadonlyMap<string, Exchange> {
  const rows = Object.entries(fileOf(source)['recorded-pve8-differences'])
  return new Map(
    rows.map(([name, row]) => [
      name,
      isOlderDifference(row) ? changed(source, name, row[8]) : exchangeOf(name, row),
    ]),
  )
}

function isOlderDifference(row: RawExchange | OlderDifference): row is OlderDifference {
  return Array.isArray(row[8])
}

function changed(source: Source, name: string, [line, detail]: readonly [string, unknown]): Exchange {
  const exchange = recordedExchanges(source).get(name)
  if (exchange === undefined) throw new Error(`nothing was recorded under '${name}'`)
  const { request, response } = exchange
  if (line === 'task') {
    const task = { status: { data: { exitstatus: String(detail) } } }
    return { name, request, response: { ...response, task } }
  }
  const body = isObject(detail) ? { ...(response.body as object), errors: detail } : detail
  return { name, request, response: { ...response, 'status-line': line, body } }
}

function fileOf(source: Source): RecordingFile {
  let file = files.get(source)
  if (file === undefined) {
    file = referenceJson('pve', `${source}.json`) as RecordingFile
    files.set(source, file)
  }
  return file
}

/** The older recording knows several forms: an answer, several at once, a task alone, or just a text. */
function exchangeOf(name: string, row: RawExchange | string): Exchange {
  if (typeof row === 'string') return { name, request: {}, response: { body: row } }
  const { request = {}, response } = row
  if (Array.isArray(response) && !response.every(isObject))
    return { name, request, response: { body: response } }
  if (Array.isArray(response)) {
    const { parallel: _, ...one } = request
    return { name, request: { parallel: response.map(() => one) }, response: { parallel: response } }
  }
  if (isObject(response) && 'upid' in response && 'log' in response) {
    const task = response as unknown as RecordedTask
    const upid = { 'status-line': 'HTTP/1.1 200 OK', body: { data: response.upid } }
    return { name, request, response: { ...upid, task } }
  }
  const dump = row['dump-user'] as string | undefined
  const plain = (response ?? {}) as RecordedResponse
  return { name, request, response: dump === undefined ? plain : { ...plain, 'dump-user': dump } }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
