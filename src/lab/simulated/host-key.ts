/** SSH key pairs and public keys. */
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import ssh2 from 'ssh2'

export interface HostKey {
  /** OpenSSH's private key format. */
  readonly privateKey: string
  /** `ssh-ed25519 AAAA… comment` */
  readonly publicKey: string
}

/**
 * Not by ssh2's own generator: it drops leading zero bytes, which makes about one key in 150 malformed.
 */
export function generateHostKey(comment: string): HostKey {
  const { x = '', d = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  const publicPart = Buffer.from(x, 'base64url')
  const privatePart = Buffer.from(d, 'base64url')
  const publicBlob = Buffer.concat([field('ssh-ed25519'), field(publicPart)])
  const check = randomBytes(4)
  const secret = Buffer.concat([
    ...[check, check, publicBlob, field(Buffer.concat([privatePart, publicPart])), field(comment)],
  ])
  const padding = Buffer.from(Array.from({ length: (8 - (secret.length % 8)) % 8 }, (_, index) => index + 1))
  const none = field('none')
  const count = Buffer.from([0, 0, 0, 1])
  const file = Buffer.concat([
    ...[Buffer.from('openssh-key-v1\0'), none, none, field(''), count],
    ...[field(publicBlob), field(Buffer.concat([secret, padding]))],
  ])
  const lines = file.toString('base64').match(/.{1,70}/g) ?? []
  return {
    privateKey: `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join('\n')}\n-----END OPENSSH PRIVATE KEY-----\n`,
    publicKey: `ssh-ed25519 ${publicBlob.toString('base64')} ${comment}`,
  }
}

/** A string as SSH writes it: its length, then its bytes. */
function field(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

/** The public half of a private key; `undefined` if it is none, or needs a passphrase. */
export function publicKeyOf(privateKey: string, comment: string): string | undefined {
  const parsed = ssh2.utils.parseKey(privateKey)
  if (parsed instanceof Error) return undefined
  return `${parsed.type} ${parsed.getPublicSSH().toString('base64')} ${comment}`
}

/** The keys of an `authorized_keys` file: comments, blank lines and what is no key are skipped. */
export function parseAuthorizedKeys(text: string): ssh2.ParsedKey[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ssh2.utils.parseKey(/(?:ssh-|ecdsa-|sk-)\S+ \S+.*$/.exec(line)?.[0] ?? line))
    .filter((parsed): parsed is ssh2.ParsedKey => !(parsed instanceof Error))
}
