import { open } from 'node:fs/promises'

const chunkBytes = 4 * 1024 ** 2
const zeros = Buffer.alloc(chunkBytes)

/** Copies a file over one of at least its size that is empty; what is zero stays a hole, as with `qemu-img convert`. */
export async function copySparsely(from: string, to: string, signal: AbortSignal): Promise<void> {
  await using source = await open(from, 'r')
  await using target = await open(to, 'r+')
  // Nothing but a hole.
  if ((await source.stat()).blocks === 0) return
  const buffer = Buffer.alloc(chunkBytes)
  for (let position = 0; ; ) {
    signal.throwIfAborted()
    const { bytesRead } = await source.read(buffer, 0, chunkBytes, position)
    if (bytesRead === 0) return
    const isHole = buffer.compare(zeros, 0, bytesRead, 0, bytesRead) === 0
    if (!isHole) await target.write(buffer, 0, bytesRead, position)
    position += bytesRead
  }
}
