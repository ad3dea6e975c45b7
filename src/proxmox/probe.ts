import { request } from 'node:https'
import type { TLSSocket } from 'node:tls'
import { NciError } from '../core/errors.ts'
import { connectError } from './connect-errors.ts'
import { Connections, type ConnectionsOptions } from './connections.ts'
import type { Endpoint } from './endpoint.ts'
import { foreignReason } from './foreign.ts'

/** What a server shows to anybody, before a login. */
export interface Probe {
  /** From the request to the answer, connection included. */
  readonly milliseconds: number
  readonly certificate: {
    /** SHA-256, as `AA:BB:…`. */
    readonly fingerprint: string
    readonly validTo: Date
  }
  /** Seconds that the server's clock is ahead of ours; unknown where it states no time. */
  readonly clockAhead: number | undefined
}

const patience = 10_000

/**
 * Asks a server for its version without saying who asks. Nothing is verified and nothing secret is sent.
 *
 * @throws {NciError} `PVE_UNREACHABLE`, `PVE_NOT_PROXMOX`
 */
export function probe(endpoint: Endpoint, signal: AbortSignal): Promise<Probe> {
  const { host, port } = endpoint
  const began = performance.now()
  return new Promise((resolve, reject) => {
    const path = '/api2/json/version'
    const asked = request({ host, port, path, agent: false, rejectUnauthorized: false, signal })
    asked.setTimeout(patience, () => asked.destroy(new Error(`no answer within ${patience / 1000} seconds`)))
    asked.once('error', (error) => {
      if (signal.aborted) reject(signal.reason)
      else void connectError(endpoint, error).then(reject)
    })
    asked.once('response', (response) => {
      response.resume()
      const milliseconds = performance.now() - began
      const certificate = (response.socket as TLSSocket).getPeerCertificate()
      const stated = Date.parse(response.headers.date ?? '')
      // The header has whole seconds, and was written about half way.
      const ahead = (stated + 500 - (Date.now() - milliseconds / 2)) / 1000
      resolve({
        milliseconds,
        certificate: {
          fingerprint: certificate.fingerprint256,
          validTo: new Date(certificate.valid_to),
        },
        clockAhead: Number.isNaN(ahead) ? undefined : ahead,
      })
    })
    asked.end()
  })
}

/**
 * Asks a server the same over a connection that is verified as those of the work are.
 *
 * @throws {NciError} `PVE_NOT_PROXMOX`, `PVE_CA_UNREADABLE`, `PVE_TLS_…`, `PVE_UNREACHABLE`, `PVE_CONNECTION_LOST`
 */
export async function verify(
  endpoint: Endpoint,
  options: ConnectionsOptions,
  signal: AbortSignal,
): Promise<void> {
  await using connections = new Connections(endpoint, options)
  const exchange = { method: 'GET', path: '/version', request: 'ask for its version' } as const
  const answer = await connections.ask(exchange, {}, signal)
  const reason = await foreignReason(connections, answer, false, signal)
  if (reason !== undefined) throw new NciError('PVE_NOT_PROXMOX', { endpoint: endpoint.origin, reason })
}
