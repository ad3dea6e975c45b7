/** Bad input by the thousand, one after the other, in a thread of its own: says which one it begins with, and at the end how all went. */
import { parentPort } from 'node:worker_threads'
import fc from 'fast-check'
import { badDocument } from '../fuzz/bad-document.ts'
import { countingServer, sendThrough } from '../fuzz/command-path.ts'
import { brokenConfig, readAll } from '../fuzz/property-strings.ts'
import { temporaryFolder } from '../support/folder.ts'
import { atMost, type Figure } from './figures.ts'
import type { FuzzMessage } from './fuzz.ts'

const [seed, numRuns] = [2026, 10_000]
/** Seconds for one input on a slow machine: longer would be a hang to whoever waits. */
const slowest = 5

async function documents(): Promise<Figure[]> {
  await using server = await countingServer()
  using folder = temporaryFolder()
  let [taken, longest] = [0, 0]
  for (const [index, bad] of fc.sample(badDocument(server.url), { seed, numRuns }).entries()) {
    tell({ input: `document ${index}: ${bad.id}, ${bad.why}` })
    const began = performance.now()
    const { code } = await sendThrough(bad, folder.path)
    longest = Math.max(longest, performance.now() - began)
    if (/^INPUT_(INVALID|NOT_JSON)$/.test(code)) continue
    taken += 1
    console.error(`${bad.id}, ${bad.why}: ${code}`)
  }
  tell({})
  return [
    { name: 'generated bad documents', value: numRuns, unit: '' },
    atMost('bad documents not refused as such', taken, '', 0),
    atMost('requests sent for them', server.connections(), '', 0),
    atMost('longest time for one', longest / 1000, 's', slowest),
  ]
}

function propertyStrings(): Figure[] {
  let [failed, longest] = [0, 0]
  for (const [index, broken] of fc.sample(brokenConfig, { seed, numRuns }).entries()) {
    tell({ input: `property string ${index}: ${broken.key}=${broken.text.slice(0, 100)}` })
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

function tell(message: FuzzMessage): void {
  parentPort?.postMessage(message)
}

tell({ figures: [...(await documents()), ...propertyStrings()] })
