import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { validate } from '../../../src/core/validate.ts'
import { type Entry, Journal, specOf } from '../../../src/workflows/batch/journal.ts'
import { temporaryFolder } from '../../support/folder.ts'

const never = new AbortController().signal
let folder = temporaryFolder()
const file = (): string => join(folder.path, 'nixos-cloud-init-installer', 'hosts.json')

beforeEach(() => {
  folder = temporaryFolder()
  vi.stubEnv('XDG_STATE_HOME', folder.path)
})

afterEach(() => {
  vi.unstubAllEnvs()
  folder[Symbol.dispose]()
})

const entry: Entry = {
  spec: 'a',
  vmid: 101,
  node: 'pve',
  mark: '[]',
  output: { host: '192.0.2.1' },
  at: Date.now(),
}

async function spec(document: Record<string, unknown>): Promise<string> {
  const input = { name: 'web1', flake: '.#web1', ...document }
  await validate('provision', input)
  return specOf({ name: 'web1', input: input as never })
}

function opened(): Journal {
  const journal = new Journal()
  journal.open()
  return journal
}

test('what was noted is there for the next run, beside what other runs note', async () => {
  await Promise.all(
    ['web1', 'web2', 'web3'].map((name) => new Journal().add(new Map([[name, entry]]), never)),
  )
  const journal = opened()
  for (const name of ['web1', 'web2', 'web3']) expect(journal.get(name)).toEqual(entry)
  expect(journal.get('web4')).toBeUndefined()
})

test('a file that is broken, or of another kind, is no notes at all', async () => {
  mkdirSync(join(folder.path, 'nixos-cloud-init-installer'))
  for (const text of ['{"web1": {"spec"', '[]', '{"web1": null}', '{"web1": {"spec": 1}}']) {
    writeFileSync(file(), text)
    expect(opened().get('web1')).toBeUndefined()
  }
  await new Journal().add(new Map([['web1', entry]]), never)
  expect(opened().get('web1')).toEqual(entry)
})

test('notes that are half a year old are forgotten', async () => {
  const old = { ...entry, at: Date.now() - 200 * 86_400_000 }
  await new Journal().add(new Map([['old', old]]), never)
  await new Journal().add(new Map([['new', entry]]), never)
  expect(Object.keys(JSON.parse(readFileSync(file(), 'utf8')))).toEqual(['new'])
})

test('a folder that cannot be written to is done without', async () => {
  writeFileSync(join(folder.path, 'nixos-cloud-init-installer'), 'a file')
  await new Journal().add(new Map([['web1', entry]]), never)
  expect(opened().get('web1')).toBeUndefined()
})

test('a document is the same in any order of its values, and however it is reached', async () => {
  const one = await spec({ cores: 2, disks: [{ size: '8G', ssd: true }], api_host: 'pve1' })
  expect(await spec({ api_host: 'pve2', disks: [{ ssd: true, size: '8G' }], cores: 2, timeout: 60 })).toBe(
    one,
  )
  expect(await spec({ cores: 3, disks: [{ size: '8G', ssd: true }] })).not.toBe(one)
  expect(await spec({ cores: 2, disks: [{ size: '9G', ssd: true }] })).not.toBe(one)
})

test('a secret leaves no trace, not even in a digest', async () => {
  const password = (ci_password: string) => spec({ ci_password })
  expect(await password('correct horse')).toBe(await password('battery staple'))
})
