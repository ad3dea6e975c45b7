import type { Connections } from './connections.ts'
import type { Answer } from './exchange.ts'

/**
 * Why what answered is not Proxmox VE; `undefined` where it may be.
 *
 * @param wasLetIn what it refuses then is not for being another product
 */
export async function foreignReason(
  connections: Connections,
  { status, reason, server }: Answer,
  wasLetIn: boolean,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (status === 404 || (status >= 300 && status < 400)) {
    return `it answers ${status} ${reason}${server === '' ? '' : ` (${server})`}`
  }
  if (status !== 401 || wasLetIn) return undefined
  // Other products take the same requests, and other credentials.
  const product = await connections.otherProduct(signal)
  return product === undefined ? undefined : `it is a ${product}`
}
