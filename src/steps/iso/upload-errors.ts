import { isNciError, NciError } from '../../core/errors.ts'
import { formatBytes } from '../../core/format.ts'
import type { Storage } from '../../proxmox/cluster.ts'

/**
 * Tells the failures of the task apart that puts an ISO in place.
 *
 * @param size bytes of the ISO
 * @throws {NciError} `PVE_STORAGE_FULL`, `CHECKSUM_MISMATCH`, `PVE_TASK_FAILED`, `PVE_DOWNLOAD_FAILED`
 */
export async function explained(storage: Storage, size: number, send: () => Promise<unknown>): Promise<void> {
  try {
    await send()
  } catch (error) {
    if (!isNciError(error, 'PVE_TASK_FAILED', 'PVE_DOWNLOAD_FAILED')) throw error
    const text = [error.details.reason, ...(error.details.log as string[])].join('\n')
    if (/no space left|ENOSPC|disk full/i.test(text)) throw full(storage, size, error)
    const [, actual, expected] = /checksum mismatch: got '(\w+)' != expect '(\w+)'/.exec(text) ?? []
    if (actual === undefined || expected === undefined) throw error
    throw new NciError(
      'CHECKSUM_MISMATCH',
      { file: 'what arrived at Proxmox', actual, expected },
      { cause: error },
    )
  }
}

/** @throws {NciError} `PVE_STORAGE_FULL` */
export function requireSpace(storage: Storage, size: number): void {
  if (storage.available < size) throw full(storage, size)
}

function full(storage: Storage, size: number, cause?: unknown): NciError {
  return new NciError(
    'PVE_STORAGE_FULL',
    {
      storage: storage.storage,
      node: storage.node,
      property: 'storage',
      available: formatBytes(storage.available),
      needed: formatBytes(size),
    },
    { cause },
  )
}
