import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { LockUnusable, processLock } from '../../core/process-lock.ts'
import type { Inputs } from '../../core/step.ts'
import { parseEndpoints } from '../../proxmox/endpoint.ts'
import { cacheFolder } from '../../releases/cache.ts'
import type { Target } from './upload-target.ts'

/**
 * Waits until no other run of this user on this machine puts a file of this name on this storage, so that many hosts at
 * once send their ISO once. Whoever has waited looks again: it is there then. Without a folder for the lock there is
 * none, and the file may be sent twice, which does no harm.
 */
export async function lockUpload(
  { context, storage, nodes }: Target,
  { api_host, api_port }: Inputs['iso.upload'],
  name: string,
): Promise<Disposable> {
  // The nodes of a cluster are reached by many addresses; that of a single one is its own.
  const place =
    nodes.length > 1
      ? nodes.toSorted()
      : parseEndpoints(api_host ?? '', api_port)
          .map(({ origin }) => origin)
          .toSorted()
  const key = [place, storage.shared ? '' : storage.node, storage.storage, name]
  const digest = createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 32)
  let told = false
  const waiting = (): void => {
    if (!told) context.emit({ type: 'phase', phase: `waiting for another run that uploads ${name}` })
    told = true
  }
  try {
    return await processLock(join(await lockFolder(), `upload-${digest}`), context.signal, waiting)
  } catch (thrown) {
    if (!(thrown instanceof LockUnusable)) throw thrown
    context.emit({ type: 'log', line: `Other runs are not waited for: ${thrown.message}` })
    return { [Symbol.dispose]: () => undefined }
  }
}

async function lockFolder(): Promise<string> {
  try {
    const folder = join(cacheFolder(undefined), 'locks')
    await mkdir(folder, { recursive: true })
    return folder
  } catch (cause) {
    throw new LockUnusable(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}
