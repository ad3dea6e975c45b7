import { NciError } from '../../core/errors.ts'
import type { Volume } from '../../proxmox/cluster.ts'
import { isoUsers, seesAllVms } from '../../proxmox/iso-users.ts'
import { removeVolume } from '../../proxmox/volumes.ts'
import type { Target } from './upload-target.ts'

/**
 * Makes sure that no VM uses an ISO that is to be replaced: what a VM has inserted is not to change, nor to vanish.
 * Warns where there may be VMs that the user does not see.
 *
 * @throws {NciError} `PVE_ISO_IN_USE`
 */
export async function requireUnused({ client, context, storage }: Target, { volid }: Volume): Promise<void> {
  const [users, seesAll] = await Promise.all([isoUsers(client, storage, [volid]), seesAllVms(client)])
  const vms = users.get(volid)
  if (vms !== undefined) throw new NciError('PVE_ISO_IN_USE', { volid, vms: vms.join('; ') })
  if (seesAll) return
  const message = `${volid} is replaced; whether a VM that this user does not see uses it is not known (VM.Audit on /vms would tell).`
  context.emit({ type: 'warning', message })
}

/** Removes a file for another one that is to get its name, which comes only afterwards and may fail to. */
export async function removeFor(
  { client, context, storage }: Pick<Target, 'client' | 'context' | 'storage'>,
  { volid }: Volume,
  put: () => Promise<void>,
): Promise<void> {
  await removeVolume(client, context, storage, volid)
  try {
    await put()
  } catch (error) {
    const gone = `The old ${volid} was removed for it and is gone.`
    context.emit({ type: 'warning', message: gone })
    if (!(error instanceof NciError)) throw error
    throw Object.assign(error.withDetails({ removed: volid }), { hint: `${gone} ${error.hint}` })
  }
}
