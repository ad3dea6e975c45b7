import type { InstallPhase } from './markers.ts'
import { refusals } from './ssh-wrapper.ts'
import { hostAlias } from './workspace.ts'

const denied = /Permission denied \((publickey|password|keyboard-interactive|gssapi)/
const anyRefusal = new RegExp(
  `${denied.source}|Too many authentication failures|Host key verification failed|IDENTIFICATION HAS CHANGED`,
)

/** What OpenSSH says of the installer itself, told from what it says of the hosts that Nix fetches from. */
export class InstallerRefusal {
  readonly #names: readonly string[]

  /** @param host the installer's address */
  constructor(host: string) {
    this.#names = [host, hostAlias].map((name) => `@${name.toLowerCase()}: `)
  }

  /** `user@host: Permission denied (publickey).` */
  isLogin(line: string): boolean {
    return denied.test(line) && this.#names.some((name) => line.toLowerCase().includes(name))
  }

  /** `Host key for nci-installer has changed and you have requested strict checking.` */
  isHostKey(line: string): boolean {
    return new RegExp(`host key (for|is known for) ${hostAlias}\\b`, 'i').test(line)
  }
}

/** Looks in the output of nixos-anywhere for what it would try again for ever. */
export class HopelessWatch {
  readonly #refusal: InstallerRefusal
  /** It logs in again and again until it succeeds: there nobody else is spoken of. */
  #isKnocking = false

  constructor(host: string) {
    this.#refusal = new InstallerRefusal(host)
  }

  /** @param phase the one in which the line was printed */
  isHopeless(line: string, phase: InstallPhase): boolean {
    if (line.startsWith('### ')) this.#isKnocking = line.startsWith('### Uploading install SSH keys')
    if (Object.values(refusals).some((text) => line.includes(text))) return true
    if (this.#refusal.isLogin(line) || this.#refusal.isHostKey(line)) return true
    return phase === 'prepare' && this.#isKnocking && anyRefusal.test(line)
  }
}
