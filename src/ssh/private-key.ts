import { readFileSync } from 'node:fs'
import type { ParsedKey } from 'ssh2'
import { reasonOf } from '../core/errors.ts'
import { loadSsh2, publicKeyText, typeOf } from './ssh2.ts'

/** A private key, open. */
export interface PrivateKey {
  readonly pair: ParsedKey
  /** `ssh-ed25519 AAAA…` */
  readonly publicKey: string
}

/** A key that cannot be opened here, and why: a sentence. */
export interface Unopened {
  readonly problem: string
  /** Its public half, where an agent may have the other one. */
  readonly publicKey?: string | undefined
  /** Whether nothing but the passphrase is missing. */
  readonly locked?: true
}

/** Reads a private key from its file. */
export async function readPrivateKey(
  file: string,
  passphrase: string | undefined,
): Promise<PrivateKey | Unopened> {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    return { problem: reasonOf(error, file) }
  }
  const key = await openPrivateKey(text, passphrase)
  if (!('problem' in key) || key.publicKey !== undefined || key.locked !== true) return key
  return { ...key, publicKey: publicKeyBeside(file) }
}

/** Opens a private key in OpenSSH or PEM format. */
export async function openPrivateKey(
  text: string,
  passphrase: string | undefined,
): Promise<PrivateKey | Unopened> {
  const { utils } = await loadSsh2()
  const pair = utils.parseKey(text, passphrase)
  if (!(pair instanceof Error)) {
    const publicKey = publicKeyText(pair.type, pair.getPublicSSH())
    return pair.isPrivateKey() ? { pair, publicKey } : { problem: 'it is a public key', publicKey }
  }
  if (/encrypted|passphrase|bad decrypt|integrity/i.test(pair.message)) {
    return passphrase === undefined
      ? { problem: 'it is encrypted and no passphrase was given', publicKey: publicHalf(text), locked: true }
      : { problem: 'the passphrase does not open it' }
  }
  if (/BEGIN (ENCRYPTED )?PRIVATE KEY/.test(text))
    return { problem: 'it is in PKCS #8; `ssh-keygen -p -f FILE` writes it anew in OpenSSH format' }
  return { problem: 'it is no private key in OpenSSH or PEM format' }
}

/** In OpenSSH's format the public half stands before the encrypted part. */
function publicHalf(privateKey: string): string | undefined {
  const body = /BEGIN OPENSSH PRIVATE KEY-----([^-]+)-----END/.exec(privateKey)?.[1]
  if (body === undefined) return undefined
  const bytes = Buffer.from(body, 'base64')
  let at = 'openssh-key-v1\0'.length
  const next = (): Buffer => {
    const start = at + 4
    at = start + bytes.readUInt32BE(at)
    return bytes.subarray(start, at)
  }
  try {
    // The cipher, the derivation of its key, and that one's options; then the number of keys.
    for (const _ of ['cipher', 'derivation', 'options']) next()
    at += 4
    const blob = next()
    return publicKeyText(typeOf(blob), blob)
  } catch {
    return undefined
  }
}

function publicKeyBeside(file: string): string | undefined {
  try {
    return readFileSync(`${file}.pub`, 'utf8').trim().split(/\s+/).slice(0, 2).join(' ')
  } catch {
    return undefined
  }
}
