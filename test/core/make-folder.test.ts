import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reasonOf } from '../../src/core/errors.ts'
import { makeFolder } from '../../src/core/make-folder.ts'
import { temporaryFolder } from '../support/folder.ts'

let folder: ReturnType<typeof temporaryFolder>
beforeAll(() => {
  folder = temporaryFolder()
})
afterAll(() => folder[Symbol.dispose]())

const reason = (path: string): string => {
  try {
    makeFolder(path)
  } catch (error) {
    return reasonOf(error)
  }
  return 'none'
}

test('a folder is made with those above it, all with the mode, and is left alone where it is there', () => {
  const path = join(folder.path, 'a', 'b', 'c')
  makeFolder(path, 0o700)
  for (const one of [path, join(folder.path, 'a', 'b'), join(folder.path, 'a')]) {
    expect(statSync(one).mode & 0o777).toBe(0o700)
  }
  chmodSync(path, 0o755)
  makeFolder(`${path}/`, 0o700)
  expect(statSync(path).mode & 0o777).toBe(0o755)
})

test('a link to a folder is one', () => {
  mkdirSync(join(folder.path, 'target'))
  symlinkSync('target', join(folder.path, 'link'))
  makeFolder(join(folder.path, 'link', 'inside'))
  expect(statSync(join(folder.path, 'target', 'inside')).isDirectory()).toBe(true)
})

test('a file in its place, or above it, is the reason', () => {
  const file = join(folder.path, 'file')
  writeFileSync(file, '')
  expect(reason(file)).toBe('it is a file')
  expect(reason(join(file, 'sub'))).toBe(`a part of its path is no folder (${join(file, 'sub')})`)
})

test.skipIf(process.platform !== 'linux')('where no folder can be made, that is said at once', () => {
  expect(reason('/proc/absent/logs')).toBe('there is no such file or folder (/proc/absent)')
})
