import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { NciError, reasonOf } from '../core/errors.ts'
import type { Address } from './address-map.ts'
import { withoutTilde } from './keys.ts'

/** The strongest and most usual first: a server is asked for the key that is expected of it. */
const preferred = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'ssh-rsa',
]

/** What a known_hosts file says of an address. Keys are `ssh-ed25519 AAAA…`. */
export interface KnownHost {
  /** The host key to ask for. */
  readonly key: string | undefined
  /** Host keys that must never be trusted, wherever else they are known from. */
  readonly revoked: readonly string[]
  /** Whether a certificate authority is named for it: certificates of hosts are not verified here. */
  readonly hasAuthority: boolean
}

/**
 * Looks an address up: names, patterns, hashed names, `[host]:port`.
 *
 * @throws {NciError} `SSH_KNOWN_HOSTS_UNREADABLE`
 */
export function readKnownHost(file: string, address: Address): KnownHost {
  let text: string
  try {
    text = readFileSync(withoutTilde(file), 'utf8')
  } catch (error) {
    throw new NciError('SSH_KNOWN_HOSTS_UNREADABLE', { file, reason: reasonOf(error) }, { cause: error })
  }
  const lines = text
    .split('\n')
    .flatMap((line) => parse(line) ?? [])
    .filter((line) => names(line.hosts, address))
  const revoked = lines.filter(({ mark }) => mark === '@revoked').map(({ key }) => key)
  const [key] = lines
    .filter(({ mark, type, key }) => mark === undefined && preferred.includes(type) && !revoked.includes(key))
    .sort((a, b) => preferred.indexOf(a.type) - preferred.indexOf(b.type))
  return { key: key?.key, revoked, hasAuthority: lines.some(({ mark }) => mark === '@cert-authority') }
}

interface Line {
  readonly mark: string | undefined
  readonly hosts: string
  readonly type: string
  readonly key: string
}

function parse(line: string): Line | undefined {
  const words = line.trim().split(/\s+/)
  const mark = words[0]?.startsWith('@') ? words.shift() : undefined
  const [hosts, type, blob] = words
  if (hosts === undefined || hosts.startsWith('#') || type === undefined || blob === undefined)
    return undefined
  return { mark, hosts, type, key: `${type} ${blob}` }
}

/** Whether a line is about an address. One pattern with `!` in front of it is enough that it is not. */
function names(hosts: string, { host, port }: Address): boolean {
  const name = (port === 22 ? host : `[${host}]:${port}`).toLowerCase()
  if (hosts.startsWith('|')) return isHashOf(hosts, name)
  const patterns = hosts.toLowerCase().split(',')
  const fits = (pattern: string): boolean => wildcard(pattern).test(name)
  if (patterns.some((pattern) => pattern.startsWith('!') && fits(pattern.slice(1)))) return false
  return patterns.some(fits)
}

/** `|1|salt|hash` */
function isHashOf(hashed: string, name: string): boolean {
  const [, version, salt, hash] = hashed.split('|')
  if (version !== '1' || salt === undefined) return false
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash
}

function wildcard(pattern: string): RegExp {
  const source = [...pattern].map((letter) => ({ '*': '.*', '?': '.' })[letter] ?? RegExp.escape(letter))
  return new RegExp(`^${source.join('')}$`)
}
