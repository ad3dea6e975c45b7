import { readFileSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { type Agent, request } from 'node:https'
import type { Lab } from '../../src/lab/lab.ts'

/** An answer, status line and all. */
export interface Answer {
  readonly status: number
  readonly reason: string
  readonly headers: IncomingHttpHeaders
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: the tests look into whatever the API answers
  readonly body: any
}

/** What goes with a request; without `headers` it carries the lab's token. */
export interface RequestOptions {
  readonly headers?: Record<string, string>
  readonly form?: Record<string, string | number> | readonly (readonly [string, string])[]
  readonly json?: unknown
  readonly raw?: Buffer | string
  /** Whose connections to use. */
  readonly agent?: Agent
}

/** Sends one request to a lab, over a connection of its own if not told otherwise. */
export async function send(
  lab: Lab,
  method: string,
  path: string,
  options: RequestOptions = {},
): Promise<Answer> {
  const headers: Record<string, string> = { ...(options.headers ?? tokenHeader(lab)) }
  let body: Buffer | undefined
  if (options.form !== undefined) {
    const pairs = Array.isArray(options.form) ? options.form : Object.entries(options.form)
    const form = new URLSearchParams()
    for (const [key, value] of pairs) form.append(key, String(value))
    body = Buffer.from(form.toString())
    headers['content-type'] ??= 'application/x-www-form-urlencoded'
  } else if (options.json !== undefined) {
    body = Buffer.from(JSON.stringify(options.json))
    headers['content-type'] ??= 'application/json'
  } else if (options.raw !== undefined) {
    body = Buffer.from(options.raw)
  }
  if (body !== undefined) headers['content-length'] ??= String(body.length)
  return await new Promise<Answer>((resolve, reject) => {
    const ca = readFileSync(lab.certificateFile)
    const url = `${lab.url}${path.startsWith('/api2') ? '' : '/api2/json'}${path}`
    const sent = request(url, { method, headers, ca, agent: options.agent ?? false }, async (response) => {
      try {
        const chunks: Buffer[] = []
        for await (const chunk of response) chunks.push(chunk as Buffer)
        const text = Buffer.concat(chunks).toString('utf8')
        resolve({
          status: response.statusCode ?? 0,
          reason: response.statusMessage ?? '',
          headers: response.headers,
          text,
          body: text.startsWith('{') ? JSON.parse(text) : undefined,
        })
      } catch (error) {
        reject(error)
      }
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

/** The header of the lab's own token. */
export function tokenHeader(lab: Lab): Record<string, string> {
  return { authorization: `PVEAPIToken=${lab.tokenId}=${lab.tokenSecret}` }
}

/** A task's end: its exit status and its log. */
export interface Finished {
  readonly exitstatus: string
  readonly lines: readonly string[]
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly status: any
}

/** Asks until a task has ended. */
export async function finished(lab: Lab, upid: string, agent?: Agent): Promise<Finished> {
  const path = `/nodes/${upid.split(':')[1]}/tasks/${encodeURIComponent(upid)}`
  const options = agent === undefined ? {} : { agent }
  for (;;) {
    const { body } = await send(lab, 'GET', `${path}/status`, options)
    if (body.data.status !== 'stopped') continue
    const log = await send(lab, 'GET', `${path}/log?limit=0`, options)
    const lines = log.body.data.map((line: { t: string }) => line.t)
    return { exitstatus: body.data.exitstatus, lines, status: body.data }
  }
}

/** Sends a request that answers with a UPID and waits for the task. */
export async function runTask(
  lab: Lab,
  method: string,
  path: string,
  options: RequestOptions = {},
): Promise<Finished> {
  const answer = await send(lab, method, path, options)
  if (typeof answer.body?.data !== 'string') throw new Error(`${answer.status} ${answer.reason}`)
  return await finished(lab, answer.body.data)
}

/** A multipart body, part by part. */
export function multipart(
  parts: readonly { readonly headers: string; readonly content: Buffer | string }[],
): { raw: Buffer; contentType: string } {
  const boundary = '----lab-test'
  const pieces = parts.flatMap(({ headers, content }) => [
    Buffer.from(`--${boundary}\r\n${headers}\r\n\r\n`),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ])
  return {
    raw: Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]),
    contentType: `multipart/form-data; boundary=${boundary}`,
  }
}

/** Uploads a file as a well-behaved client does. */
export async function upload(
  lab: Lab,
  storage: string,
  filename: string,
  content: Buffer | string,
  fields: Record<string, string> = {},
): Promise<Answer> {
  const { raw, contentType } = multipart([
    ...Object.entries({ content: 'iso', ...fields }).map(([name, value]) => ({
      headers: `Content-Disposition: form-data; name="${name}"`,
      content: value,
    })),
    {
      headers: `Content-Disposition: form-data; name="filename"; filename="${filename}"\r\nContent-Type: application/octet-stream`,
      content,
    },
  ])
  return await send(lab, 'POST', `/nodes/pve/storage/${storage}/upload`, {
    headers: { ...tokenHeader(lab), 'content-type': contentType },
    raw,
  })
}
