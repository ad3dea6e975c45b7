import { X509Certificate } from 'node:crypto'
import path from 'node:path'
import { generate } from 'selfsigned'
import { readFileIfPresent, writeFileAtomically } from './persistence.ts'

/** The lab's TLS identity. */
export interface Certificate {
  readonly key: string
  readonly cert: string
  /** SHA-256, as `AA:BB:…`. */
  readonly fingerprint: string
  /** The certificate's file, to be trusted as a CA. */
  readonly file: string
}

/** Loads the certificate of the folder, or makes a self-signed one. */
export async function loadCertificate(folder: string, names: readonly string[]): Promise<Certificate> {
  const file = path.join(folder, 'pve-ssl.pem')
  const keyFile = path.join(folder, 'pve-ssl.key')
  let cert = readFileIfPresent(file)
  let key = readFileIfPresent(keyFile)
  if (cert === undefined || key === undefined) {
    const generated = await selfSigned(names)
    cert = generated.cert
    key = generated.private
    writeFileAtomically(file, cert)
    writeFileAtomically(keyFile, key, 0o600)
  }
  return { key, cert, file, fingerprint: new X509Certificate(cert).fingerprint256 }
}

async function selfSigned(names: readonly string[]): Promise<{ cert: string; private: string }> {
  const altNames = names.map((name) =>
    /^[\d.]+$|:/.test(name) ? { type: 7 as const, ip: name } : { type: 2 as const, value: name },
  )
  return await generate([{ name: 'commonName', value: names[0] ?? 'pve' }], {
    algorithm: 'sha256',
    keyType: 'ec',
    curve: 'P-256',
    notAfterDate: new Date(Date.now() + 10 * 365 * 24 * 3600 * 1000),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames },
    ],
  })
}
