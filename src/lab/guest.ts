/**
 * What the lab's API server asks of a guest, simulated or real.
 *
 * The server owns the VM's configuration and its volumes (files in the lab's folder); a guest owns what
 * happens between power on and power off. Disks keep their content in the volume's file, so that a guest
 * that is powered off and on again, or a lab that is started again on the same folder, finds it.
 */

/** One virtual disk: the configuration key and the file that holds its content. */
export interface GuestDisk {
  /** `scsi0`, `virtio1`, … */
  readonly key: string
  /** Absolute path of the volume's file. */
  readonly path: string
  readonly sizeBytes: number
}

/** One network card, as the guest sees it. */
export interface GuestNic {
  /** `net0`, … The guest calls it `eth0`, …, as Proxmox's cloud-init drive does. */
  readonly key: string
  /** `virtio`, `e1000`, … */
  readonly model: string
  /** `BC:24:11:…` */
  readonly mac: string
  readonly bridge: string
  /** The fixed IPv4 address that the configuration gives it, `192.0.2.7/24`; `undefined` with DHCP. */
  readonly ip: string | undefined
  readonly gateway: string | undefined
}

/** The files on the cloud-init drive, as Proxmox generates them. */
export interface CloudInitDrive {
  readonly key: string
  /** Absolute path of the volume's file. */
  readonly path: string
  /** Of the volume, by which cloud-init finds it: `cidata`, `config-2`, or `CONTEXT` (OpenNebula's). */
  readonly label: string
  /** The texts of its files, by path from the volume's root. */
  readonly files: Readonly<Record<string, string>>
}

/** The machine as its configuration describes it at power on. */
export interface GuestHardware {
  readonly vmid: number
  readonly name: string
  readonly node: string
  /** `smbios1`'s uuid: the DMI product UUID inside the guest. */
  readonly uuid: string
  readonly cores: number
  readonly memoryMiB: number
  readonly architecture: 'x86_64' | 'aarch64'
  readonly machine: 'pc' | 'q35' | 'virt'
  readonly firmware: 'bios' | 'uefi'
  /** Absolute path of the volume with the UEFI variables; without one they last until power off. */
  readonly efiVariables: string | undefined
  readonly tpm: boolean
  /** `scsihw`: `lsi`, `virtio-scsi-pci`, `virtio-scsi-single`, … */
  readonly scsiController: string
  /** Whether it has a graphics card: not where `vga` is the serial console. */
  readonly graphics: boolean
  /** Configuration keys in boot order: `['scsi0', 'ide2']`. */
  readonly bootOrder: readonly string[]
  readonly disks: readonly GuestDisk[]
  /** CD-ROMs that hold an ISO, by configuration key. */
  readonly isos: readonly { readonly key: string; readonly path: string }[]
  readonly cloudInit: CloudInitDrive | undefined
  readonly nics: readonly GuestNic[]
  /** Whether the VM has the guest agent's device (`agent: enabled=1`). */
  readonly agent: boolean
}

/** What a guest tells the server. */
export interface GuestHost {
  /** The guest switched itself off (`poweroff` inside it). Not called for `powerOff`; after `shutdown` it may be. */
  poweredOff(): void
  /** A line for the lab's log. */
  log(line: string): void
}

/** A machine that can be switched on and off. */
export interface Guest {
  readonly running: boolean
  /** Switches the machine on. Resolves when it is switched on, not when its system is up. */
  powerOn(hardware: GuestHardware): Promise<void>
  /** Pulls the plug. Resolves when the machine is off; nothing happens if it is. */
  powerOff(): Promise<void>
  /** Presses the power button (ACPI). Resolves when the system has shut down. */
  shutdown(): Promise<void>
  /** Resets the machine: it boots again, with the hardware it was powered on with. */
  reset(): Promise<void>
  /** A CD-ROM was emptied or a drive taken out while the machine runs; resolves when the system sees it. */
  eject(key: string): void | Promise<void>
  /**
   * A guest agent command (`ping`, `network-get-interfaces`, `file-read` …) with the API's parameters.
   * Returns what the agent returns; throws an {@link AgentError}.
   */
  agent(command: string, parameters: Readonly<Record<string, unknown>>): Promise<unknown>
  /** Where the guest's port 22 can be reached from this machine; `undefined` while it is off. */
  readonly ssh: { readonly host: string; readonly port: number } | undefined
  /** The addresses that the running system has, without prefix length. */
  readonly addresses: readonly string[]
  /** Makes a disk larger, also while the machine runs. Unless given: its file becomes larger. */
  resizeDisk?(disk: Pick<GuestDisk, 'key' | 'path'>, bytes: number): Promise<void>
  /** Of the process that runs the machine, if there is one. */
  readonly pid?: number | undefined
}

/** Makes the guest of one VM. */
export type GuestFactory = (vmid: number, host: GuestHost) => Guest

/** The guest agent did not answer, or does not know the command. */
export class AgentError extends Error {
  /** `not-running`: the API answers 500 "QEMU guest agent is not running"; `unsupported`: 200 with `result.error`. */
  readonly reason: 'not-running' | 'unsupported' | 'failed'

  constructor(reason: 'not-running' | 'unsupported' | 'failed', message: string) {
    super(message)
    this.reason = reason
  }
}
