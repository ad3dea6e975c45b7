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

/** Why a run failed, from its last phase and the end of its output. */
export interface Cause {
  readonly kind: 'host-key' | 'login' | 'connection' | 'space' | 'disko' | 'boot-loader' | 'nix' | 'other'
  readonly reason: string
  /** What to do, a sentence. */
  readonly way: string
}

const causes: readonly (readonly [RegExp, Cause['kind'], string, string])[] = [
  [
    /Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED/,
    'host-key',
    'the host key changed',
    '',
  ],
  [
    /Permission denied \((publickey|password|keyboard-interactive|gssapi)/,
    'login',
    'the installer refuses the login',
    'Log in by hand with the same key; look at the console whether the installer rebooted.',
  ],
  [
    /No space left on device|not enough space|disk full/i,
    'space',
    'no space is left on the machine',
    'Give the VM a larger disk or more memory (the installer keeps its files in memory), and run it again.',
  ],
  [
    /is not a mountpoint/,
    'disko',
    'nothing is mounted on /mnt of the installer',
    'Run it again, with the disks formatted and mounted anew: an earlier run ended in between.',
  ],
  [
    /nix: command not found|unrecognised (flag|command)|is not a recognised command|unknown setting|experimental Nix feature/,
    'nix',
    'the Nix on this machine is too old',
    'Use Nix 2.26 or newer.',
  ],
  [
    /Connection (refused|closed|reset|timed out)|Broken pipe|No route to host|client_loop: send disconnect|Timeout, server|error: (failed to start SSH connection|cannot connect)/,
    'connection',
    'the connection to the installer broke',
    'Look at the VM’s console: it may have been stopped or have run out of memory. Running it again carries on.',
  ],
]

/** @param lines the end of what was printed, the oldest line first */
export function causeOf(phase: InstallPhase, lines: readonly string[]): Cause {
  const text = lines.join('\n')
  for (const [pattern, kind, reason, way] of causes) {
    if (pattern.test(text)) return { kind, reason, way }
  }
  const reason = lastTelling(lines)
  if (phase === 'disko') {
    return {
      kind: 'disko',
      reason,
      way: 'Check the device names of the disko configuration against the VM’s disks.',
    }
  }
  if (phase === 'install') {
    return {
      kind: 'boot-loader',
      reason,
      way: 'Check the boot loader of the configuration against the VM’s firmware (`bios`).',
    }
  }
  return { kind: 'other', reason, way: 'The end of its output is in `details.log`.' }
}

/** The last line that looks like an error, or else the last one at all. */
function lastTelling(lines: readonly string[]): string {
  const printed = lines
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(###|\+ |Warning: Permanently added)/.test(line))
  const error = printed.findLast((line) =>
    /\b(error|failed|cannot|does not exist|not found|invalid)\b/i.test(line),
  )
  return error ?? printed.at(-1) ?? 'it said nothing'
}
