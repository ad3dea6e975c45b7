import type { ProxmoxClient } from './client.ts'
import { forbidden } from './forbidden.ts'
import { readPermissions } from './permissions.ts'

/**
 * Asks for a privilege beforehand, where Proxmox's own refusal would come late or not be understood.
 *
 * @param request what needs it, to follow "Proxmox does not let this user": `upload to the storage local`
 * @throws {NciError} `PVE_FORBIDDEN`
 */
export async function requirePrivilege(
  client: ProxmoxClient,
  path: string,
  privilege: string,
  request: string,
): Promise<void> {
  const permissions = await readPermissions(client, [path])
  if (permissions.get(path)?.has(privilege)) return
  throw forbidden({ request, user: client.user, reason: `Permission check failed (${path}, ${privilege})` })
}
