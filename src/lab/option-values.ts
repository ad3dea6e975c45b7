import { randomBytes } from 'node:crypto'
import { failed, messageOf } from './api-error.ts'
import { cloudInitType } from './cloud-init/options.ts'
import type { Cluster } from './cluster.ts'
import { isDriveName, parseDrive } from './drives.ts'
import { splitList } from './formats.ts'
import { memoryOf } from './hardware.ts'
import { hashPassword, isHashed } from './passwords.ts'
import { printPropertyString, splitPropertyString } from './property-strings.ts'
import { normalize, type Options } from './vm-config.ts'

/** Rewrites options as Proxmox stores them: MAC addresses made up, tags sorted, passwords hashed. */
export function rewriteOptions(
  cluster: Cluster,
  given: Options,
  before: Options,
  creating: boolean,
): Options {
  const options: Options = {}
  for (const [name, value] of Object.entries(given)) {
    options[name] = rewriteOption(cluster, name, value, { ...before, ...given }, creating)
  }
  return options
}

function rewriteOption(
  cluster: Cluster,
  name: string,
  value: string,
  all: Options,
  creating: boolean,
): string {
  if (/^net\d+$/.test(name)) return rewriteNic(cluster, name, value)
  if (isDriveName(name)) {
    const drive = parseDrive(cluster.schema, name, value)
    return printPropertyString(withBooleans(cluster, name, drive), 'file')
  }
  if (name === 'tags') return creating && cluster.schema.major === 8 ? value : uniqueTags(value)
  if (name === 'cipassword') {
    return isHashed(value) || cloudInitType(all) === 'configdrive2' ? value : hashPassword(value)
  }
  if (isIntegerLike(cluster, name)) return String(toInteger(name, value))
  return normalize(name, value)
}

/** The configuration file takes fewer spellings than the API. */
function toInteger(name: string, value: string): number {
  if (/^-?\d+$/.test(value)) return Number(value)
  throw failed(`unable to parse value of '${name}' - type check ('integer') failed - got '${value}'`)
}

function rewriteNic(cluster: Cluster, name: string, value: string): string {
  const {
    model = '',
    macaddr,
    ...rest
  } = withBooleans(
    cluster,
    name,
    splitPropertyString(value, cluster.schema.vmOptions[name]?.properties ?? {}),
  )
  return [`${model}=${(macaddr ?? randomMac()).toUpperCase()}`, printPropertyString(rest)]
    .filter(Boolean)
    .join(',')
}

function withBooleans<T extends Record<string, string>>(cluster: Cluster, name: string, properties: T): T {
  const keys = cluster.schema.vmOptions[name]?.properties ?? {}
  const entries = Object.entries(properties).map(([key, value]) => {
    if (keys[key]?.type !== 'boolean') return [key, value]
    return [key, /^(?:1|on|yes|true)$/i.test(value) ? '1' : '0']
  })
  return Object.fromEntries(entries) as T
}

/** `B;a,c d` as `a;b;c;d`. */
export function uniqueTags(tags: string): string {
  const unique = [...new Set(splitList(tags.toLowerCase()))].sort()
  return unique.length === 0 ? ' ' : unique.join(';')
}

/** A network card with another MAC address. */
export function withNewMac(nic: string): string {
  return nic.replace(/[0-9A-F]{2}(?::[0-9A-F]{2}){5}/i, randomMac())
}

/** A MAC address with Proxmox's prefix. */
export function randomMac(): string {
  const tail = [...randomBytes(3)].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase())
  return ['BC', '24', '11', ...tail].join(':')
}

/** Throws if the memory that may be taken back is more than there is. */
export function checkBalloon(options: Options): void {
  const { balloon } = options
  if (balloon !== undefined && Number(balloon) > memoryOf(options)) {
    throw failed('balloon value too large (must be smaller than assigned memory)')
  }
}

/** Checks the public keys of `sshkeys`, which are URL-encoded. */
export function checkSshKeys(encoded: string | undefined): void {
  if (encoded === undefined) return
  let keys: string
  try {
    keys = decodeURIComponent(encoded)
  } catch (error) {
    throw failed(`SSH public key validation error: ${messageOf(error)}`)
  }
  for (const line of keys.split('\n')) {
    if (line.trim() !== '' && !isPublicKey(line)) throw failed('SSH public key validation error')
  }
}

/** Options, type and base64 data that begins with the type's name. */
function isPublicKey(line: string): boolean {
  const match = /(?:^|\s)((?:ssh|ecdsa|sk-ssh|sk-ecdsa)-[a-z0-9@.-]+)\s+([A-Za-z0-9+/]+={0,3})(?:\s|$)/.exec(
    line,
  )
  if (match === null) return false
  const [, type = '', data = ''] = match
  const blob = Buffer.from(data, 'base64')
  if (blob.length < 4) return false
  const length = blob.readUInt32BE(0)
  return blob.subarray(4, 4 + length).toString('latin1') === type && blob.length > 4 + length
}

function isIntegerLike(cluster: Cluster, name: string): boolean {
  const type = cluster.schema.vmOptions[name]?.type
  return type === 'integer' || type === 'boolean'
}
