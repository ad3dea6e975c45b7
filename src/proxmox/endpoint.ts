import { NciError } from '../core/errors.ts'

/** Where the API is: `origin` is `https://host:port`. */
export interface Endpoint {
  readonly origin: string
  readonly host: string
  readonly port: number
}

const defaultPort = 8006

/**
 * Reads one endpoint or several of a cluster, with commas or white space between them, each in any form that
 * {@link parseEndpoint} takes.
 *
 * @returns at least one; each once
 * @throws {NciError} `PVE_ENDPOINT_INVALID`
 */
export function parseEndpoints(text: string, port?: number): readonly [Endpoint, ...Endpoint[]] {
  const [first = '', ...others] = text.split(/[\s,]+/).filter((part) => part !== '')
  const all = [first, ...others].map((part) => parseEndpoint(part, port))
  const byOrigin = new Map(all.map((endpoint) => [endpoint.origin, endpoint]))
  return [...byOrigin.values()] as [Endpoint, ...Endpoint[]]
}

/**
 * Reads an endpoint in any form that people write: `pve`, `pve:8006`, `192.0.2.1`, `[2001:db8::1]:8006`,
 * `2001:db8::1`, `https://pve:8006/`, `https://pve:8006/api2/json`. A port in the text wins over `port`.
 *
 * @throws {NciError} `PVE_ENDPOINT_INVALID`
 */
export function parseEndpoint(text: string, port?: number): Endpoint {
  const invalid = (): NciError => new NciError('PVE_ENDPOINT_INVALID', { endpoint: text })
  const trimmed = text.trim()
  const withScheme = /^[a-z]+:\/\//i.test(trimmed)
  const bareIpv6 = !withScheme && /^[0-9a-f:.]+$/i.test(trimmed) && trimmed.split(':').length > 2
  const url = URL.parse(withScheme ? trimmed : `https://${bareIpv6 ? `[${trimmed}]` : trimmed}`)
  if (url === null || url.protocol !== 'https:' || url.username !== '' || url.hostname === '') throw invalid()
  if (!/^\/?(api2(\/json)?\/?)?$/.test(url.pathname) || url.search !== '') throw invalid()
  const chosen = portIn(bareIpv6 ? `[${trimmed}]` : trimmed) ?? port ?? defaultPort
  // A URL may have more in a host than a name or an address has: `pve1;pve2`.
  if (chosen === 0 || !/^(\[[0-9a-f:.]+\]|[\w.-]+)$/.test(url.hostname)) throw invalid()
  return {
    origin: `https://${url.hostname}:${chosen}`,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: chosen,
  }
}

/**
 * The port that the text names. A URL drops it where it is the scheme's own: `https://proxy:443` means 443, not 8006.
 * What follows the host may have colons too: the address bar of the web interface shows `/#v1:0:=qemu%2F100:4`.
 */
function portIn(text: string): number | undefined {
  const [authority = ''] = text.replace(/^[a-z]+:\/\//i, '').split(/[/?#]/)
  const digits = /:(\d+)$/.exec(authority)?.[1]
  return digits === undefined ? undefined : Number(digits)
}
