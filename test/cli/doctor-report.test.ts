import { expect, test } from 'vitest'
import { reportText } from '../../src/cli/doctor-report.ts'

const check = { group: 'Proxmox', status: 'ok', message: 'Fine.' } as const

test('checks stand in their groups, with what to do, and the commands at the end', () => {
  const text = reportText(
    {
      healthy: false,
      commands: ["pveum role add NCI-VM --privs 'VM.Audit'"],
      checks: [
        { ...check, id: 'a', title: 'Endpoint' },
        { ...check, id: 'b', title: 'Clock', status: 'warning', message: 'Late.', hint: 'Set it.' },
        {
          ...check,
          id: 'c',
          title: 'x',
          group: 'Network',
          status: 'failed',
          message: 'None.',
          hint: 'Add one.',
        },
        { ...check, id: 'd', title: 'y', group: 'Network', status: 'skipped', message: 'Not looked at.' },
      ],
    },
    80,
  )
  expect(text).toBe(`Proxmox
  ✔ Endpoint  Fine.
  ! Clock     Late.
              Set it.

Network
  ✖ x         None.
              Add one.
  - y         Not looked at.

To mend it, as root in a shell of a Proxmox node:

  pveum role add NCI-VM --privs 'VM.Audit'

4 checks: 1 passed, 1 with a warning, 1 failed, 1 skipped.
`)
})

test('long texts are broken between words, under their beginning', () => {
  const message = 'one two three four five six seven eight nine ten'
  const lines = reportText(
    { healthy: true, commands: [], checks: [{ ...check, id: 'a', title: 'A', message }] },
    30,
  )
    .split('\n')
    .slice(1, 4)
  expect(lines).toEqual(['  ✔ A  one two three four five', '       six seven eight nine', '       ten'])
})

test('a hint that several checks share is given once, after the last of them', () => {
  const failed = { ...check, status: 'failed', hint: 'Grant it.' } as const
  const text = reportText(
    {
      healthy: false,
      commands: [],
      checks: [
        { ...failed, id: 'a', title: 'A' },
        { ...failed, id: 'b', title: 'B' },
      ],
    },
    80,
  )
  expect(text.match(/Grant it/g)).toHaveLength(1)
  expect(text.indexOf('Grant it')).toBeGreaterThan(text.indexOf('✖ B'))
})

test('checks that were skipped for one reason share a line', () => {
  const skipped = { ...check, status: 'skipped', message: 'Not looked at, as `Endpoint` failed.' } as const
  const text = reportText(
    {
      healthy: false,
      commands: [],
      checks: [
        { ...check, id: 'a', title: 'Endpoint', status: 'failed', message: 'None.', hint: 'Set it.' },
        { ...skipped, id: 'b', title: 'Clock' },
        { ...skipped, id: 'c', title: 'Login' },
        { ...skipped, id: 'd', title: 'Node' },
        { ...skipped, id: 'e', title: 'vmbr0', group: 'Network' },
      ],
    },
    100,
  )
  expect(text).toBe(`Proxmox
  ✖ Endpoint  None.
              Set it.
  - 3 checks  Not looked at, as \`Endpoint\` failed: Clock, Login, Node.

Network
  - vmbr0     Not looked at, as \`Endpoint\` failed.

5 checks: 0 passed, 1 failed, 4 skipped.
`)
})

test('a hint is given once in its group, also where other checks stand between', () => {
  const failed = { ...check, status: 'failed', hint: 'Grant it.' } as const
  const checks = [
    { ...failed, id: 'a', title: 'A' },
    { ...check, id: 'b', title: 'B' },
    { ...failed, id: 'c', title: 'C' },
  ]
  const text = reportText({ healthy: false, commands: [], checks }, 80)
  expect(text.match(/Grant it/g)).toHaveLength(1)
})
