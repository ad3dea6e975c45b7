import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LockUnusable, processLock } from '../../src/core/process-lock.ts'
import { temporaryFolder } from '../support/folder.ts'

let folder: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(() => folder[Symbol.dispose]())

const never = new AbortController().signal
const unexpected = (): never => expect.fail('it waited')

test('a lock is held by one, and by the next when it is given back', async () => {
  const file = join(folder.path, 'lock')
  const first = await processLock(file, never, unexpected)
  const { promise: waits, resolve } = Promise.withResolvers<void>()
  let isTaken = false
  const second = processLock(file, never, resolve).then((lock) => {
    isTaken = true
    return lock
  })
  await waits
  expect(isTaken).toBe(false)
  first[Symbol.dispose]()
  using _ = await second
  expect(isTaken).toBe(true)
})

test('locks of other files do not concern it', async () => {
  using _ = await processLock(join(folder.path, 'a'), never, unexpected)
  using __ = await processLock(join(folder.path, 'b'), never, unexpected)
})

test('who waits stops at once with the reason of the signal', async () => {
  const file = join(folder.path, 'lock')
  using _ = await processLock(file, never, unexpected)
  const controller = new AbortController()
  const reason = new Error('enough')
  await expect(processLock(file, controller.signal, () => controller.abort(reason))).rejects.toBe(reason)
})

test('a file that cannot be made is told apart from other errors', async () => {
  const lock = processLock(join(folder.path, 'absent', 'lock'), never, unexpected)
  await expect(lock).rejects.toBeInstanceOf(LockUnusable)
})
