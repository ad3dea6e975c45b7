import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { machineLock } from '../../src/core/machine-lock.ts'
import { LockUnusable } from '../../src/core/process-lock.ts'
import { temporaryFolder } from '../support/folder.ts'

const never = new AbortController().signal
let folder = temporaryFolder()

beforeEach(() => {
  folder = temporaryFolder()
  vi.stubEnv('XDG_CACHE_HOME', folder.path)
})

afterEach(() => {
  vi.unstubAllEnvs()
  folder[Symbol.dispose]()
})

test('of two that want the same, one waits and is told so once', async () => {
  const first = await machineLock('host', ['pve', 'web1'], never, () => expect.unreachable())
  let told = 0
  const waiting = Promise.withResolvers<void>()
  const second = machineLock('host', ['pve', 'web1'], never, () => {
    told++
    waiting.resolve()
  })
  await waiting.promise
  first[Symbol.dispose]()
  using lock = await second
  expect(told).toBe(1)
  expect(Date.now() - lock.lastHeld).toBeLessThan(60_000)
})

test('another key, or another kind, is another lock', async () => {
  using _one = await machineLock('host', ['pve', 'web1'], never, () => undefined)
  using _other = await machineLock('host', ['pve', 'web2'], never, () => expect.unreachable())
  using _kind = await machineLock('upload', ['pve', 'web1'], never, () => expect.unreachable())
})

/** As if the lock was used an hour ago. */
function age(): void {
  const locks = join(folder.path, 'nixos-cloud-init-installer', 'locks')
  const then = new Date(Date.now() - 3_600_000)
  for (const name of readdirSync(locks)) utimesSync(join(locks, name), then, then)
}

async function lastHeld(): Promise<number> {
  using lock = await machineLock('host', 1, never, () => expect.unreachable())
  return lock.lastHeld
}

test('of a lock it is known when another run gave it back, and one that was killed had it until now', async () => {
  expect(await lastHeld()).toBe(0)
  age()
  expect(await lastHeld()).toBeLessThan(Date.now() - 3_000_000)
  expect(await lastHeld()).toBeGreaterThan(Date.now() - 60_000)
  age()
  const file = pathToFileURL(join(import.meta.dirname, '..', '..', 'src', 'core', 'machine-lock.ts'))
  const script = `const { machineLock } = await import('${file}')
    await machineLock('host', 1, new AbortController().signal, () => undefined)
    process.kill(process.pid, 'SIGKILL')`
  const killed = spawnSync(process.execPath, ['--input-type=module', '-e', script], { env: process.env })
  expect(killed.signal).toBe('SIGKILL')
  expect(await lastHeld()).toBeGreaterThan(Date.now() - 60_000)
})

test('who waits is let go by its signal', async () => {
  using _first = await machineLock('host', 1, never, () => undefined)
  const controller = new AbortController()
  const second = machineLock('host', 1, controller.signal, () => controller.abort(new Error('enough')))
  await expect(second).rejects.toThrow('enough')
})

test('without a folder for locks there are none', async () => {
  mkdirSync(join(folder.path, 'other'))
  writeFileSync(join(folder.path, 'other', 'nixos-cloud-init-installer'), 'a file')
  vi.stubEnv('XDG_CACHE_HOME', join(folder.path, 'other'))
  await expect(machineLock('host', 1, never, () => undefined)).rejects.toThrow(LockUnusable)
})
