import { expect, test } from 'vitest'
import { teardownSummaryText } from '../../src/cli/teardown-summary.ts'
import type { Outputs } from '../../src/core/step.ts'

type Host = Outputs['teardown']['hosts'][number]

const error = {
  code: 'VM_NOT_OURS',
  message: 'VM 102 was not created by this program.',
  hint: 'Destroy it yourself.',
}
const hosts: Host[] = [
  { name: 'web1', state: 'destroyed', vmid: 100, node: 'pve1' },
  { name: 'web2', state: 'absent' },
  { name: 'db1', state: 'failed', vmid: 102, node: 'pve2', error },
]

test('what became of each host, failed ones first, and what to do about them', () => {
  expect(
    teardownSummaryText({ hosts, seconds: 3.2 }, { check: false, warnings: ['careful'] }, 80),
  ).toBe(`host  result     VM   node
db1   failed     102  pve2  VM_NOT_OURS
web1  destroyed  100  pve1
1 host had no VM of ours: web2

VM_NOT_OURS on db1
  VM 102 was not created by this program.
  Destroy it yourself.

warning: careful

3 hosts in 3.2 s: 1 destroyed, 1 without a VM of ours, 1 failed.
`)
})

test('check mode says that nothing was destroyed, and many hosts are bounded', () => {
  const many = Array.from(
    { length: 200 },
    (_, index): Host => ({ name: `web${index}`, state: 'planned', vmid: 100 + index }),
  )
  const shown = teardownSummaryText({ hosts: many, seconds: 1 }, { check: true, warnings: [] }, 80)
  expect(shown).toContain('… and 140 more: `--json` shows all.\n')
  expect(shown).toContain('Nothing was destroyed. 200 hosts in 1 s: 200 to be destroyed.\n')
})
