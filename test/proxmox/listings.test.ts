import { expect, test } from 'vitest'
import { Listings } from '../../src/proxmox/listings.ts'

const never = new AbortController().signal
const minute = { most: 60_000, after: 0 }

/** Counts how often it is read. */
function counted() {
  let reads = 0
  return { read: async () => ++reads, reads: () => reads }
}

test('many that ask at about the same time are given one listing', async () => {
  const listings = new Listings()
  const { read, reads } = counted()
  const all = await Promise.all(
    Array.from({ length: 100 }, () => listings.recent('cluster', minute, never, read)),
  )
  expect([new Set(all), reads()]).toEqual([new Set([1]), 1])
  expect(await listings.recent('storages', minute, never, read)).toBe(2)
})

test('one that is too old, or was begun before something happened, is read anew', async () => {
  const listings = new Listings()
  const { read } = counted()
  expect(await listings.recent('cluster', minute, never, read)).toBe(1)
  expect(await listings.recent('cluster', { most: -1, after: 0 }, never, read)).toBe(2)
  expect(await listings.recent('cluster', { most: 60_000, after: performance.now() }, never, read)).toBe(3)
  expect(await listings.recent('cluster', minute, never, read)).toBe(3)
})

test('a failure is not kept', async () => {
  const listings = new Listings()
  const failing = listings.recent('cluster', minute, never, () => Promise.reject(new Error('no answer')))
  await expect(failing).rejects.toThrow('no answer')
  expect(await listings.recent('cluster', minute, never, async () => 'there')).toBe('there')
})

test('who is aborted while it reads for others does not take them with it', async () => {
  const listings = new Listings()
  const controller = new AbortController()
  const first = listings.recent('cluster', minute, controller.signal, () => {
    const { promise, reject } = Promise.withResolvers<string>()
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason))
    return promise
  })
  const second = listings.recent('cluster', minute, never, async () => 'read by the other')
  controller.abort(new Error('interrupted'))
  await expect(first).rejects.toThrow('interrupted')
  expect(await second).toBe('read by the other')
})
