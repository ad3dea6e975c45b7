import { isNciError, type NciError } from '../../core/errors.ts'
import { requireSpoolSpace } from '../../proxmox/upload-space.ts'
import type { Patient } from './patient.ts'

/**
 * Whether the node that takes an upload has room for it in /var/tmp, beside what the storage needs.
 *
 * @param size bytes of the file
 * @returns `PVE_TEMP_FULL`; `undefined` where there is room, and where the user may not know
 */
export async function spoolProblem(
  patient: Patient,
  storage: string,
  size: number,
): Promise<NciError | undefined> {
  const [{ nodes, storages }, node] = [await patient.cluster(), await patient.node()]
  const target = storages.find((one) => one.storage === storage && one.node === node)
  if (target === undefined) return undefined
  const names = nodes.map((one) => one.node)
  try {
    await requireSpoolSpace(await patient.client(), names, target, size)
    return undefined
  } catch (error) {
    if (!isNciError(error, 'PVE_TEMP_FULL')) throw error
    return error
  }
}
