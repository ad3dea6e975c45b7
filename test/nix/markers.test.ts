import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Cause, causeOf, type InstallPhase, phaseOf, phases } from '../../src/nix/markers.ts'
import { hasReference, referencePath } from '../support/reference.ts'

/** A recorded run: `seconds O|E| line`. */
function read(name: string): { stream: string; line: string }[] {
  return readFileSync(referencePath('nixos-anywhere', 'logs', name), 'utf8')
    .split('\n')
    .flatMap((text) => {
      const [, stream = '', line = ''] = /^\s*[\d.]+ ([OE])\| ?([^\r]*)/.exec(text) ?? []
      // The recorder's own lines.
      return stream === '' || line.startsWith('## ') ? [] : [{ stream, line }]
    })
}

function phasesOf(name: string): InstallPhase[] {
  const found = read(name).flatMap(({ stream, line }) => (stream === 'O' ? (phaseOf(line) ?? []) : []))
  return found.filter((phase, index) => phase !== found[index - 1])
}

/** What the engine would say of it: from the last phase and the end of the output. */
function causeIn(name: string): Cause {
  const lines = read(name).map(({ line }) => line)
  return causeOf(phasesOf(name).at(-1) ?? 'prepare', lines.slice(-30))
}

describe.skipIf(!hasReference)('recorded runs of nixos-anywhere', () => {
  const logs = hasReference ? readdirSync(referencePath('nixos-anywhere', 'logs')) : []

  test.each(logs.filter((name) => name.startsWith('success')))(
    '%s goes through the phases in order',
    (name) => {
      expect(phasesOf(name)).toEqual(['prepare', 'disko', 'copy', 'install', 'reboot', 'done'])
    },
  )

  test('no line of standard error begins a phase', () => {
    const wrong = logs.flatMap((name) =>
      read(name).filter(({ stream, line }) => stream === 'E' && phaseOf(line) !== undefined),
    )
    expect(wrong).toEqual([])
  })

  test.each([
    ['fail-closedport.log', 'connection', ''],
    ['fail-wrongkey.log', 'login', ''],
    ['fail-disko.log', 'disko', 'Device /dev/does-not-exist does not exist'],
    ['fail-nospace.log', 'space', ''],
    ['fail-vmkilled.log', 'connection', ''],
    ['fail-notmounted.log', 'disko', 'mounted'],
    ['fail-old-nix-2.8.log', 'nix', 'too old'],
    ['fail-kexec.log', 'other', 'Kexec failed'],
    ['fail-kexec-nonet.log', 'other', 'Kexec failed'],
  ] as const)('%s has a cause of the kind %s', (name, kind, reason) => {
    const cause = causeIn(name)
    expect(cause.kind).toBe(kind)
    expect(cause.reason).toContain(reason)
    expect(cause.reason).not.toMatch(/[.!\n]$/)
    expect(cause.way).toMatch(/\.$/)
  })

  test('every recorded failure has an expectation here', () => {
    expect(logs.filter((name) => name.startsWith('fail'))).toHaveLength(9)
  })
})

test.each([
  ['### Uploading install SSH keys ###', 'prepare'],
  ['### Gathering machine facts ###', 'prepare'],
  ['### Generating hardware-configuration.nix using nixos-generate-config ###', 'prepare'],
  ['### Uploading /tmp/a to /tmp/b ###', 'prepare'],
  ['### Switching system into kexec ###', 'kexec'],
  ['### Building disko script ###', 'disko'],
  ['### Formatting hard drive with disko ###', 'disko'],
  ['### Uploading the system closure ###', 'copy'],
  ['### Building the system closure ###', 'copy'],
  ['### Copying extra files ###', 'copy'],
  ['### Installing NixOS ###', 'install'],
  ['### Rebooting ###', 'reboot'],
  ['### Waiting for the machine to become unreachable due to reboot ###', 'reboot'],
  ['### Done! ###', 'done'],
  ['installing the boot loader...', undefined],
  ['echo "### Done! ###"', undefined],
] as const)('%s begins the phase %s', (line, phase) => {
  expect(phaseOf(line)).toBe(phase)
  if (phase !== undefined) expect(phases).toContain(phase)
})

test('a changed host key is told from every other cause, whatever else was printed', () => {
  const lines = ['Permission denied (publickey).', 'Host key verification failed.', 'Connection closed']
  expect(causeOf('copy', lines).kind).toBe('host-key')
})

test('a failure of the boot loader names the line that says so', () => {
  const cause = causeOf('install', [
    '### Installing NixOS ###',
    'installing the boot loader...',
    'Failed to write random seed: error: no EFI system partition',
    '+ exit 1',
  ])
  expect(cause).toMatchObject({ kind: 'boot-loader', reason: expect.stringContaining('no EFI system') })
})

test('silence is said as such', () => {
  expect(causeOf('prepare', ['', '### Gathering machine facts ###'])).toMatchObject({
    kind: 'other',
    reason: 'it said nothing',
  })
})
