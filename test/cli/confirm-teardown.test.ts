import { expect, test } from 'vitest'
import { isConsent, teardownQuestion } from '../../src/cli/confirm-teardown.ts'

const gibibyte = 1024 ** 3
const doomed = [
  {
    name: 'web1',
    place: { vmid: 100, node: 'pve1' },
    status: 'stopped',
    disks: 1,
    bytes: 32 * gibibyte,
  },
  {
    name: 'db1',
    place: { vmid: 1042, node: 'pve12' },
    status: 'running',
    disks: 2,
    bytes: 132 * gibibyte,
  },
] as const

test('all VMs that would go are listed, with what is lost, and what stays with its reason', () => {
  const error = { message: 'The VM 900 (`theirs`) was not created by this tool and is left alone.' }
  expect(teardownQuestion(doomed, [{ name: 'theirs', state: 'failed', error }])).toBe(
    `host  VM    node   status   what goes with it
web1  100   pve1   stopped  1 disk, 32.0 GiB
db1   1042  pve12  running  2 disks, 132.0 GiB

theirs stays: The VM 900 (\`theirs\`) was not created by this tool and is left alone.
2 VMs would be destroyed, with all that is on their disks. 1 of them runs and would be switched off.`,
  )
})

test('a name cannot draw on the terminal', () => {
  const [one] = doomed
  expect(teardownQuestion([{ ...one, name: 'a\u001b[2J' }], [])).not.toContain('\u001b')
})

test.each([
  ['yes', true],
  [' YES ', true],
  ['2', true],
  ['y', false],
  ['', false],
  ['1', false],
  ['no', false],
])('%j is an agreement to two VMs: %s', (answer, agreed) => {
  expect(isConsent(answer, 2)).toBe(agreed)
})
