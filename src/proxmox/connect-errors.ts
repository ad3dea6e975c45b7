import { type PeerCertificate, connect as tlsConnect } from 'node:tls'
import { NciError, reasonOf } from '../core/errors.ts'
import type { Endpoint } from './endpoint.ts'
import { codeOf, plainReason } from './network-errors.ts'

/**
 * Why no connection came about; nothing was sent in any of these cases.
 *
 * @returns `PVE_UNREACHABLE`, `PVE_NOT_PROXMOX`, or one of `PVE_TLS_UNTRUSTED`, `PVE_TLS_EXPIRED`, `PVE_TLS_HOSTNAME`
 */
export async function connectError(endpoint: Endpoint, error: Error): Promise<NciError> {
  if (error instanceof NciError) return error
  const code = codeOf(error)
  if (/CERT|SELF_SIGNED|UNABLE_TO|INVALID_CA|CRL/.test(code)) return certificateError(endpoint, code, error)
  // `wrong version number`: something that speaks no TLS.
  if (/^(ERR_SSL|EPROTO|HPE_)/.test(code)) {
    const reason = 'it does not speak HTTPS'
    return new NciError('PVE_NOT_PROXMOX', { endpoint: endpoint.origin, reason }, { cause: error })
  }
  const details = { endpoint: endpoint.origin, reason: plainReason(error) }
  return new NciError('PVE_UNREACHABLE', details, { cause: error })
}

async function certificateError(endpoint: Endpoint, code: string, error: Error): Promise<NciError> {
  const certificate = await shownCertificate(endpoint)
  const details = { endpoint: endpoint.origin, fingerprint: certificate?.fingerprint256 ?? 'unknown' }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const names = namesOf(certificate).join(', ') || 'no name at all'
    return new NciError('PVE_TLS_HOSTNAME', { ...details, host: endpoint.host, names }, { cause: error })
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return new NciError('PVE_TLS_EXPIRED', { ...details, what: validityOf(certificate) }, { cause: error })
  }
  return new NciError(
    'PVE_TLS_UNTRUSTED',
    { ...details, reason: withoutAdvice(reasonOf(error)) },
    { cause: error },
  )
}

/** The certificate that the server shows, for the hint of an error. */
function shownCertificate({ host, port }: Endpoint): Promise<PeerCertificate | undefined> {
  return new Promise((resolve) => {
    const socket = tlsConnect({ host, port, rejectUnauthorized: false, timeout: 5000 })
    const end = (certificate?: PeerCertificate): void => {
      socket.destroy()
      resolve(certificate)
    }
    socket.once('secureConnect', () => end(socket.getPeerCertificate()))
    socket.once('error', () => end())
    socket.once('timeout', () => end())
  })
}

/** `DNS:pve.example.org, IP Address:192.0.2.10`; without alternative names the common name counts for nothing. */
function namesOf(certificate: PeerCertificate | undefined): string[] {
  return (certificate?.subjectaltname ?? '')
    .split(', ')
    .map((name) => name.replace(/^(DNS|IP Address):/, ''))
    .filter((name) => name !== '')
}

function validityOf(certificate: PeerCertificate | undefined): string {
  const [from, to] = [Date.parse(certificate?.valid_from ?? ''), Date.parse(certificate?.valid_to ?? '')]
  if (to < Date.now()) return `expired on ${day(to)}`
  if (from > Date.now()) return `is valid from ${day(from)} on only`
  return 'was issued by an authority whose own certificate is not valid at this time'
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}

/** Node's advice is for who starts Node. */
function withoutAdvice(reason: string): string {
  return reason.replace(/; if the root CA is installed locally.*$/, '')
}
