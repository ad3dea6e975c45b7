/** What may be told of real guests; in the JSON file of `nci lab --config` under `qemu`. */
export interface QemuOptions {
  /** Folder of `qemu-system-…` and `qemu-img`. Unless given: `NCI_QEMU_PROGRAMS`, and then PATH. */
  readonly programs?: string | undefined
  /** The most memory that a guest gets, in MiB, whatever its configuration says. */
  readonly maxMemoryMiB?: number | undefined
  /** The most processors that a guest gets. */
  readonly maxCpus?: number | undefined
  /** The processor: `tcg` is the emulation in software. Unless given: the hardware's, where that works. */
  readonly acceleration?: 'kvm' | 'hvf' | 'tcg' | undefined
  /**
   * The processor that guests see where it is emulated, as QEMU calls it. Unless given: `max`; plainer ones like `qemu64`
   * boot more quickly, but not what is built for newer processors.
   */
  readonly emulatedCpu?: string | undefined
  /** Whether guests may open connections to the world; otherwise they only answer. */
  readonly internet?: boolean | undefined
}
