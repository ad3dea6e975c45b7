import { machineLock } from '../../core/machine-lock.ts'
import { LockUnusable } from '../../core/process-lock.ts'
import type { Inputs } from '../../core/step.ts'
import { clusterKey } from '../../proxmox/cluster-key.ts'
import type { Target } from './upload-target.ts'

/**
 * Waits until no other run of this user on this machine puts a file of this name on this storage, so that many hosts at
 * once send their ISO once. Whoever has waited looks again: it is there then. Without a folder for the lock there is
 * none, and the file may be sent twice, which does no harm.
 */
export async function lockUpload(
  { context, storage, nodes }: Target,
  input: Inputs['iso.upload'],
  name: string,
): Promise<Disposable> {
  const place = clusterKey(nodes, input)
  const key = [place, storage.shared ? '' : storage.node, storage.storage, name]
  try {
    return await machineLock('upload', key, context.signal, () =>
      context.emit({ type: 'phase', phase: `waiting for another run that uploads ${name}` }),
    )
  } catch (thrown) {
    if (!(thrown instanceof LockUnusable)) throw thrown
    context.emit({ type: 'log', line: `Other runs are not waited for: ${thrown.message}` })
    return { [Symbol.dispose]: () => undefined }
  }
}
