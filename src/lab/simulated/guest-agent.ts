/** QEMU's guest agent, with the answers as Proxmox VE puts them under `data`. */
import { AgentError } from '../guest.ts'
import { quote } from './commands/words.ts'
import type { Machine } from './machine.ts'
import type { Outcome } from './shell.ts'
import { kernelRelease, osReleaseFields } from './system-files.ts'

type Parameters = Readonly<Record<string, unknown>>
type Handler = (parameters: Parameters, machine: Machine) => unknown

/** What file-read returns at most. */
const maxRead = 16 * 1024 * 1024

export class GuestAgent {
  readonly #machine: Machine
  readonly #started = new Map<number, Outcome | undefined>()
  #lastPid = 4000

  constructor(machine: Machine) {
    this.#machine = machine
  }

  async call(command: string, parameters: Parameters): Promise<unknown> {
    if (command === 'exec') return this.#exec(parameters)
    if (command === 'exec-status') return this.#execStatus(parameters)
    const handler = handlers[command]
    if (!handler) {
      throw new AgentError('unsupported', `The command guest-${command} has not been found`)
    }
    return handler(parameters, this.#machine)
  }

  #exec(parameters: Parameters): { pid: number } {
    const { command } = parameters
    const words = (Array.isArray(command) ? command.map(String) : String(command ?? '').split('\0')).filter(
      (word, index) => index > 0 || word !== '',
    )
    const pid = ++this.#lastPid
    this.#started.set(pid, undefined)
    const stdin = Buffer.from(String(parameters['input-data'] ?? ''), 'latin1')
    this.#machine.shell
      .run(quote(words), { stdin })
      .catch((error: unknown) => ({ stdout: '', stderr: String(error), exitCode: 126, binary: false }))
      .then((outcome) => {
        this.#started.set(pid, outcome)
        this.#machine.power.commandEnded()
      })
    return { pid }
  }

  /** A result can be read once. */
  #execStatus(parameters: Parameters): Record<string, unknown> {
    const pid = Number(parameters.pid)
    if (!this.#started.has(pid)) throw new AgentError('failed', "Invalid parameter 'pid'")
    const outcome = this.#started.get(pid)
    if (!outcome) return { exited: 0 }
    this.#started.delete(pid)
    return {
      exited: 1,
      exitcode: outcome.exitCode,
      ...(outcome.stdout ? { 'out-data': outcome.binary ? outcome.stdout : asBytes(outcome.stdout) } : {}),
      ...(outcome.stderr ? { 'err-data': asBytes(outcome.stderr) } : {}),
    }
  }
}

/** Proxmox hands bytes on as Latin-1. */
function asBytes(text: string): string {
  return Buffer.from(text).toString('latin1')
}

const handlers: Record<string, Handler> = {
  ping: () => ({ result: {} }),
  info: () => ({
    result: {
      version: '10.0.0',
      supported_commands: [...Object.keys(handlers), 'exec', 'exec-status'].map((name) => ({
        name: `guest-${name}`,
        enabled: true,
        'success-response': true,
      })),
    },
  }),
  'get-host-name': (_parameters, machine) => ({ result: { 'host-name': machine.hostname } }),
  'get-osinfo': (_parameters, machine) => {
    const fields = osReleaseFields(machine)
    return {
      result: {
        id: fields.ID,
        name: fields.NAME,
        'pretty-name': fields.PRETTY_NAME,
        version: fields.VERSION,
        'version-id': fields.VERSION_ID,
        ...(fields.VARIANT_ID ? { variant: fields.VARIANT, 'variant-id': fields.VARIANT_ID } : {}),
        machine: machine.hardware.architecture,
        'kernel-release': kernelRelease,
        'kernel-version': '#1-NixOS SMP PREEMPT_DYNAMIC (simulated)',
      },
    }
  },
  'get-time': () => ({ result: Date.now() * 1_000_000 }),
  'get-timezone': () => ({ result: { zone: 'UTC', offset: 0 } }),
  'get-users': () => ({ result: [] }),
  'get-vcpus': (_parameters, machine) => ({
    result: Array.from({ length: machine.hardware.cores }, (_, index) => ({
      'logical-id': index,
      online: true,
      'can-offline': index > 0,
    })),
  }),
  'get-fsinfo': (_parameters, machine) => ({
    result: machine.mounts
      .filter((one) => one.device)
      .map((one) => ({ name: one.source.slice(5), mountpoint: one.target, type: one.type, disk: [] })),
  }),
  'network-get-interfaces': (_parameters, machine) => ({ result: networkInterfaces(machine) }),
  'file-read': async (parameters, machine) => {
    const file = String(parameters.file ?? '')
    const content = await machine.fs.readFileBuffer(file).catch(() => {
      throw new AgentError('failed', `failed to open file '${file}' (mode: 'r'): No such file or directory`)
    })
    const bytes = Buffer.from(content).subarray(0, maxRead)
    // Proxmox hands the bytes on as Latin-1; with `decode=0` as the base64 that the agent sends.
    const decode = !['0', 0, false].includes(parameters.decode as string | number | boolean)
    return {
      'bytes-read': bytes.length,
      content: bytes.toString(decode ? 'latin1' : 'base64'),
      ...(content.length > maxRead ? { truncated: 1 } : {}),
    }
  },
  'file-write': async (parameters, machine) => {
    const file = String(parameters.file ?? '')
    const content = Buffer.from(String(parameters.content ?? ''), 'latin1')
    await machine.fs.writeFile(file, content).catch(() => {
      throw new AgentError('failed', `failed to open file '${file}' (mode: 'w'): No such file or directory`)
    })
    return null
  },
}

function networkInterfaces(machine: Machine): unknown[] {
  const statistics = Object.fromEntries(
    ['rx', 'tx'].flatMap((way) =>
      Object.entries({ bytes: 1000, dropped: 0, errs: 0, packets: 10 }).map(([name, value]) => [
        `${way}-${name}`,
        value,
      ]),
    ),
  )
  const entry = (address: string, family: number, prefix: number) => ({
    'ip-address': address,
    'ip-address-type': family === 4 ? 'ipv4' : 'ipv6',
    prefix,
  })
  const loopback = {
    name: 'lo',
    'hardware-address': '00:00:00:00:00:00',
    'ip-addresses': [entry('127.0.0.1', 4, 8), entry('::1', 6, 128)],
    statistics,
  }
  const cards = machine.interfaces.map((one) => ({
    name: one.name,
    'hardware-address': one.mac,
    // A card without configuration is down and has not even a link-local address.
    ...(one.addresses.length > 0
      ? {
          'ip-addresses': [
            ...one.addresses.map(({ address, family, prefix }) => entry(address, family, prefix)),
            entry(linkLocal(one.mac), 6, 64),
          ],
        }
      : {}),
    statistics,
  }))
  return [loopback, ...cards]
}

/** EUI-64: `bc:24:11:00:00:01` → `fe80::be24:11ff:fe00:1` */
function linkLocal(mac: string): string {
  const bytes = mac.split(':').map((part) => Number.parseInt(part, 16))
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = bytes
  const groups = [((a ^ 2) << 8) | b, (c << 8) | 0xff, 0xfe00 | d, (e << 8) | f]
  return `fe80::${groups.map((group) => group.toString(16)).join(':')}`
}
