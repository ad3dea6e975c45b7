import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { NciError } from '../core/errors.ts'
import { type AgentKeys, findAgentKeys, onlyKey } from './agent.ts'
import { generatedKey } from './generated-key.ts'
import { openPrivateKey, type PrivateKey, readPrivateKey, type Unopened } from './private-key.ts'

/** The properties that say which key logs in. */
export interface KeyOptions {
  readonly ssh_private_key_file?: string
  readonly ssh_private_key?: string
  readonly ssh_private_key_passphrase?: string
  readonly ssh_agent?: boolean
  readonly ssh_generate_key?: boolean
}

/** What logs in: a private key that is at hand, or those of an agent. */
export type LoginKey = PrivateKey | AgentKeys

/** The public halves of all keys that may log in, `ssh-ed25519 AAAA…`. */
export function publicKeysOf(key: LoginKey): readonly string[] {
  return 'agent' in key ? key.publicKeys : [key.publicKey]
}

const defaultFiles = ['id_ed25519', 'id_ecdsa', 'id_rsa']

/**
 * The key of the options, or the user's own: a file that can be opened, else the agent.
 *
 * @throws {NciError} `SSH_KEY_MISSING`, `SSH_KEY_UNUSABLE`
 */
export async function loadLoginKey(options: KeyOptions): Promise<LoginKey> {
  if (options.ssh_generate_key === true) return generatedKey()
  const candidates = await candidateKeys(options)
  const opened = candidates.flatMap(({ key }) => ('problem' in key ? [] : [key]))[0]
  if (opened !== undefined && options.ssh_agent !== true) return opened
  // Of a file that is no key at all the agent would only hide the fault.
  const mayHelp = candidates.every(({ key }) => key.publicKey !== undefined || isLocked(key))
  if (options.ssh_agent === false || (options.ssh_agent === undefined && !mayHelp)) {
    throw noKey(options, candidates, undefined)
  }
  const keys = await chooseAgentKeys(options, candidates)
  if ('reason' in keys) throw noKey(options, candidates, keys.reason)
  return keys
}

interface Candidate {
  readonly name: string
  readonly key: PrivateKey | Unopened
}

function isGiven(options: KeyOptions): boolean {
  return options.ssh_private_key !== undefined || options.ssh_private_key_file !== undefined
}

async function candidateKeys(options: KeyOptions): Promise<Candidate[]> {
  const { ssh_private_key: text, ssh_private_key_file, ssh_private_key_passphrase: passphrase } = options
  if (text !== undefined) {
    return [{ name: 'given in `ssh_private_key`', key: await openPrivateKey(text, passphrase) }]
  }
  const files = ssh_private_key_file === undefined ? existingFiles() : [withoutTilde(ssh_private_key_file)]
  return Promise.all(files.map(async (name) => ({ name, key: await readPrivateKey(name, passphrase) })))
}

function isLocked(key: PrivateKey | Unopened): boolean {
  return 'problem' in key && key.locked === true
}

/** Of the agent's keys the one that was given; without a given one all. */
async function chooseAgentKeys(
  options: KeyOptions,
  candidates: readonly Candidate[],
): Promise<AgentKeys | { readonly reason: string }> {
  const keys = await findAgentKeys()
  if ('reason' in keys) return keys
  const found = candidates.map(({ key }) => onlyKey(keys, key.publicKey)).find((key) => key !== undefined)
  if (found !== undefined) return found
  return isGiven(options) ? { reason: 'the agent does not have it' } : keys
}

function noKey(options: KeyOptions, candidates: readonly Candidate[], agent: string | undefined): NciError {
  const [first] = candidates
  // Who has no agent, and asked for none, need not read of it.
  const said = options.ssh_agent === true || process.env.SSH_AUTH_SOCK ? agent : undefined
  if (first !== undefined && (options.ssh_agent !== true || isGiven(options))) {
    const problems = ['problem' in first.key ? first.key.problem : undefined, said]
    const reason = problems.filter((problem) => problem !== undefined).join(', and ')
    return new NciError('SSH_KEY_UNUSABLE', { file: first.name, reason })
  }
  const none = `none was given, and ${join(homedir(), '.ssh')} has no ${defaultFiles.join(', ')}`
  const reasons = [options.ssh_agent === true ? undefined : none, said]
  return new NciError('SSH_KEY_MISSING', { reason: reasons.filter((one) => one !== undefined).join('; ') })
}

function existingFiles(): string[] {
  return defaultFiles.map((name) => join(homedir(), '.ssh', name)).filter((file) => existsSync(file))
}

/** A path as people write it. */
export function withoutTilde(file: string): string {
  return file.replace(/^~(?=\/)/, homedir())
}
