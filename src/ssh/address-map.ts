import { readFile } from 'node:fs/promises'
import { NciError, reasonOf } from '../core/errors.ts'

/** Where an SSH server listens. */
export interface Address {
  readonly host: string
  readonly port: number
}

/**
 * Where an address is reached from here: what the map says, or the address itself.
 *
 * @param file a JSON object such as `{"192.0.2.7:22": "127.0.0.1:2207"}`; `*` stands for all addresses that it does
 *   not name
 * @throws {NciError} `SSH_ADDRESS_MAP_INVALID`
 */
export async function reachable(address: Address, file: string | undefined): Promise<Address> {
  if (file === undefined) return address
  const invalid = (reason: string): NciError => new NciError('SSH_ADDRESS_MAP_INVALID', { file, reason })
  let map: unknown
  try {
    map = JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    throw invalid(reasonOf(error))
  }
  if (typeof map !== 'object' || map === null || Array.isArray(map)) throw invalid('it is no JSON object')
  const target =
    (map as Record<string, unknown>)[formatAddress(address)] ?? (map as Record<string, unknown>)['*']
  if (target === undefined) return address
  const [, host, port] = /^(.+):(\d+)$/.exec(String(target)) ?? []
  if (host === undefined || !(Number(port) > 0 && Number(port) < 65536))
    throw invalid(`\`${String(target)}\` is no host:port`)
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) }
}

/** `192.0.2.7:22`, `[2001:db8::7]:22` */
export function formatAddress({ host, port }: Address): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** A line for a known_hosts file. */
export function knownHostsLine({ host, port }: Address, hostKey: string): string {
  return `${port === 22 ? host : `[${host}]:${port}`} ${hostKey.split(' ').slice(0, 2).join(' ')}`
}
