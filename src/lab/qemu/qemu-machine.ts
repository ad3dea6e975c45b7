import type { GuestHardware } from '../guest.ts'
import { AgentError } from '../guest.ts'
import { readFileIfPresent } from '../persistence.ts'
import { AgentChannel } from './agent-channel.ts'
import { askAgent, type Parameters } from './agent-commands.ts'
import { commandLine, type Provisions } from './command-line.ts'
import { GuardedProcess } from './guarded-process.ts'
import { Qmp, type QmpEvent } from './qmp.ts'

/** Milliseconds to end in order, which takes none. */
const patience = 5000

/** A machine from power on to power off: a QEMU process. */
export class QemuMachine {
  readonly hardware: GuestHardware
  readonly provisions: Provisions
  /** Of QEMU; `undefined` where it cannot be known. */
  pid: number | undefined
  readonly #process: GuardedProcess
  readonly #qmp: Qmp
  readonly #agent: AgentChannel

  private constructor(
    hardware: GuestHardware,
    provisions: Provisions,
    process: GuardedProcess,
    onEvent: (event: QmpEvent) => void,
  ) {
    this.hardware = hardware
    this.provisions = provisions
    this.#process = process
    const [monitor, agent] = process.streams
    this.#qmp = new Qmp(monitor, onEvent)
    this.#agent = new AgentChannel(agent)
  }

  /** Switches it on. Throws what QEMU has against it. */
  static async start(
    program: string,
    hardware: GuestHardware,
    provisions: Provisions,
    log: string,
    onEvent: (event: QmpEvent) => void,
  ): Promise<QemuMachine> {
    const process = new GuardedProcess(program, commandLine(hardware, provisions), log)
    const machine = new QemuMachine(hardware, provisions, process, onEvent)
    try {
      await machine.#qmp.open()
      // It removes the file when it ends.
      const pid = readFileIfPresent(provisions.pidFile)
      machine.pid = pid === undefined ? undefined : Number(pid)
      // It may be off before it has answered.
      await machine.#qmp.execute('cont').catch(() => undefined)
      return machine
    } catch {
      process.kill()
      const how = await process.ended
      throw new Error(process.lastWords || `QEMU ended with ${how ?? 'exit code 0'}`)
    }
  }

  /** When it is off; how QEMU ended, where that was not in order. */
  get ended(): Promise<string | undefined> {
    return this.#process.ended
  }

  /** The last that QEMU said. */
  get lastWords(): string {
    return this.#process.lastWords
  }

  /** Pulls the plug. */
  async powerOff(): Promise<void> {
    const timer = setTimeout(() => this.#process.kill(), patience)
    // The answer and the end come at the same time.
    this.#qmp.execute('quit').catch(() => undefined)
    await this.ended
    clearTimeout(timer)
  }

  /** Asks the system to shut down: its agent if it has one, as Proxmox does, and else with the power button. */
  async pressPowerButton(): Promise<void> {
    if (await this.#hasAgent()) {
      const asked = await this.agent('shutdown', {}).then(
        () => true,
        () => false,
      )
      if (asked) return
    }
    await this.#qmp.execute('system_powerdown')
  }

  async reset(): Promise<void> {
    await this.#qmp.execute('system_reset')
  }

  /** Takes a medium out, or the whole drive where it is a disk. */
  async eject(key: string): Promise<void> {
    const isDisk = this.hardware.disks.some((disk) => disk.key === key)
    if (isDisk) await this.#qmp.execute('device_del', { id: key })
    else await this.#qmp.execute('eject', { id: key, force: true })
  }

  /** Tells the system that a disk has become larger. */
  async resize(key: string, bytes: number): Promise<void> {
    await this.#qmp.execute('block_resize', { device: `drive-${key}`, size: bytes })
  }

  /** Has the guest agent do something; throws an {@link AgentError}. */
  async agent(command: string, parameters: Parameters): Promise<unknown> {
    if (!(await this.#hasAgent())) throw new AgentError('not-running', 'QEMU guest agent is not running')
    return askAgent((...question) => this.#agent.ask(...question), command, parameters)
  }

  /** Whether something in the guest has opened the agent's port. */
  async #hasAgent(): Promise<boolean> {
    if (!this.hardware.agent) return false
    const ports = (await this.#qmp.execute('query-chardev')) as { label: string; 'frontend-open': boolean }[]
    return ports.some((port) => port.label === 'agent' && port['frontend-open'])
  }
}
