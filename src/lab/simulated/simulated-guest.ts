/** One VM of the lab without a real machine: power, boot, shutdown; what runs in it is a {@link Machine}. */
import { AgentError, type Guest, type GuestHardware, type GuestHost } from '../guest.ts'
import { findBootTarget } from './boot-target.ts'
import { freePort } from './free-port.ts'
import { GuestAgent } from './guest-agent.ts'
import { Machine } from './machine.ts'
import type { Faults, Latency } from './options.ts'
import { pause } from './pause.ts'
import { SshServer } from './ssh-server.ts'

export interface GuestSettings {
  readonly latency: () => Latency
  readonly faults: () => Faults
  readonly listenOn: { readonly host?: string; readonly port?: number }
  readonly penalties: boolean
}

/** What runs between power on and power off, or between two boots. */
interface Cycle {
  readonly over: AbortController
  machine?: Machine
  server?: SshServer
  agent?: GuestAgent
  networkUp: boolean
  requested?: 'poweroff' | 'reboot'
}

export class SimulatedGuest implements Guest {
  readonly #vmid: number
  readonly #host: GuestHost
  readonly #settings: GuestSettings
  #hardware: GuestHardware | undefined
  #cycle: Cycle | undefined
  #address: { host: string; port: number } | undefined

  constructor(vmid: number, host: GuestHost, settings: GuestSettings) {
    this.#vmid = vmid
    this.#host = host
    this.#settings = settings
  }

  get running(): boolean {
    return this.#hardware !== undefined
  }

  get ssh(): { host: string; port: number } | undefined {
    return this.running ? this.#address : undefined
  }

  get addresses(): readonly string[] {
    const cycle = this.#cycle
    return cycle?.networkUp ? (cycle.machine?.addresses ?? []) : []
  }

  async powerOn(hardware: GuestHardware): Promise<void> {
    if (this.running) return
    this.#hardware = hardware
    const { host = '127.0.0.1', port } = this.#settings.listenOn
    this.#address ??= { host, port: port ?? (await freePort(host)) }
    this.#start()
  }

  async powerOff(): Promise<void> {
    if (!this.running) return
    this.#hardware = undefined
    await this.#stop()
  }

  async shutdown(): Promise<void> {
    await pause(this.#settings.latency().shutdown)
    await this.powerOff()
  }

  async reset(): Promise<void> {
    if (!this.running) return
    await this.#stop()
    if (this.running) this.#start()
  }

  eject(key: string): void {
    const hardware = this.#hardware
    if (!hardware) return
    this.#hardware = {
      ...hardware,
      isos: hardware.isos.filter((iso) => iso.key !== key),
      cloudInit: hardware.cloudInit?.key === key ? undefined : hardware.cloudInit,
    }
  }

  async agent(command: string, parameters: Readonly<Record<string, unknown>>): Promise<unknown> {
    const agent = this.#cycle?.agent
    if (!agent || !this.#hardware?.agent || this.#settings.faults().agentSilent) {
      throw new AgentError('not-running', 'QEMU guest agent is not running')
    }
    return agent.call(command, parameters)
  }

  #start(): void {
    const cycle: Cycle = { over: new AbortController(), networkUp: false }
    this.#cycle = cycle
    this.#boot(cycle).catch((error: unknown) => this.#log(`the boot failed: ${error}`))
  }

  async #stop(): Promise<void> {
    const cycle = this.#cycle
    this.#cycle = undefined
    cycle?.over.abort()
    cycle?.machine?.stop()
    await cycle?.server?.close()
  }

  async #boot(cycle: Cycle): Promise<void> {
    const hardware = this.#hardware
    const { signal } = cycle.over
    if (!hardware) return
    const target = await findBootTarget(hardware)
    if (!target) return this.#log('no bootable device')
    this.#log(
      `boots the ${target.kind === 'installer' ? 'installer' : 'installed system'} from ${target.key}`,
    )
    const { latency, faults, penalties } = this.#settings
    const power = {
      request: (kind: 'poweroff' | 'reboot') => {
        cycle.requested ??= kind
      },
      commandEnded: () => void this.#actOnRequest(cycle),
      die: (reason: string) => this.#die(cycle, reason),
    }
    const machine = await Machine.boot({ hardware, target, host: this.#host, latency, faults, power })
    const server = new SshServer({ machine, penalties })
    if (signal.aborted) return
    cycle.machine = machine
    cycle.server = server

    await pause(latency().port, signal)
    if (signal.aborted) return
    if (faults().bootHangs || (target.kind === 'installed' && faults().installedSystemHangs)) {
      return this.#log('hangs in the boot, as it was told to')
    }
    cycle.networkUp = true
    cycle.agent = new GuestAgent(machine)
    const address = this.#address
    // Without an address nobody can reach the guest, whatever the lab forwards.
    if (machine.addresses.length === 0) this.#log('has no network address')
    else if (address) {
      await server.listen(address.host, address.port)
      // Switched off while it opened its port.
      if (signal.aborted) return server.close()
    }

    await pause(latency().banner, signal)
    if (!signal.aborted && !faults().bannerNeverSent) server.sendBanners()
    await pause(latency().keys, signal)
    if (!signal.aborted) await machine.writeKeys()
    await pause(latency().cloudInit, signal)
    if (!signal.aborted) await machine.finishCloudInit()
  }

  /** The system was told to end from inside. */
  async #actOnRequest(cycle: Cycle): Promise<void> {
    const { requested } = cycle
    if (!requested || cycle.over.signal.aborted) return
    await pause(this.#settings.latency().shutdown, cycle.over.signal)
    if (this.#cycle !== cycle) return
    this.#log(requested === 'reboot' ? 'reboots' : 'switches itself off')
    if (requested === 'poweroff') {
      this.#hardware = undefined
      await this.#stop()
      return this.#host.poweredOff()
    }
    await this.#stop()
    // Between the two boots the machine is running, but nothing in it: a power off ends this wait.
    const between: Cycle = { over: new AbortController(), networkUp: false }
    this.#cycle = between
    await pause(this.#settings.latency().reboot, between.over.signal)
    if (this.running && this.#cycle === between) this.#start()
  }

  #die(cycle: Cycle, reason: string): void {
    if (this.#cycle !== cycle) return
    this.#log(`dies (${reason}), as it was told to`)
    this.#hardware = undefined
    void this.#stop().then(() => this.#host.poweredOff())
  }

  #log(line: string): void {
    this.#host.log(`simulated guest ${this.#vmid} ${line}`)
  }
}
