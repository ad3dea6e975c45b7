import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { NciError, reasonOf } from '../core/errors.ts'

/** The properties that say which key logs in. */
export interface KeyOptions {
  readonly ssh_private_key_file?: string
  readonly ssh_private_key?: string
  readonly ssh_private_key_passphrase?: string
}

/** A key pair to log in with. */
export interface LoginKey {
  /** The private key in its file's format. */
  readonly privateKey: string
  readonly passphrase: string | undefined
  /** `ssh-ed25519 AAAA…` */
  readonly publicKey: string
}

const defaultFiles = ['id_ed25519', 'id_ecdsa', 'id_rsa']

/**
 * The key of the options, or the user's own.
 *
 * @throws {NciError} `SSH_KEY_MISSING`, `SSH_KEY_UNUSABLE`
 */
export async function loadLoginKey(options: KeyOptions): Promise<LoginKey> {
  const { ssh_private_key: given, ssh_private_key_passphrase: passphrase } = options
  const file = given === undefined ? keyFile(options.ssh_private_key_file) : 'given in `ssh_private_key`'
  const unusable = (reason: string): NciError => new NciError('SSH_KEY_UNUSABLE', { file, reason })
  let privateKey: string
  try {
    privateKey = given ?? readFileSync(file, 'utf8')
  } catch (error) {
    throw unusable(reasonOf(error))
  }
  const { utils } = await loadSsh2()
  const parsed = utils.parseKey(privateKey, passphrase)
  if (parsed instanceof Error) {
    const encrypted = /encrypted|passphrase|bad decrypt|integrity/i.test(parsed.message)
    if (encrypted)
      throw unusable(
        passphrase === undefined
          ? 'it is encrypted and no passphrase was given'
          : 'the passphrase does not open it',
      )
    if (/BEGIN (ENCRYPTED )?PRIVATE KEY/.test(privateKey))
      throw unusable('it is in PKCS #8; `ssh-keygen -p -f FILE` writes it anew in OpenSSH format')
    throw unusable('it is no private key in OpenSSH or PEM format')
  }
  if (!parsed.isPrivateKey()) throw unusable('it is a public key')
  return { privateKey, passphrase, publicKey: publicKeyText(parsed.type, parsed.getPublicSSH()) }
}

/** ssh2, without its native add-ons: one behaviour everywhere. */
export async function loadSsh2(): Promise<typeof import('ssh2')> {
  const module = await import('ssh2')
  return 'default' in module ? (module.default as typeof import('ssh2')) : module
}

export function publicKeyText(type: string, blob: Buffer): string {
  return `${type} ${blob.toString('base64')}`
}

function keyFile(chosen: string | undefined): string {
  if (chosen !== undefined) return chosen.replace(/^~(?=\/)/, homedir())
  const folder = join(homedir(), '.ssh')
  const found = defaultFiles.map((name) => join(folder, name)).find((file) => existsSync(file))
  if (found === undefined) {
    throw new NciError('SSH_KEY_MISSING', {
      reason: `none was given, and ${folder} has no ${defaultFiles.join(', ')}`,
    })
  }
  return found
}
