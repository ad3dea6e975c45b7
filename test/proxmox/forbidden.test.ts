import { expect, test } from 'vitest'
import { forbidden } from '../../src/proxmox/forbidden.ts'

const hintFor = (reason: string, user = 'nci@pve'): string =>
  forbidden({ request: 'start the VM 101', user, reason: `Permission check failed (${reason})` }).hint

test.each([
  ['/vms/101, VM.PowerMgmt', 'nci@pve lacks VM.PowerMgmt on /vms/101.'],
  [
    '/vms/101, VM.GuestAgent.Audit|VM.GuestAgent.Unrestricted',
    'nci@pve lacks VM.GuestAgent.Audit or VM.GuestAgent.Unrestricted on /vms/101.',
  ],
  ['/sdn/zones/localnetwork/vmbr0, SDN.Use', 'nci@pve lacks SDN.Use on /sdn/zones/localnetwork/vmbr0.'],
])('the hint for %s names it, and what knows the commands', (reason, lack) => {
  const hint = hintFor(reason)
  expect(hint).toContain(lack)
  expect(hint).toContain('`nci doctor` with the same document')
})

test('no command is given that could take away what is inherited', () => {
  const error = forbidden({
    ...{ request: 'start the VM 101', user: 'nci@pve' },
    reason: 'Permission check failed (/vms/101, VM.PowerMgmt)',
  })
  expect(JSON.stringify(error.toDocument())).not.toContain('pveum')
  expect(error.hint).toContain('replaces what is inherited')
})

test('a token is told that its user counts as well', () => {
  expect(hintFor('/vms/101, VM.PowerMgmt', 'nci@pve!ci')).toContain('both it and its user')
  expect(hintFor('/vms/101, VM.PowerMgmt')).not.toContain('privilege separation')
})

test.each([
  ["URI '/access/password' not available with API token, need proper ticket.", 'a user'],
  ['user != root@pam', '`root@pam`'],
])('what no token may do asks for a login: %s', (reason, who) => {
  expect(hintFor(reason)).toContain(`log in as ${who}`)
})

test('a reason that names no privilege leads to what finds it out', () => {
  const error = forbidden({ request: 'do this', user: 'a@b', reason: 'Permission check failed' })
  expect(error.hint).toContain('nci doctor')
})
