/** A phase of nixos-anywhere, told by the `### … ###` lines that it prints. */
export const phases = ['prepare', 'kexec', 'disko', 'copy', 'install', 'reboot', 'done'] as const
export type InstallPhase = (typeof phases)[number]

const markers: readonly (readonly [RegExp, InstallPhase])[] = [
  [/^### (Uploading install SSH keys|Gathering machine facts|Generating |Uploading \S+ to )/, 'prepare'],
  [/^### Switching system into kexec/, 'kexec'],
  [/^### (Building disko script|Formatting hard drive with disko)/, 'disko'],
  [/^### (Uploading the system closure|Building the system closure|Copying extra files)/, 'copy'],
  [/^### Installing NixOS/, 'install'],
  [/^### (Rebooting|Waiting for the machine to become unreachable)/, 'reboot'],
  [/^### Done!/, 'done'],
]

/** The phase that a line of stdout begins, where it does. */
export function phaseOf(line: string): InstallPhase | undefined {
  return markers.find(([pattern]) => pattern.test(line))?.[1]
}
