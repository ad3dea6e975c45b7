import fc from 'fast-check'
import { expect, test } from 'vitest'
import { brokenConfig, readAll } from './property-strings.ts'

test('whatever stands in a configuration is read without a failure, and is the same as itself', () => {
  fc.assert(
    fc.property(brokenConfig, (broken) => {
      expect(readAll(broken)).toEqual([])
    }),
    { seed: 3, numRuns: 2000, endOnFailure: true },
  )
})
