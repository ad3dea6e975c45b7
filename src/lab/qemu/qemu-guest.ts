import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { GuestDisk } from '../guest.ts'
import { AgentError, type Guest, type GuestHardware, type GuestHost } from '../guest.ts'
import { freePort } from '../simulated/free-port.ts'
import type { Parameters } from './agent-commands.ts'
import { writeCloudInitImage } from './cloud-init-iso.ts'
import type { Provisions } from './command-line.ts'
import { findFirmware } from './firmware.ts'
import { growImage, isBlank, prepareImage, replaceImage } from './images.ts'
import { withKnownAddresses } from './known-addresses.ts'
import { pidFileOf } from './leftovers.ts'
import type { Platform } from './platform.ts'
import { QemuMachine } from './qemu-machine.ts'
import { userNetwork } from './user-network.ts'

const loopback = '127.0.0.1'
/** How often another port is tried, where somebody has taken the one that was free. */
const attempts = 5

/** One VM of the lab as a QEMU process. */
export class QemuGuest implements Guest {
  readonly #vmid: number
  readonly #host: GuestHost
  readonly #platform: Platform
  /** Of the VM: what is neither configuration nor volume. */
  readonly #folder: string
  #machine: QemuMachine | undefined
  #sshPort: number | undefined

  constructor(vmid: number, host: GuestHost, platform: Platform) {
    this.#vmid = vmid
    this.#host = host
    this.#platform = platform
    this.#folder = join(platform.folder, String(vmid))
  }

  get running(): boolean {
    return this.#machine !== undefined
  }

  get pid(): number | undefined {
    return this.#machine?.pid
  }

  get ssh(): Guest['ssh'] {
    const machine = this.#machine
    if (machine === undefined || machine.hardware.nics.length === 0) return undefined
    return { host: loopback, port: machine.provisions.sshPort }
  }

  /** What the first card was given; the others lead nowhere. */
  get addresses(): readonly string[] {
    const [nic] = this.#machine?.hardware.nics ?? []
    return nic === undefined ? [] : [userNetwork(nic, 0, this.#vmid).guest]
  }

  async powerOn(configured: GuestHardware): Promise<void> {
    if (this.running) return
    const { uuid } = configured
    const nics = withKnownAddresses(join(this.#folder, 'networks.json'), uuid, configured.nics)
    const hardware = { ...configured, nics }
    const { emulators, missing, qemuImg } = this.#platform.programs
    const { architecture, cloudInit, disks } = hardware
    const emulator = emulators[architecture]
    if (emulator === undefined) throw new Error(missing[architecture])
    if (hardware.tpm) throw new Error('the lab has no TPM for its guests: remove tpmstate0')
    mkdirSync(this.#folder, { recursive: true })
    for (const { path } of disks) await prepareImage(path, qemuImg)
    if (cloudInit !== undefined) await writeCloudInitImage(cloudInit, qemuImg)
    const provisions = await this.#provisions(hardware, emulator.program)
    this.#machine = await this.#start(emulator.program, hardware, provisions)
    this.#host.log(this.#description(this.#machine))
    void this.#watch(this.#machine)
  }

  async powerOff(): Promise<void> {
    const machine = this.#machine
    this.#machine = undefined
    await machine?.powerOff()
  }

  async shutdown(): Promise<void> {
    const machine = this.#machine
    if (machine === undefined) return
    // It may be off before it has answered.
    await machine.pressPowerButton().catch((error: unknown) => this.#host.log(String(error)))
    this.#noteEnd(machine, await machine.ended)
  }

  async reset(): Promise<void> {
    await this.#machine?.reset()
  }

  async eject(key: string): Promise<void> {
    try {
      await this.#machine?.eject(key)
    } catch (error) {
      this.#host.log(`QEMU does not eject ${key}: ${error}`)
    }
  }

  async resizeDisk({ key, path }: Pick<GuestDisk, 'key' | 'path'>, bytes: number): Promise<void> {
    if (this.#machine === undefined) await growImage(path, bytes, this.#platform.programs.qemuImg)
    else await this.#machine.resize(key, bytes)
  }

  async agent(command: string, parameters: Parameters): Promise<unknown> {
    const machine = this.#machine
    if (machine === undefined) throw new AgentError('not-running', 'QEMU guest agent is not running')
    return machine.agent(command, parameters)
  }

  async #provisions(hardware: GuestHardware, emulator: string): Promise<Omit<Provisions, 'sshPort'>> {
    const { maxCpus = Number.POSITIVE_INFINITY, maxMemoryMiB = Number.POSITIVE_INFINITY } =
      this.#platform.limits
    const { architecture, cores, memoryMiB } = hardware
    if (cores > maxCpus) this.#host.log(`gets ${maxCpus} of its ${cores} processors: that is the lab's limit`)
    if (memoryMiB > maxMemoryMiB)
      this.#host.log(`gets ${maxMemoryMiB} MiB of its ${memoryMiB} MiB memory: that is the lab's limit`)
    return {
      acceleration: await this.#platform.acceleration(architecture),
      cpus: Math.min(cores, maxCpus),
      memoryMiB: Math.min(memoryMiB, maxMemoryMiB),
      firmware: await this.#firmware(hardware, emulator),
      serialLog: join(this.#folder, 'serial.log'),
      pidFile: pidFileOf(this.#folder),
      internet: this.#platform.internet,
    }
  }

  /** UEFI with the VM's variables; those of a new disk for them are what the firmware begins with. */
  async #firmware(hardware: GuestHardware, emulator: string): Promise<Provisions['firmware']> {
    const { architecture, efiVariables } = hardware
    // Such machines have nothing else.
    if (hardware.firmware === 'bios' && architecture !== 'aarch64') return undefined
    const { qemuImg } = this.#platform.programs
    const { code, variables } = findFirmware(architecture, emulator)
    const own = efiVariables ?? join(this.#folder, 'efi-variables.raw')
    if (efiVariables === undefined || isBlank(efiVariables)) await replaceImage(own, variables, qemuImg)
    return { code, variables: own }
  }

  async #start(
    program: string,
    hardware: GuestHardware,
    provisions: Omit<Provisions, 'sshPort'>,
  ): Promise<QemuMachine> {
    const log = join(this.#folder, 'qemu.log')
    for (let attempt = 1; ; attempt++) {
      // It keeps the port, so that a guest is where it was after power off and on.
      this.#sshPort ??= await freePort(loopback)
      try {
        return await QemuMachine.start(
          program,
          hardware,
          { ...provisions, sshPort: this.#sshPort },
          log,
          ({ event }) => {
            if (event === 'RESET') this.#host.log('starts anew')
          },
        )
      } catch (error) {
        if (attempt === attempts || !String(error).includes('host forwarding')) throw error
        this.#sshPort = undefined
      }
    }
  }

  /** Notes the end that nobody here brought about. */
  async #watch(machine: QemuMachine): Promise<void> {
    const failure = await machine.ended
    // Whoever has just switched it on notes that first.
    await setImmediate()
    this.#noteEnd(machine, failure)
  }

  #noteEnd(machine: QemuMachine, failure: string | undefined): void {
    if (this.#machine !== machine) return
    this.#machine = undefined
    this.#host.log(failure === undefined ? 'has shut down' : `QEMU ended: ${failure} ${machine.lastWords}`)
    this.#host.poweredOff()
  }

  #description({ hardware, provisions }: QemuMachine): string {
    const { version } = this.#platform.programs.emulators[hardware.architecture] ?? { version: '' }
    const { acceleration, serialLog, sshPort } = provisions
    const speed = acceleration.name === 'tcg' ? 'emulated in software, which is slow' : acceleration.name
    return `runs on QEMU ${version} (${speed}), its port 22 is ${loopback}:${sshPort}, its console in ${serialLog}`
  }
}
