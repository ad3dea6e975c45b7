import { type Finding, failed, unseen } from './check.ts'
import type { Patient, StorageRow } from './patient.ts'

/** Types of storages that hold files, and so ISOs and images to import; the others are volumes of blocks. */
const fileTypes = ['dir', 'nfs', 'cifs', 'cephfs', 'glusterfs', 'btrfs']
/** Types that hold no disks. */
const diskless = ['cephfs', 'pbs', 'esxi', 'iscsi']

/** What a storage is wanted for. */
export type Content = 'iso' | 'images' | 'import'

/** A storage as the node has it; `undefined` where there is none, or none that the user may see. */
export async function rowOf(patient: Patient, storage: string): Promise<StorageRow | undefined> {
  return (await patient.storages()).find((one) => one.storage === storage)
}

/**
 * What keeps a storage from being used for anything at all.
 *
 * @param hint what to do where the node has no such storage
 * @param problem how bad that is
 */
export async function unusable(
  patient: Patient,
  storage: string,
  hint: string,
  more: Pick<Finding, 'details'>,
  problem = failed,
): Promise<Finding | undefined> {
  const node = await patient.node()
  const row = await rowOf(patient, storage)
  if (row === undefined) {
    if (!(await mayRead(patient, storage))) {
      return unseen('whether it is there, and what it takes', `Datastore.Audit on /storage/${storage}`)
    }
    const names = (await patient.storages()).map((one) => one.storage).sort()
    return problem(`${node} has no storage \`${storage}\`; it has ${names.join(', ') || 'none'}.`, hint, more)
  }
  if (isActive(row)) return undefined
  const look = `Look at \`pvesm status\` on ${node}: it is disabled, or its device or server is away.`
  return problem(`It is not active on ${node}.`, look, more)
}

export function isActive({ active, enabled }: StorageRow): boolean {
  return active !== 0 && enabled !== 0
}

/** Whether a storage takes a kind of content. */
export function takes({ content: taken }: StorageRow, content: Content): boolean {
  return taken.split(',').includes(content)
}

/** Whether a storage could be made to take a kind of content. */
export function canTake({ type }: StorageRow, content: Content): boolean {
  return content === 'images' ? !diskless.includes(type) : fileTypes.includes(type)
}

/** The command that lets a storage take a kind of content as well: the setting is replaced as a whole. */
export function allowing({ storage, content: taken }: StorageRow, content: Content): string {
  return `pvesm set ${storage} --content ${[...taken.split(','), content].sort().join(',')}`
}

async function mayRead(patient: Patient, storage: string): Promise<boolean> {
  const privileges = (await patient.permissions()).get(`/storage/${storage}`)
  return ['Datastore.Audit', 'Datastore.AllocateSpace'].some((privilege) => privileges?.has(privilege))
}
