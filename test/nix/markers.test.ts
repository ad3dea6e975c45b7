import { describe, expect, test } from 'vitest'
import { phaseOf, phases } from '../../src/nix/markers.ts'
import { hasReference } from '../support/reference.ts'
import { phasesOf, readRun, recordedRuns } from './recorded-runs.ts'

describe.skipIf(!hasReference)('recorded runs of nixos-anywhere', () => {
  test.each(recordedRuns.filter((name) => name.startsWith('success')))(
    '%s goes through the phases in order',
    (name) => {
      expect(phasesOf(name)).toEqual(['prepare', 'disko', 'copy', 'install', 'reboot', 'done'])
    },
  )

  test('no line of standard error begins a phase', () => {
    const wrong = recordedRuns.flatMap((name) =>
      readRun(name).filter(({ stream, line }) => stream === 'stderr' && phaseOf(line) !== undefined),
    )
    expect(wrong).toEqual([])
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
