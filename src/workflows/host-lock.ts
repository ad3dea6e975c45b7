import type { Cluster } from '../proxmox/cluster.ts'
import type { Run } from './run.ts'

/** Milliseconds by which a clock may be set back. */
const step = 10_000

export interface HostLock extends Disposable {
  /** The cluster, read while nobody else was at the host. */
  readonly cluster: Cluster | undefined
}

/**
 * Waits until no other run of this user on this machine is at the host of this name, so that two batches, or a batch and a
 * playbook, never create it twice. Where no lock can be had, Proxmox alone tells them apart.
 */
export async function lockHost(run: Run): Promise<HostLock> {
  const { input, context } = run
  const [{ connectProxmox }, { readSettledCluster }, { vmKey }, { machineLock }, { LockUnusable }] =
    await Promise.all([
      import('../proxmox/client.ts'),
      import('../proxmox/cluster.ts'),
      import('../proxmox/cluster-key.ts'),
      import('../core/machine-lock.ts'),
      import('../core/process-lock.ts'),
    ])
  // Not before this moment was anything read of what follows.
  const oldest = Date.now() - (context.listings?.most ?? 0)
  const cluster = await readSettledCluster(connectProxmox(input, context), context)
  let isOld = false
  try {
    const lock = await machineLock('host', vmKey(cluster, input), context.signal, () => {
      isOld = true
      const message = `Another run on this machine is at ${input.name}: it is waited for.`
      run.warn(message)
    })
    isOld ||= lock.lastHeld > oldest - step
    if (isOld) run.forgetListings()
    return {
      cluster: isOld ? undefined : cluster,
      [Symbol.dispose]: () => lock[Symbol.dispose](),
    }
  } catch (thrown) {
    if (!(thrown instanceof LockUnusable)) throw thrown
    return { cluster, [Symbol.dispose]: () => undefined }
  }
}
