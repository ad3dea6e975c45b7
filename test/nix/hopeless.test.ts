import { expect, test } from 'vitest'
import { HopelessWatch } from '../../src/nix/hopeless.ts'
import type { InstallPhase } from '../../src/nix/markers.ts'
import { refusals } from '../../src/nix/ssh-wrapper.ts'

function isHopeless(host: string, phase: InstallPhase, ...lines: string[]): boolean {
  const watch = new HopelessWatch(host)
  return lines.map((line) => watch.isHopeless(line, phase)).at(-1) === true
}

const denied = 'Permission denied (publickey,password).'
const knocking = '### Uploading install SSH keys ###'

test.each([
  ['192.0.2.7', 'disko', [`root@192.0.2.7: ${denied}`]],
  ['2001:db8::7', 'copy', [`root@2001:db8::7: ${denied}`]],
  ['2001:db8::7', 'copy', [`root@nci-installer: ${denied}`]],
  ['Web1.example', 'install', [`root@web1.example: ${denied}`]],
  ['192.0.2.7', 'copy', ['Host key for nci-installer has changed and you have requested strict checking.']],
  ['192.0.2.7', 'disko', [refusals.otherDisks]],
  ['192.0.2.7', 'prepare', [knocking, '/bin/ssh-copy-id: ERROR: Host key verification failed.']],
  ['192.0.2.7', 'prepare', [knocking, `me@bastion: ${denied}`]],
  [
    '192.0.2.7',
    'prepare',
    [knocking, 'Received disconnect from 192.0.2.7: Too many authentication failures'],
  ],
] as const)('of %s in the phase %s: %j', (host, phase, lines) => {
  expect(isHopeless(host, phase, ...lines)).toBe(true)
})

test.each([
  ['disko', ["warning: 'ssh://cache': git@cache.example: Permission denied (publickey)."]],
  ['install', ['setting up keys: Permission denied (publickey)']],
  ['copy', ['Host key verification failed.']],
  ['prepare', [`git@example.org: ${denied}`]],
  ['prepare', [knocking, '### Gathering machine facts ###', 'Host key verification failed.']],
] as const)('what others refuse in the phase %s goes on: %j', (phase, lines) => {
  expect(isHopeless('192.0.2.7', phase, ...lines)).toBe(false)
})
