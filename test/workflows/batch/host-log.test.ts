import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { HostLog, logFolder } from '../../../src/workflows/batch/host-log.ts'
import { temporaryFolder } from '../../support/folder.ts'

let folder = temporaryFolder()

beforeEach(() => {
  folder = temporaryFolder()
})

afterEach(() => folder[Symbol.dispose]())

async function log(name: string, line: string): Promise<string> {
  await using own = new HostLog(folder.path, name, (text) => text.replaceAll('secret', '********'))
  own.add({ step: 'nixos.install', type: 'log', line })
  return own.path
}

test('whatever a host is called, its log is a file of its own in the folder', async () => {
  const long = 'ä'.repeat(300)
  const names = ['web1', '.', '..', '../up', 'a/b', 'a b', 'a%20b', '\ud800', '\ufffd', long, `${long}2`]
  const paths = await Promise.all(names.map((name) => log(name, `of ${JSON.stringify(name)}`)))
  expect(readdirSync(folder.path)).toHaveLength(names.length)
  for (const [index, path] of paths.entries())
    expect(readFileSync(path, 'utf8')).toContain(`| of ${JSON.stringify(names[index])}\n`)
})

test('another run is appended, and secrets are masked', async () => {
  await log('web1', 'first secret')
  const text = readFileSync(await log('web1', 'second'), 'utf8')
  expect(text).toMatch(/nixos\.install: \| first \*{8}\n.*nixos\.install: \| second\n/)
})

test('the logs of a batch have a folder of their own, and those of a quarter of a year ago go', () => {
  vi.stubEnv('XDG_STATE_HOME', folder.path)
  const batches = join(folder.path, 'nixos-cloud-init-installer', 'batches')
  for (const [name, days] of [
    ['old', 100],
    ['recent', 80],
  ] as const) {
    mkdirSync(join(batches, name, 'logs'), { recursive: true })
    const time = new Date(Date.now() - days * 86_400_000)
    utimesSync(join(batches, name), time, time)
  }
  const own = logFolder(undefined, new Date('2026-11-23T01:02:03Z'))
  expect(own).toBe(join(batches, `2026-11-23T01-02-03-${process.pid}`))
  expect(readdirSync(batches).sort()).toEqual([`2026-11-23T01-02-03-${process.pid}`, 'recent'])
  // A folder of the user's own is nobody else's to clean up.
  expect(logFolder(join(batches, 'recent'), new Date())).toBe(join(batches, 'recent'))
  vi.unstubAllEnvs()
})

test('a folder for logs that is a file says so', () => {
  using folder = temporaryFolder()
  const file = join(folder.path, 'file')
  writeFileSync(file, '')
  expect(() => logFolder(file, new Date())).toThrow(
    `The folder ${file} for logs cannot be used: it is a file.`,
  )
})
