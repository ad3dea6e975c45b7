/** Which process is at work on a VM, so that another one of the same machine can tell whether it still is. */
import { createHash } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { NciError } from '../../core/errors.ts'
import { startOf } from '../../core/process-identity.ts'
import type { Note } from '../../proxmox/ownership.ts'

/** This process: where its id counts, the id, and its start. `undefined` where the system does not tell. */
export function ownEngine(): string | undefined {
  return engineOf(process.pid)
}

/**
 * Nobody else may be at work on the VM. A process on another machine cannot be seen from here: what it does there is
 * noticed when the disks are looked at.
 *
 * @throws {NciError} `INSTALL_UNDER_WAY`
 */
export function assertNobodyAtWork(vmid: number, { engine }: Pick<Note, 'engine'>): void {
  const pid = Number(engine?.split(':')[1])
  if (engine === undefined || pid === process.pid || engineOf(pid) !== engine) return
  throw new NciError('INSTALL_UNDER_WAY', { vmid, pid })
}

function engineOf(pid: number): string | undefined {
  const started = startOf(pid)
  if (started === undefined) return undefined
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')
    // Ids count within a container.
    const place = createHash('sha256').update(boot + readlinkSync('/proc/self/ns/pid'))
    return `${place.digest('hex').slice(0, 16)}:${pid}:${started}`
  } catch {
    return undefined
  }
}
