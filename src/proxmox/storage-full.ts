import { isNciError, NciError } from '../core/errors.ts'
import { formatBytes } from '../core/format.ts'

/** A storage that something is to be put on. */
export interface StoragePlace {
  readonly storage: string
  readonly node: string
  /** The property of the input that names the storage. */
  readonly property: string
}

/**
 * The error of a storage that is seen to have too little room, before anything is sent.
 *
 * @param available bytes; of a storage that is overbooked less than none
 * @param needed in words: `60.0 GiB for 2 hosts`
 */
export function tooSmall(
  { storage, node, property }: StoragePlace,
  available: number,
  needed: string,
): NciError {
  const left = formatBytes(Math.max(0, available))
  const shortage = `${left} are left, and ${needed} are needed`
  return new NciError('PVE_STORAGE_FULL', {
    ...{ storage, node, property, shortage },
    ...{ available: left, needed },
  })
}

/**
 * The error of a storage that was found to be full by a task, in the words of the task: what the storage was said to have
 * left may be old, or be counted in another way.
 */
export function ranFull({ storage, node, property }: StoragePlace, failure: FailedTask): NciError {
  const line = linesOf(failure).find((text) => noRoom.test(text)) ?? failure.message
  const shortage = line.replace(/^TASK ERROR: /, '').trim()
  const details = { ...failure.details, storage, node, property, shortage }
  return new NciError('PVE_STORAGE_FULL', details, { cause: failure })
}

type FailedTask = NciError<'PVE_TASK_FAILED'> | NciError<'PVE_DOWNLOAD_FAILED'>

/** Whether a task failed as a storage is full: it says so itself, or a program that it ran does in its log. */
export function foundNoRoom(error: unknown): error is FailedTask {
  return (
    isNciError(error, 'PVE_TASK_FAILED', 'PVE_DOWNLOAD_FAILED') &&
    linesOf(error).some((text) => noRoom.test(text))
  )
}

function linesOf({ details }: FailedTask): string[] {
  return [String(details.reason), ...((details.log as readonly string[] | undefined) ?? [])]
}

/** Of file systems and Ceph; of thick LVM, by Proxmox itself and by LVM; of a thin pool; of ZFS; of a file server. */
const noRoom =
  /no space left|ENOSPC|disk full|not enough free space|insufficient free space|free space in thin pool .* reached threshold|out of space|disk quota exceeded/i
