import { NciError, reasonOf } from '../../core/errors.ts'
import type { Volume } from '../../proxmox/cluster.ts'
import { isoUsers, seesAllVms } from '../../proxmox/iso-users.ts'
import { readPermissions } from '../../proxmox/permissions.ts'
import { removeVolume } from '../../proxmox/volumes.ts'
import { familyOf } from './upload-name.ts'
import { nameOf } from './upload-present.ts'
import type { Target } from './upload-target.ts'

/** What is pruned, and what might have been. */
export interface Pruning {
  readonly remove: readonly Volume[]
  readonly kept: readonly Kept[]
}

export interface Kept {
  readonly volid: string
  readonly reason: string
}

export interface PruneOptions {
  /** The name of the ISO by the naming scheme. */
  readonly ownName: string
  /** The file that stays: the one that was found, or is about to be sent. */
  readonly stays: { readonly volid: string; readonly ctime?: number }
  /** How many of the older ones stay too. */
  readonly keep: number
  /** Who needs the privileges that are missing: `nci@pve`, `nci@pve!nci`. */
  readonly user: string
}

/**
 * Finds the older versions of an ISO: files with a name by our scheme, of the same family (see {@link familyOf}), that
 * were put on the storage before the one that stays. Never one that a VM uses; where that cannot be known for all VMs,
 * none at all.
 */
export async function planPruning(
  target: Target,
  volumes: readonly Volume[],
  options: PruneOptions,
): Promise<Pruning> {
  const { stays, keep } = options
  const family = familyOf(options.ownName)
  const others = volumes
    .filter((volume) => volume.volid !== stays.volid && family !== undefined)
    .filter((volume) => familyOf(nameOf(volume)) === family)
    .sort((a, b) => timeOf(b) - timeOf(a))
  const age = stays.ctime ?? Number.POSITIVE_INFINITY
  const isOlder = (volume: Volume): boolean => timeOf(volume) < age
  const older = others.filter(isOlder)
  const old = older.slice(keep)
  const kept = [
    ...because(
      others.filter((volume) => !isOlder(volume)),
      'it is not older',
    ),
    ...because(older.slice(0, keep), `of the older ones ${keep} are kept`),
  ]
  if (old.length === 0) return { remove: [], kept }
  const obstacle = await missingPrivilege(target, options.user)
  if (obstacle !== undefined) {
    target.context.emit({ type: 'warning', message: `No older ISO is removed: ${obstacle}` })
    return { remove: [], kept: [...kept, ...because(old, 'a privilege is missing')] }
  }
  const unused = await withoutUsed(target, old)
  return { remove: unused.remove, kept: [...kept, ...unused.kept] }
}

/** Removes what was found, unless a VM uses it by now. */
export async function prune(
  target: Target,
  { remove, kept }: Pruning,
): Promise<{ readonly pruned: string[]; readonly kept: Kept[] }> {
  const unused = await withoutUsed(target, remove)
  const [pruned, failed]: [string[], Kept[]] = [[], []]
  for (const { volid } of unused.remove) {
    target.context.emit({ type: 'phase', phase: `removing ${volid}` })
    try {
      await removeVolume(target.client, target.context, target.storage, volid)
      pruned.push(volid)
    } catch (error) {
      // The ISO that was asked for is there: one too many is no reason to fail.
      if (!(error instanceof NciError) || target.context.signal.aborted) throw error
      target.context.emit({ type: 'warning', message: `${volid} is still there: ${reasonOf(error)}` })
      failed.push({ volid, reason: reasonOf(error) })
    }
  }
  return { pruned, kept: [...kept, ...unused.kept, ...failed] }
}

async function withoutUsed({ client, storage }: Target, volumes: readonly Volume[]): Promise<Pruning> {
  const users = await isoUsers(
    client,
    storage,
    volumes.map(({ volid }) => volid),
  )
  return {
    remove: volumes.filter(({ volid }) => !users.has(volid)),
    kept: volumes.flatMap(({ volid }) => {
      const by = users.get(volid)
      return by === undefined ? [] : [{ volid, reason: `it is in use by ${by.join('; ')}` }]
    }),
  }
}

/** What keeps the user from pruning, and the command that changes it. */
async function missingPrivilege({ client, storage }: Target, user: string): Promise<string | undefined> {
  const path = `/storage/${storage.storage}`
  const [seesAll, permissions] = await Promise.all([seesAllVms(client), readPermissions(client, [path])])
  const who = user.includes('!') ? `--tokens '${user}'` : `--users '${user}'`
  const grant = (where: string, role: string): string =>
    `\`pveum acl modify ${where} ${who} --roles ${role}\` on a node allows it (name the roles that are needed there already with it).`
  if (!seesAll) {
    return `one of them may be in use by a VM that this user does not see, without VM.Audit on all of /vms. ${grant('/vms', 'PVEAuditor')}`
  }
  if (!permissions.get(path)?.has('Datastore.Allocate')) {
    return `this user lacks Datastore.Allocate on ${path}. ${grant(path, 'PVEDatastoreAdmin')}`
  }
  return undefined
}

function because(volumes: readonly Volume[], reason: string): Kept[] {
  return volumes.map(({ volid }) => ({ volid, reason }))
}

/** Of unknown age is new. */
function timeOf({ ctime }: Volume): number {
  return ctime ?? Number.POSITIVE_INFINITY
}
