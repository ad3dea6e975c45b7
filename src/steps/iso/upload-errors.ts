import { isNciError, NciError } from '../../core/errors.ts'
import { formatBytes } from '../../core/format.ts'
import type { Storage } from '../../proxmox/cluster.ts'
import { foundNoRoom, ranFull, tooSmall } from '../../proxmox/storage-full.ts'

/**
 * Tells the failures of the task apart that puts an ISO in place.
 *
 * @throws {NciError} `PVE_STORAGE_FULL`, `CHECKSUM_MISMATCH`, `PVE_TASK_FAILED`, `PVE_DOWNLOAD_FAILED`
 */
export async function explained({ storage, node }: Storage, send: () => Promise<unknown>): Promise<void> {
  try {
    await send()
  } catch (error) {
    if (!isNciError(error, 'PVE_TASK_FAILED', 'PVE_DOWNLOAD_FAILED')) throw error
    if (foundNoRoom(error)) throw ranFull({ storage, node, property: 'storage' }, error)
    const text = [error.details.reason, ...(error.details.log as string[])].join('\n')
    const [, actual, expected] = /checksum mismatch: got '(\w+)' != expect '(\w+)'/.exec(text) ?? []
    if (actual === undefined || expected === undefined) throw error
    throw new NciError(
      'CHECKSUM_MISMATCH',
      { file: 'what arrived at Proxmox', actual, expected },
      { cause: error },
    )
  }
}

/**
 * @param size bytes of the ISO
 * @throws {NciError} `PVE_STORAGE_FULL`
 */
export function requireSpace({ storage, node, available }: Storage, size: number): void {
  if (available < size) throw tooSmall({ storage, node, property: 'storage' }, available, formatBytes(size))
}
