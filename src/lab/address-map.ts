import { isIPv6 } from 'node:net'
import { writeFileAtomically } from './persistence.ts'
import { splitPropertyString } from './property-strings.ts'
import type { Vm, Vms } from './vms.ts'

const refreshEvery = 250

/** Where all other addresses lead: guests that are switched off, and whatever a real network has under them. */
const nowhere = '127.0.0.1:1'

/**
 * A file that says where the guests' SSH servers can be reached: `{"10.0.0.5:22": "127.0.0.1:40001"}`.
 *
 * The addresses of simulated guests exist nowhere; their servers listen on this machine. A guest's fixed addresses
 * are known when it is switched on, others when its system has booted, so the file is refreshed while guests run.
 */
export class AddressMap {
  readonly file: string
  readonly #vms: () => Vms
  /** Addresses that guests had while they were switched on, by VMID: a reboot is no reason to forget them. */
  readonly #seen = new Map<number, Set<string>>()
  #written: string | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(file: string, vms: () => Vms) {
    this.file = file
    this.#vms = vms
  }

  /** Writes the file if something has changed. */
  refresh(): void {
    const running = this.#vms()
      .list()
      .filter((vm) => vm.running)
    const text = `${JSON.stringify({ ...this.#entries(running), '*': nowhere }, undefined, 2)}\n`
    if (text !== this.#written) {
      writeFileAtomically(this.file, text)
      this.#written = text
    }
    if (running.length === 0) this.close()
    else this.#timer ??= setInterval(() => this.refresh(), refreshEvery).unref()
  }

  /** Stops looking. */
  close(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /** What guests have now wins over what others had before. */
  #entries(running: readonly Vm[]): Record<string, string> {
    const now = running.map((vm) => ({ vm, addresses: addressesOf(vm) }))
    const entries = [
      ...running.flatMap((vm) => entriesOf(vm, this.#seen.get(vm.vmid) ?? [])),
      ...now.flatMap(({ vm, addresses }) => entriesOf(vm, addresses)),
    ]
    const vmids = new Set(
      this.#vms()
        .list()
        .map(({ vmid }) => vmid),
    )
    for (const vmid of this.#seen.keys()) if (!vmids.has(vmid)) this.#seen.delete(vmid)
    for (const { vm, addresses } of now) {
      this.#seen.set(vm.vmid, new Set([...(this.#seen.get(vm.vmid) ?? []), ...addresses]))
    }
    return Object.fromEntries(entries)
  }
}

function addressesOf(vm: Vm): string[] {
  return [...(vm.guest?.addresses ?? []), ...fixedAddresses(vm)]
}

function entriesOf(vm: Vm, addresses: Iterable<string>): [string, string][] {
  const ssh = vm.guest?.ssh
  return ssh === undefined
    ? []
    : [...addresses].map((address) => [hostPort(address, 22), hostPort(ssh.host, ssh.port)])
}

function fixedAddresses(vm: Vm): string[] {
  const configs = Object.entries(vm.config.options).filter(([name]) => /^ipconfig\d+$/.test(name))
  return configs.flatMap(([, value]) => {
    const { ip, ip6 } = splitPropertyString(value, {})
    return [ip, ip6].flatMap((cidr) => (cidr?.includes('/') ? [cidr.replace(/\/.*$/, '')] : []))
  })
}

function hostPort(host: string, port: number): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`
}
