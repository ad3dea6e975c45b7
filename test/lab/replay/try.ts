/** `node test/lab/replay/try.ts GROUP [8] [NAME]`: replays one group and prints its differences. */

import { groups } from './groups/index.ts'
import { recordedExchanges } from './recordings.ts'
import { replayGroup } from './replay.ts'

const [name, ...rest] = process.argv.slice(2)
const group = groups.find((candidate) => candidate.name === name)
if (group === undefined) throw new Error(`groups: ${groups.map((one) => one.name).join(', ')}`)
const results = await replayGroup(group, rest.includes('8') ? '8.4' : '9.2')
const wanted = rest.find((word) => word !== '8')
for (const result of results) {
  if (result.differences.length === 0 || (wanted !== undefined && !result.name.includes(wanted))) continue
  const { request } = recordedExchanges(group.source).get(result.name) ?? {}
  console.log(`✗ ${result.name} ${JSON.stringify(request).slice(0, 300)}`)
  for (const line of result.differences) console.log(`    ${line}`)
}
console.log(`${results.filter(({ differences }) => differences.length === 0).length} / ${results.length}`)
process.exit(0)
