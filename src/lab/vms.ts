import { existsSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { failed } from './api-error.ts'
import type { Guest, GuestFactory } from './guest.ts'
import { ConfigLock } from './lock.ts'
import { readFileIfPresent, writeFileAtomically } from './persistence.ts'
import { emptyConfig, parseConfig, printConfig, type VmConfig } from './vm-config.ts'

/** One VM: its configuration, kept in a file, and its guest. */
export class Vm {
  readonly vmid: number
  readonly node: string
  readonly file: string
  config: VmConfig
  /** Made when it is switched on for the first time. */
  guest: Guest | undefined
  /** Milliseconds since 1970; `undefined` while it is off. */
  startedAt: number | undefined
  pid: number | undefined
  paused = false

  constructor(vmid: number, node: string, file: string, config: VmConfig) {
    this.vmid = vmid
    this.node = node
    this.file = file
    this.config = config
  }

  /** Whether the machine is switched on. */
  get running(): boolean {
    return this.startedAt !== undefined
  }

  /** Writes the configuration to its file. */
  save(): void {
    writeFileAtomically(this.file, printConfig(this.config))
  }

  /** Throws if somebody has locked the VM. */
  requireUnlocked(): void {
    const { lock } = this.config.options
    if (lock !== undefined) throw failed(`VM is locked (${lock})`)
  }
}

/** The VMs of the cluster. */
export class Vms {
  readonly #vms = new Map<number, Vm>()
  readonly #locks = new Map<number, ConfigLock>()
  readonly #folder: string
  readonly #guests: GuestFactory
  readonly #onPowerOff: (vm: Vm) => void
  readonly #log: (line: string) => void
  #nextPid = 20_000

  constructor(
    folder: string,
    nodes: readonly string[],
    guests: GuestFactory,
    onPowerOff: (vm: Vm) => void,
    log: (line: string) => void,
  ) {
    this.#folder = path.join(folder, 'nodes')
    this.#guests = guests
    this.#onPowerOff = onPowerOff
    this.#log = log
    for (const node of nodes) this.#load(node)
  }

  /** All VMs by VMID. */
  list(): Vm[] {
    return [...this.#vms.values()].sort((a, b) => a.vmid - b.vmid)
  }

  /** The VM with that id on any node. */
  find(vmid: number): Vm | undefined {
    return this.#vms.get(vmid)
  }

  /** The VM of a node; throws what Proxmox says of its absence. */
  get(node: string, vmid: number): Vm {
    const vm = this.#vms.get(vmid)
    if (vm === undefined || vm.node !== node) {
      throw failed(`Configuration file 'nodes/${node}/qemu-server/${vmid}.conf' does not exist`)
    }
    return vm
  }

  /** The first id from 100 on that nobody has. */
  nextId(): number {
    let vmid = 100
    while (this.#vms.has(vmid)) vmid++
    return vmid
  }

  /** The lock of an id, also while there is no VM of that id. */
  lock(vmid: number): ConfigLock {
    let lock = this.#locks.get(vmid)
    if (lock === undefined) {
      lock = new ConfigLock(vmid)
      this.#locks.set(vmid, lock)
    }
    return lock
  }

  /** Makes a VM that holds nothing but the lock of its creation; throws if the id is taken. */
  create(node: string, vmid: number, lock: 'create' | 'clone' = 'create'): Vm {
    const taken = this.#vms.get(vmid)
    if (taken !== undefined) {
      throw failed(`unable to create VM ${vmid} - VM ${vmid} already exists on node '${taken.node}'`)
    }
    const vm = new Vm(vmid, node, this.#fileOf(node, vmid), emptyConfig({ lock }))
    this.#vms.set(vmid, vm)
    vm.save()
    return vm
  }

  /** Forgets a VM and removes its file. */
  remove(vm: Vm): void {
    this.#vms.delete(vm.vmid)
    rmSync(vm.file, { force: true })
  }

  /** The machine of a VM. */
  guestOf(vm: Vm): Guest {
    vm.guest ??= this.#guests(vm.vmid, {
      poweredOff: () => {
        this.markStopped(vm)
        this.#onPowerOff(vm)
      },
      log: (line) => this.#log(`VM ${vm.vmid}: ${line}`),
    })
    return vm.guest
  }

  /** Notes that the machine was switched on. */
  markStarted(vm: Vm): void {
    vm.startedAt = Date.now()
    vm.pid = vm.guest?.pid ?? this.#nextPid++
    vm.paused = false
  }

  /** Notes that it is off. */
  markStopped(vm: Vm): void {
    vm.startedAt = undefined
    vm.pid = undefined
    vm.paused = false
  }

  #load(node: string): void {
    const folder = path.join(this.#folder, node, 'qemu-server')
    if (!existsSync(folder)) return
    for (const name of readdirSync(folder)) {
      const vmid = Number(/^(\d+)\.conf$/.exec(name)?.[1])
      const text = readFileIfPresent(path.join(folder, name))
      if (Number.isNaN(vmid) || text === undefined) continue
      const config = parseConfig(text)
      // Nobody goes on with a create that was under way when the lab ended.
      if (Object.keys(config.options).join() === 'lock') rmSync(path.join(folder, name), { force: true })
      else this.#vms.set(vmid, new Vm(vmid, node, path.join(folder, name), config))
    }
  }

  #fileOf(node: string, vmid: number): string {
    return path.join(this.#folder, node, 'qemu-server', `${vmid}.conf`)
  }
}
