import { readFileSync } from 'node:fs'
import type { TLSSocket } from 'node:tls'
import { getCACertificates, rootCertificates } from 'node:tls'
import type { buildConnector as BuildConnector } from 'undici'
import { NciError, reasonOf } from '../core/errors.ts'
import type { Endpoint } from './endpoint.ts'

/** How the server's certificate is verified. */
export interface TlsOptions {
  readonly validate_certs: boolean
  readonly ca_path?: string
  /** One or several, with commas or white space between them: each node of a cluster has its own. */
  readonly api_fingerprint?: string
}

/**
 * A connector that verifies the server: by its SHA-256 fingerprint, by a CA file, by the system's CAs, or not at
 * all where that was asked for.
 *
 * @param timeout milliseconds for a connection to come about
 * @throws {NciError} `PVE_CA_UNREADABLE`; connecting fails with `PVE_TLS_FINGERPRINT`.
 */
export function tlsConnector(
  endpoint: Endpoint,
  options: TlsOptions,
  timeout: number,
  buildConnector: typeof BuildConnector,
): BuildConnector.connector {
  const common = { allowH2: false, timeout, keepAlive: true } as const
  if (options.api_fingerprint === undefined) {
    const ca = options.ca_path === undefined ? systemCertificates() : readCertificates(options.ca_path)
    return buildConnector({ ...common, ca, rejectUnauthorized: options.validate_certs })
  }
  const trusted = options.api_fingerprint.split(/[\s,]+/).map(plain)
  // A cached session would skip the certificate, and with it the comparison.
  const connect = buildConnector({ ...common, rejectUnauthorized: false, maxCachedSessions: 0 })
  return (target, callback) =>
    connect(target, (error, socket) => {
      if (error !== null || socket === null) return callback(error ?? new Error('no socket'), null)
      const fingerprint = (socket as TLSSocket).getPeerCertificate().fingerprint256
      if (trusted.includes(plain(fingerprint))) return callback(null, socket)
      socket.destroy()
      callback(new NciError('PVE_TLS_FINGERPRINT', { endpoint: endpoint.origin, fingerprint }), null)
    })
}

function systemCertificates(): string[] {
  return [...new Set([...rootCertificates, ...getCACertificates('system'), ...getCACertificates('extra')])]
}

function readCertificates(file: string): string {
  const unusable = (reason: string): NciError => new NciError('PVE_CA_UNREADABLE', { file, reason })
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw unusable(reasonOf(error))
  }
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw unusable('it holds no certificate in PEM')
  return text
}

function plain(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toLowerCase()
}
