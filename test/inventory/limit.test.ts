import { join } from 'node:path'
import { expect, test } from 'vitest'
import { limitPatterns } from '../../src/inventory/limit.ts'
import { treeFolder } from './support.ts'

test.each([
  ['web1', ['web1']],
  ['web1,web2 , db*', ['web1', 'web2', 'db*']],
  ['web:!web3:&amd64', ['web', '!web3', '&amd64']],
  ['web[0:2]:db', ['web[0:2]', 'db']],
  ['::1', ['::1']],
  ['2001:db8::1,web1', ['2001:db8::1', 'web1']],
  ['!web1', ['!web1']],
])('%s is made of %j', (limit, patterns) => {
  expect(limitPatterns(limit)).toEqual(patterns)
})

test('the lines of a file are patterns', () => {
  using folder = treeFolder({ retry: 'web1\n\n  web2 \n!web3\n' })
  expect(limitPatterns(`@${join(folder.path, 'retry')},db`)).toEqual(['web1', 'web2', '!web3', 'db'])
})

test.each(['', ' ', ',', ':', ' : '])('%j is no limit: it would mean all hosts', (limit) => {
  expect(() => limitPatterns(limit)).toThrow(
    expect.objectContaining({ code: 'LIMIT_INVALID', message: expect.stringContaining('it names nothing') }),
  )
})

test.each([':!web3', ',!web3', ' :&amd64'])('%j lacks what something is left out of', (limit) => {
  expect(() => limitPatterns(limit)).toThrow(
    expect.objectContaining({
      code: 'LIMIT_INVALID',
      message: expect.stringContaining('nothing stands before'),
    }),
  )
})

test('a file without patterns is no limit, whatever is beside it', () => {
  using folder = treeFolder({ empty: ' \n\n' })
  for (const beside of ['', ',web1', ',!web1']) {
    expect(() => limitPatterns(`@${join(folder.path, 'empty')}${beside}`)).toThrow(
      expect.objectContaining({ code: 'LIMIT_INVALID', message: expect.stringMatching(/empty is empty\.$/) }),
    )
  }
})
