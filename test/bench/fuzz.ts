/** Bad input by the thousand: what the tests do with a few, at full length. */
import fc from 'fast-check'
import { badDocument } from '../fuzz/bad-document.ts'
import { countingServer, sendThrough } from '../fuzz/command-path.ts'
import { brokenConfig, readAll } from '../fuzz/property-strings.ts'
import { temporaryFolder } from '../support/folder.ts'
import { atMost, type Figure } from './figures.ts'

const [seed, numRuns] = [2026, 10_000]
/** Seconds for one input on a slow machine: longer would be a hang to whoever waits. */
const slowest = 5

/** Generated bad documents through the commands' path, and broken property strings through all that reads them. */
export async function fuzz(): Promise<Figure[]> {
  return [...(await documents()), ...propertyStrings()]
}

async function documents(): Promise<Figure[]> {
  await using server = await countingServer()
  using folder = temporaryFolder()
  let [taken, longest] = [0, 0]
  for (const bad of fc.sample(badDocument(server.url), { seed, numRuns })) {
    const began = performance.now()
    const { code } = await sendThrough(bad, folder.path)
    longest = Math.max(longest, performance.now() - began)
    if (/^INPUT_(INVALID|NOT_JSON)$/.test(code)) continue
    taken += 1
    console.error(`${bad.id}, ${bad.why}: ${code}`)
  }
  return [
    { name: 'generated bad documents', value: numRuns, unit: '' },
    atMost('bad documents not refused as such', taken, '', 0),
    atMost('requests sent for them', server.connections(), '', 0),
    atMost('longest time for one', longest / 1000, 's', slowest),
  ]
}

function propertyStrings(): Figure[] {
  let [failed, longest] = [0, 0]
  for (const broken of fc.sample(brokenConfig, { seed, numRuns })) {
    const began = performance.now()
    const wrong = problemsOf(broken)
    longest = Math.max(longest, performance.now() - began)
    if (wrong.length === 0) continue
    failed += 1
    console.error(`${broken.key}=${broken.text.slice(0, 100)}: ${wrong.join(', ')}`)
  }
  return [
    { name: 'broken property strings', value: numRuns, unit: '' },
    atMost('property strings that cannot be coped with', failed, '', 0),
    atMost('longest time to read one', longest / 1000, 's', slowest),
  ]
}

function problemsOf(broken: Parameters<typeof readAll>[0]): string[] {
  try {
    return readAll(broken)
  } catch (error) {
    return [String(error)]
  }
}
