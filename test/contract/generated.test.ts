import { expect, test } from 'vitest'
import { staleFiles } from '../../src/codegen/generate.ts'

test('everything that is generated is what the schemas give now: `npm run generate`', async () => {
  expect(await staleFiles()).toEqual([])
})
