import { describe, expect, test } from 'vitest'
import { type Cause, causeOf } from '../../src/nix/causes.ts'
import { hasReference } from '../support/reference.ts'
import { phasesOf, readRun, recordedRuns } from './recorded-runs.ts'

/** What the engine would say of a recorded run: from the last phase and the end of the output. */
function causeIn(name: string): Cause {
  const lines = readRun(name).map(({ line }) => line)
  return causeOf(phasesOf(name).at(-1) ?? 'prepare', lines.slice(-30), '127.0.0.1')
}

const recorded = [
  ['fail-closedport.log', 'port', 'nothing answers', /firewall/],
  ['fail-wrongkey.log', 'login', 'refuses the login', /same key/],
  ['fail-disko.log', 'disko', 'Device /dev/does-not-exist does not exist', /device names/],
  ['fail-nospace.log', 'space', 'no space', /larger disk/],
  ['fail-vmkilled.log', 'connection', 'connection to the installer broke', /console.*carries on/],
  ['fail-notmounted.log', 'mount', 'nothing is mounted', /Run it again/],
  ['fail-old-nix-2.8.log', 'nix', 'too old', /2\.26/],
  ['fail-kexec.log', 'kexec', 'could not be booted', /installer ISO/],
  ['fail-kexec-nonet.log', 'kexec', 'could not be booted', /installer ISO/],
] as const

describe.skipIf(!hasReference)('recorded runs of nixos-anywhere', () => {
  test.each(recorded)('%s has a cause of the kind %s', (name, kind, reason, way) => {
    const cause = causeIn(name)
    expect(cause.kind).toBe(kind)
    expect(cause.reason).toContain(reason)
    expect(cause.reason).not.toMatch(/[.!\n]$/)
    expect(cause.way).toMatch(way)
    expect(cause.way).toMatch(/\.$/)
  })

  test('every recorded failure has an expectation here', () => {
    const failures = recordedRuns.filter((name) => name.startsWith('fail'))
    expect(failures.sort()).toEqual(recorded.map(([name]) => name).sort())
  })
})

// What the recordings show, in a few lines each.
test.each([
  ['port', 'prepare', 'ssh: connect to host 127.0.0.1 port 2299: Connection refused'],
  ['login', 'prepare', 'nixos@127.0.0.1: Permission denied (publickey).'],
  ['disko', 'disko', '+ wipefs --all -f /dev/sda\nDevice /dev/does-not-exist does not exist\n+ exit 1'],
  [
    'space',
    'copy',
    'error: writing to file: No space left on device\nerror: write of 4096 bytes: Broken pipe',
  ],
  [
    'connection',
    'copy',
    'Connection to 127.0.0.1 closed by remote host.\nssh: connect to host 127.0.0.1 port 2223: Connection refused',
  ],
  ['mount', 'install', '/mnt is not a mountpoint'],
  ['nix', 'prepare', "error: 'config' is not a recognised command"],
  ['kexec', 'kexec', 'Remote output log:\ncurl: (6) Could not resolve host: github.com\nKexec failed'],
  ['build', 'prepare', "error: builder for '/nix/store/a.drv' failed with exit code 1"],
  ['install', 'install', 'setting up /etc...\nerror: activation script failed'],
  ['boot-loader', 'install', 'installing the boot loader...\nerror: no EFI system partition'],
  ['other', 'prepare', 'aborted: no cpio command found'],
] as const)('a failure of the kind %s is told from the others', (kind, phase, text) => {
  expect(causeOf(phase, text.split('\n'), '127.0.0.1')).toMatchObject({ kind })
})

test('a changed host key is told from every other cause, whatever else was printed', () => {
  const lines = [
    'root@192.0.2.7: Permission denied (publickey).',
    'Host key for nci-installer has changed and you have requested strict checking.',
    'Host key verification failed.',
    'Connection closed',
  ]
  expect(causeOf('copy', lines, '192.0.2.7').kind).toBe('host-key')
})

test('a failure of the boot loader names the line that says so', () => {
  const cause = causeOf(
    'install',
    [
      '### Installing NixOS ###',
      'installing the boot loader...',
      'Failed to write random seed: error: no EFI system partition',
      '+ exit 1',
    ],
    '192.0.2.7',
  )
  expect(cause).toMatchObject({ kind: 'boot-loader', reason: expect.stringContaining('no EFI system') })
})

test('silence is said as such', () => {
  expect(causeOf('prepare', ['', '### Gathering machine facts ###'], '192.0.2.7')).toMatchObject({
    kind: 'other',
    reason: 'it said nothing',
  })
})

test.each([['root@cache.example: Permission denied (publickey).'], ['Host key verification failed.']])(
  'what another host refuses is not the cause of what fails later: %s',
  (line) => {
    const lines = [line, 'Device /dev/sdz does not exist']
    expect(causeOf('disko', lines, '192.0.2.7').kind).toBe('disko')
  },
)
