import { AgentError, type Guest, type GuestFactory, type GuestHardware } from '../../src/lab/guest.ts'

/** A guest that does nothing but remember what was done to it. */
export class StillGuest implements Guest {
  running = false
  hardware: GuestHardware | undefined
  readonly ejected: string[] = []
  readonly addresses: string[] = []
  ignoresPowerButton = false
  answersAgent = false
  readonly #poweredOff: () => void

  constructor(poweredOff: () => void) {
    this.#poweredOff = poweredOff
  }

  get ssh(): Guest['ssh'] {
    return this.running ? { host: '127.0.0.1', port: 40_022 } : undefined
  }

  async powerOn(hardware: GuestHardware): Promise<void> {
    this.running = true
    this.hardware = hardware
  }

  async powerOff(): Promise<void> {
    this.running = false
  }

  async shutdown(): Promise<void> {
    if (this.ignoresPowerButton) await new Promise(() => undefined)
    this.running = false
  }

  async reset(): Promise<void> {
    // Nothing of it is remembered.
  }

  eject(key: string): void {
    this.ejected.push(key)
  }

  async agent(command: string, parameters: Readonly<Record<string, unknown>>): Promise<unknown> {
    if (!this.answersAgent) throw new AgentError('not-running', 'silent')
    if (command === 'ping') return { result: {} }
    if (command === 'exec') return { pid: 1, asked: parameters.command }
    throw new AgentError('unsupported', `The command guest-${command} has not been found`)
  }

  /** `poweroff` inside the guest. */
  switchOff(): void {
    this.running = false
    this.#poweredOff()
  }
}

/** A factory of such guests, and the guests by VMID. */
export function stillGuests(): { factory: GuestFactory; guests: Map<number, StillGuest> } {
  const guests = new Map<number, StillGuest>()
  const factory: GuestFactory = (vmid, host) => {
    const guest = new StillGuest(() => host.poweredOff())
    guests.set(vmid, guest)
    return guest
  }
  return { factory, guests }
}
