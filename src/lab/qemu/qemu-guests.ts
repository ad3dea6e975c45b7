/** Real guests: every VM that is switched on is a QEMU process, which ends with the lab. */
import type { GuestFactory } from '../guest.ts'
import { endLeftovers } from './leftovers.ts'
import type { QemuOptions } from './options.ts'
import { findPlatform } from './platform.ts'
import { QemuGuest } from './qemu-guest.ts'

export type { QemuOptions } from './options.ts'

/**
 * Makes them ready in a folder, where each VM gets one for its console's log.
 *
 * @throws {NciError} `LAB_QEMU_UNSUITABLE`
 */
export async function qemuGuests(folder: string, options: QemuOptions = {}): Promise<GuestFactory> {
  const platform = await findPlatform(folder, options)
  await endLeftovers(folder)
  return (vmid, host) => new QemuGuest(vmid, host, platform)
}
