import { readdirSync, readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { HostLog } from '../../../src/workflows/batch/host-log.ts'
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
