/** Small HTTPS servers that answer as a test tells them to, where the lab would be too good a server. */
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { generate } from 'selfsigned'
import { afterEach, beforeAll } from 'vitest'
import { type ConnectionOptions, connectProxmox, type ProxmoxClient } from '../../src/proxmox/client.ts'
import { recordingContext } from './context.ts'

export type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void

/** A certificate with its key, in PEM. */
export interface Certificate {
  readonly cert: string
  readonly private: string
}

let usual: Certificate
beforeAll(async () => {
  usual = await makeCertificate({})
})

/** What a test has opened; closed after it, in reverse. */
export const cleanUp: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const one of cleanUp.splice(0).reverse()) await one()
})

/** The certificate of a {@link serve}r, which is an authority of its own. */
export function certificate(): Certificate {
  return usual
}

/** @param name a DNS name instead of the address 127.0.0.1 */
export function makeCertificate(options: {
  readonly name?: string
  readonly from?: Date
  readonly to?: Date
}): Promise<Certificate> {
  const { name, from, to } = options
  const altName =
    name === undefined ? { type: 7 as const, ip: '127.0.0.1' } : { type: 2 as const, value: name }
  return generate([{ name: 'commonName', value: name ?? '127.0.0.1' }], {
    keyType: 'ec',
    curve: 'P-256',
    ...(from === undefined ? {} : { notBeforeDate: from }),
    ...(to === undefined ? {} : { notAfterDate: to }),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'subjectAltName', altNames: [altName] },
    ],
  })
}

export function fingerprint({ cert }: Certificate = usual): string {
  return new X509Certificate(cert).fingerprint256
}

export function json(response: ServerResponse, data: unknown, more: object = {}): void {
  response.end(JSON.stringify({ data, ...more }))
}

/** A server on loopback; notes what it is asked for, and counts its connections. */
export async function serve(
  answer: Answer,
  { cert, private: key }: Certificate = usual,
): Promise<{ port: number; asked: string[]; connections(): number } & AsyncDisposable> {
  const asked: string[] = []
  let connections = 0
  const server = createServer({ cert, key }, (request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text
    })
    request.on('end', () => {
      asked.push(`${request.method} ${request.url}`)
      answer(request, response, body)
    })
  })
  server.on('tlsClientError', () => undefined)
  server.on('secureConnection', () => {
    connections++
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = async (): Promise<void> => {
    if (!server.listening) return
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  cleanUp.push(close)
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    connections: () => connections,
    [Symbol.asyncDispose]: close,
  }
}

/** A client with a token, that trusts the usual certificate. */
export function connect(
  port: number,
  rest: Partial<ConnectionOptions> = {},
  signal?: AbortSignal,
): { client: ProxmoxClient; context: ReturnType<typeof recordingContext> } {
  return connectTo(`127.0.0.1:${port}`, {
    ...{ api_token_id: 'nci@pve!ci', api_token_secret: 'secret' },
    ...rest,
    ...(signal === undefined ? {} : { signal }),
  })
}

/** A client of these endpoints; without credentials unless they are given. */
export function connectTo(
  api_host: string,
  { signal, ...rest }: Partial<ConnectionOptions> & { readonly signal?: AbortSignal } = {},
): { client: ProxmoxClient; context: ReturnType<typeof recordingContext> } {
  const context = recordingContext(signal)
  cleanUp.push(() => context.resources[Symbol.asyncDispose]())
  const usualOptions = { api_timeout: 30, validate_certs: true, api_fingerprint: fingerprint() }
  return { context, client: connectProxmox({ ...usualOptions, api_host, ...rest }, context) }
}
