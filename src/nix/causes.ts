import { InstallerRefusal } from './hopeless.ts'
import type { InstallPhase } from './markers.ts'

/** What kind of thing went wrong. */
export type CauseKind =
  | 'host-key'
  | 'login'
  | 'port'
  | 'connection'
  | 'space'
  | 'mount'
  | 'kexec'
  | 'nix'
  | 'build'
  | 'disko'
  | 'install'
  | 'boot-loader'
  | 'other'

/** Why a run failed, from its last phase and the end of its output. */
export interface Cause {
  readonly kind: CauseKind
  readonly reason: string
  /** What to do, a sentence. */
  readonly way: string
}

/** Texts that tell by themselves; the more telling first, because one failure is often followed by others. */
const telling: readonly (readonly [RegExp, CauseKind, string, string])[] = [
  [
    /Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED|host key (for|is known for) /i,
    'host-key',
    'the host key changed',
    'Look at the VM’s console whether it booted again, and for who else has its address.',
  ],
  [
    /Permission denied \((publickey|password|keyboard-interactive|gssapi)|Too many authentication failures/,
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
    /is not a mountpoint|disko has mounted nothing/,
    'mount',
    'nothing is mounted on /mnt of the installer',
    'Run it again, with the disks formatted and mounted anew; if it stays, look at the mount points of the disko configuration.',
  ],
  [
    /^Kexec failed|Failed to kexec/m,
    'kexec',
    'the machine could not be booted into an installer of nixos-anywhere’s own',
    'Boot the VM from the installer ISO: there this is not needed.',
  ],
  [
    /nix: command not found|unrecognised (flag|command)|is not a recognised command|unknown setting|experimental Nix feature/,
    'nix',
    'the Nix on this machine is too old',
    'Use Nix 2.26 or newer.',
  ],
  [
    /closed by remote host|Connection (closed|reset)|Broken pipe|client_loop: send disconnect|Timeout, server|Connection to \S+ closed/,
    'connection',
    'the connection to the installer broke',
    'Look at the VM’s console: it may have been stopped or have run out of memory. Running it again carries on.',
  ],
  [
    /Connection (refused|timed out)|No route to host|Network is unreachable|failed to start SSH connection|cannot connect/,
    'port',
    'nothing answers at the installer’s SSH port',
    'Look at the VM’s console whether it is still up, and whether a firewall is in between. Running it again carries on.',
  ],
]

/**
 * @param lines the end of what was printed, the oldest line first
 * @param host the installer's address
 */
export function causeOf(phase: InstallPhase, lines: readonly string[], host: string): Cause {
  const text = lines.join('\n')
  const refusal = new InstallerRefusal(host)
  // Later on also others refuse that Nix fetches from, and the installation goes on.
  const isInstallers = {
    'host-key': phase === 'prepare' || lines.some((line) => refusal.isHostKey(line)),
    login: phase === 'prepare' || lines.some((line) => refusal.isLogin(line)),
  }
  for (const [pattern, kind, reason, way] of telling) {
    if ((kind === 'host-key' || kind === 'login') && !isInstallers[kind]) continue
    if (pattern.test(text)) return { kind, reason, way }
  }
  const reason = lastTelling(lines)
  if (/\berror: .*(builder for|failed to build|does not provide attribute|while evaluating)/.test(text)) {
    const way = 'Build it by hand to see more: `nix build` of `config.system.build.toplevel`.'
    return { kind: 'build', reason, way }
  }
  if (phase === 'disko') {
    const way = 'Check the device names of the disko configuration against the VM’s disks.'
    return { kind: 'disko', reason, way }
  }
  if (phase === 'install' && text.includes('installing the boot loader')) {
    const way = 'Check the boot loader of the configuration against the VM’s firmware (`bios`).'
    return { kind: 'boot-loader', reason, way }
  }
  const way = 'The end of its output is in `details.log`.'
  return { kind: phase === 'install' ? 'install' : 'other', reason, way }
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
