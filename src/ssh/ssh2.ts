/** ssh2, without its native add-ons: one behaviour everywhere. */
export async function loadSsh2(): Promise<typeof import('ssh2')> {
  const module = await import('ssh2')
  return 'default' in module ? (module.default as typeof import('ssh2')) : module
}

/** `ssh-ed25519 AAAA…` */
export function publicKeyText(type: string, blob: Buffer): string {
  return `${type} ${blob.toString('base64')}`
}

/** The type's name leads the blob of a public key, after its length. */
export function typeOf(blob: Buffer): string {
  return blob.toString('latin1', 4, 4 + blob.readUInt32BE(0))
}
