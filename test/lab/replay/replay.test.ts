import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { hasReference } from '../../support/reference.ts'
import { fidelityFile } from './fidelity.ts'
import { type Group, matches, type Reasons, reasonFor } from './group.ts'
import { groups } from './groups/index.ts'
import { differencesInPve8, recordedExchanges, type Source } from './recordings.ts'
import { exchangesOf, replayGroup } from './replay.ts'
import { countsOf, fidelityTable } from './table.ts'
import type { Version } from './world.ts'

const sources: readonly Source[] = ['recorded-more', 'recorded-exchanges']

describe.skipIf(!hasReference)('what a genuine server answered, the lab answers too', () => {
  for (const group of groups) {
    it(`${group.name}, PVE 9`, async () => {
      expect(await unexpected(group, '9.2', group.disagreements)).toEqual({})
    })
  }

  // This body runs where the tests are skipped, too.
  for (const group of hasReference ? groups.filter(hasDifferencesInPve8) : []) {
    it(`${group.name}, PVE 8`, async () => {
      expect(await unexpected(group, '8.4', group.disagreementsIn8)).toEqual({})
    })
  }

  it('in at least 95 of 100 cases that a client can meet', () => {
    const counts = groups.map(countsOf)
    const compared = counts.reduce((sum, row) => sum + row.compared + row.compared8, 0)
    const agreeing = counts.reduce((sum, row) => sum + row.agreeing + row.agreeing8, 0)
    expect(agreeing / compared).toBeGreaterThanOrEqual(0.95)
  })
})

describe.skipIf(!hasReference)('the recordings', () => {
  it('belong to one group each', () => {
    for (const source of sources) {
      const ours = groups.filter((group) => group.source === source).flatMap(exchangesOf)
      expect(ours.map(({ name }) => name).sort()).toEqual([...recordedExchanges(source).keys()].sort())
    }
  })

  it('have what the groups name', () => {
    for (const group of groups) {
      const names = exchangesOf(group).map(({ name }) => name)
      const reasons = [group.excluded, group.disagreements, group.disagreementsIn8, group.shapeOnly]
      const named = [...reasons, group.prepare, group.replay, group.request].flatMap((row) =>
        Object.keys(row ?? {}),
      )
      expect(named.filter((key) => !names.some((name) => matches(key, name)))).toEqual([])
    }
  })

  it('agree with the lab as its documentation tells', () => {
    // `node test/lab/replay/update.ts` writes it.
    expect(readFileSync(fidelityFile, 'utf8')).toBe(fidelityTable(groups))
  })
})

/** Differences that nobody has written down, and such as are written down but gone. */
async function unexpected(
  group: Group,
  version: Version,
  known: Reasons | undefined,
): Promise<Record<string, readonly string[]>> {
  const results = await replayGroup(group, version)
  const wrong = results.filter(
    ({ name, differences }) => differences.length > 0 !== (reasonFor(known, name) !== undefined),
  )
  return Object.fromEntries(
    wrong.map(({ name, differences }) => [name, differences.length > 0 ? differences : ['agrees by now']]),
  )
}

function hasDifferencesInPve8(group: Group): boolean {
  const differing = differencesInPve8(group.source)
  return exchangesOf(group).some(({ name }) => differing.has(name))
}
