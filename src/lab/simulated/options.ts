/** How quickly simulated guests do things, and what goes wrong in them. */

/** Milliseconds. The four stages of the boot count from the one before. */
export interface Latency {
  /** Power on until the network is up, the guest agent answers and port 22 accepts connections. */
  port: number
  /** … until connections get sshd's banner. */
  banner: number
  /** … until cloud-init has written the authorized keys (installer only; a login before that is refused). */
  keys: number
  /** … until cloud-init is done (`/run/cloud-init/result.json`). */
  cloudInit: number
  /** From `poweroff` or `reboot` until the connections are closed. */
  shutdown: number
  /** How long the machine stays unreachable in a reboot before it starts to boot. */
  reboot: number
  /** What nixos-install takes. */
  install: number
  /** What each store path takes to be received, besides its transfer. */
  copy: number
}

export const defaultLatency: Latency = {
  port: 10,
  banner: 10,
  keys: 10,
  cloudInit: 10,
  shutdown: 20,
  reboot: 50,
  install: 20,
  copy: 0,
}

/** What goes wrong. Every field may be set, changed and deleted while guests run; unset means it works. */
export interface Faults {
  /** The boot never gets as far as the network: no port, no agent. */
  bootHangs?: boolean | undefined
  /** The installed system never gets as far as the network; the installer does. */
  installedSystemHangs?: boolean | undefined
  /** sshd never sends its banner: connections open and stay silent. */
  bannerNeverSent?: boolean | undefined
  /** cloud-init never writes the keys: every login is refused. */
  keysNeverArrive?: boolean | undefined
  /** cloud-init ends with this error in `result.json`. */
  cloudInitError?: string | undefined
  /** The guest agent does not answer. */
  agentSilent?: boolean | undefined
  /** New connections meet another host key than the one on the disk, as with a man in the middle. */
  foreignHostKey?: boolean | undefined
  /** Every connection is cut once so many bytes came in on it. */
  dropAfterBytes?: number | undefined
  /** After so many commands since the boot, every connection is cut at its next command. */
  dropAfterCommands?: number | undefined
  /** The disk goes away while disko works: "Device … does not exist". */
  diskVanishes?: boolean | undefined
  /** Receiving store paths for /mnt fails with "No space left on device". */
  noSpace?: boolean | undefined
  /** nixos-install fails with this message. */
  installFails?: string | undefined
  /** The machine switches itself off in the middle of this. */
  diesDuring?: 'disko' | 'copy' | 'install' | undefined
  /** What `systemctl is-system-running` says: `degraded`, `maintenance`, … */
  systemState?: string | undefined
  /** Units that systemd lists as failed. */
  failedUnits?: readonly string[] | undefined
  /** `reboot` and `poweroff` inside the guest do nothing. */
  rebootIgnored?: boolean | undefined
}

export interface SimulatedGuestsOptions {
  readonly latency?: Partial<Latency>
  readonly faults?: Faults
  /** Where port 22 of a guest can be reached. A free port of 127.0.0.1 unless told otherwise. */
  readonly listenOn?: (vmid: number) => { readonly host?: string; readonly port?: number }
  /** Refuse connections for a while after failed logins, as OpenSSH 9.8 and newer do. */
  readonly loginPenalties?: boolean
}
