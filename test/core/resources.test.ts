import { expect, test } from 'vitest'
import { Resources } from '../../src/core/resources.ts'

function disposable(name: string, disposed: string[]): AsyncDisposable & { readonly name: string } {
  return {
    name,
    async [Symbol.asyncDispose]() {
      disposed.push(name)
    },
  }
}

test('a key is made once and shared', async () => {
  await using resources = new Resources()
  let made = 0
  const create = (): AsyncDisposable => {
    made++
    return disposable('a', [])
  }
  expect(resources.get('a', create)).toBe(resources.get('a', create))
  expect(made).toBe(1)
  expect(resources.get('b', create)).not.toBe(resources.get('a', create))
})

test('resources are disposed once each, the newest first', async () => {
  const disposed: string[] = []
  const resources = new Resources()
  for (const name of ['a', 'b', 'c', 'a']) resources.get(name, () => disposable(name, disposed))
  await resources[Symbol.asyncDispose]()
  expect(disposed).toEqual(['c', 'b', 'a'])
})

test('one that cannot be disposed does not keep the others from it', async () => {
  const disposed: string[] = []
  const resources = new Resources()
  resources.get('a', () => disposable('a', disposed))
  resources.get('bad', () => ({ [Symbol.asyncDispose]: () => Promise.reject(new Error('stuck')) }))
  await expect(resources[Symbol.asyncDispose]()).rejects.toThrow('stuck')
  expect(disposed).toEqual(['a'])
})

test('what could not be made is tried again', async () => {
  await using resources = new Resources()
  expect(() =>
    resources.get('a', () => {
      throw new Error('no')
    }),
  ).toThrow('no')
  expect(resources.get('a', () => disposable('a', []))).toMatchObject({ name: 'a' })
})
