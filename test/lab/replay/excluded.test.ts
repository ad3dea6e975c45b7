import { describe, expect, it } from 'vitest'
import { hasReference } from '../../support/reference.ts'
import { groups } from './groups/index.ts'
import { replayExcluded } from './replay.ts'

describe.skipIf(!hasReference)('what is left out of the comparison differs', () => {
  const withExclusions = groups.filter(({ excluded }) => excluded !== undefined)
  it.each(withExclusions)('$name', async (group) => {
    const results = await replayExcluded(group)
    const agreeing = results.filter(({ differences }) => differences.length === 0)
    expect(agreeing.map(({ name }) => name)).toEqual([])
  })
})
