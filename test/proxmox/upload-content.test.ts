import { createHash } from 'node:crypto'
import { appendFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fileContent } from '../../src/proxmox/upload-content.ts'
import { temporaryFolder } from '../support/folder.ts'

const mebibyte = 1024 * 1024

/** A file as it is now. */
function look(file: string) {
  const { size, mtimeMs } = statSync(file)
  return { file, size, mtimeMs }
}

test('a file of any size is sent whole, in small parts, out of two blocks of memory', async () => {
  using folder = temporaryFolder()
  const file = join(folder.path, 'a.iso')
  // No part is like another one, and the last one is short.
  const content = Buffer.alloc(16 * mebibyte + 12_345, 'nixos installer ')
  for (let at = 0; at < content.length; at += mebibyte) content.writeUInt32BE(at, at)
  writeFileSync(file, content)
  const [arrived, expected] = [createHash('sha256'), createHash('sha256').update(content).digest('hex')]
  const [memory, lengths, progress] = [new Set<ArrayBufferLike>(), new Set<number>(), [] as number[]]
  for await (const part of fileContent(look(file), (done) => progress.push(done))) {
    arrived.update(part)
    memory.add(part.buffer)
    lengths.add(part.buffer.byteLength)
    expect(part.length).toBeLessThanOrEqual(mebibyte)
  }
  expect(arrived.digest('hex')).toBe(expected)
  expect(memory.size).toBe(2)
  expect([...lengths]).toEqual([mebibyte])
  expect(progress.at(-1)).toBe(content.length)
  expect(progress).toHaveLength(17)
})

test.each<[string, (file: string) => void]>([
  ['grows', (file) => appendFileSync(file, 'more')],
  ['is cut off', (file) => writeFileSync(file, 'short')],
  ['is touched', (file) => utimesSync(file, 1, 1)],
])('a file that %s after it was looked at is not sent', async (_, change) => {
  using folder = temporaryFolder()
  const file = join(folder.path, 'a.iso')
  writeFileSync(file, Buffer.alloc(mebibyte))
  const seen = look(file)
  change(file)
  await expect(fileContent(seen, () => undefined).next()).rejects.toMatchObject({ code: 'ISO_FILE_CHANGED' })
})
