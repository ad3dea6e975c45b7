import { type ChildProcessWithoutNullStreams, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { AgentError, type CloudInitDrive, type Guest, type GuestHardware } from '../../src/lab/guest.ts'

const script = join(import.meta.dirname, 'namespace-guest.sh')
const dial = join(import.meta.dirname, 'dial.ts')

const namespaces = ['--mount', '--uts', '--net', '--ipc', '--pid', '--fork', '--kill-child']
/** What the script takes from the machine: Debian's openssh-server, cloud-init, genisoimage, iproute2 and systemd. */
const programs = ['sshd', 'cloud-init', 'genisoimage', 'isoinfo', 'ip', 'losetup', 'nsenter', 'setpriv']
const files = ['/lib/systemd/systemd-networkd', '/dev/loop-control']

/** Why there can be no such guest on this machine; `undefined` where there can. */
export const missing: string | undefined = whatIsMissing()

function whatIsMissing(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'root on Linux'
  const find = `PATH=$PATH:/usr/sbin:/sbin; for name; do command -v "$name" >/dev/null || echo "$name"; done`
  const [program] = execFileSync('sh', ['-c', find, 'sh', ...programs], { encoding: 'utf8' }).split('\n')
  if (program !== '') return program
  const file = files.find((name) => !isThere(name))
  if (file !== undefined) return file
  return spawnSync('unshare', [...namespaces, 'true']).status === 0 ? undefined : 'namespaces'
}

function isThere(file: string): boolean {
  try {
    accessSync(file)
    return true
  } catch {
    return false
  }
}

/** Writes the drive as Proxmox does: its files, its volume's name, its size. */
export function writeDrive(file: string, drive: CloudInitDrive): void {
  const folder = `${file}.d`
  mkdirSync(folder)
  for (const [name, content] of Object.entries(drive.files)) writeFileSync(join(folder, name), content)
  const options = ['-quiet', '-iso-level', '3', '-J', '-R', '-V', drive.label]
  execFileSync('genisoimage', [...options, '-o', file, folder], { stdio: 'pipe' })
  truncateSync(file, 4 * 1024 ** 2)
  rmSync(folder, { recursive: true })
}

/**
 * A guest for the lab that is real but for its boot: cloud-init's stages read the drive that the lab made, networkd sets
 * the addresses, OpenSSH's server listens on them. All of it is in namespaces, and gone with the process of this one.
 */
export class NamespaceGuest implements Guest {
  /** What it has said so far: its stages, and why it ended. */
  readonly log: string[] = []
  readonly addresses: readonly string[] = []
  readonly #folder: string
  readonly #address: string
  readonly #forwards = new Set<Server>()
  #ssh: Guest['ssh']
  #child: ChildProcessWithoutNullStreams | undefined
  #hardware: GuestHardware | undefined

  /**
   * @param folder of its own, for its drive
   * @param address where its SSH server is looked for
   */
  constructor(folder: string, address: string) {
    this.#folder = folder
    this.#address = address
  }

  get running(): boolean {
    return this.#child !== undefined
  }

  get ssh(): Guest['ssh'] {
    return this.running ? this.#ssh : undefined
  }

  /** A port of loopback behind which is port 22 of an address that only the guest's network has. */
  async forward(address: string): Promise<{ readonly host: string; readonly port: number }> {
    const server = createServer((client) => {
      const pid = this.log.find((line) => line.startsWith('pid '))?.slice(4)
      const words = ['--target', String(pid), '--net', process.execPath, dial, address, '22']
      const dialler = spawn('nsenter', words, { stdio: ['pipe', 'pipe', 'ignore'] })
      client.pipe(dialler.stdin)
      dialler.stdout.pipe(client)
      for (const stream of [client, dialler.stdin]) stream.on('error', () => undefined)
      client.once('close', () => dialler.kill())
      dialler.once('close', () => client.destroy())
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    this.#forwards.add(server)
    return { host: '127.0.0.1', port: (server.address() as AddressInfo).port }
  }

  /** Lets cloud-init come to its end. */
  proceed(): void {
    this.#child?.stdin.write('\n')
  }

  async powerOn(hardware: GuestHardware): Promise<void> {
    const [nic] = hardware.nics
    if (hardware.cloudInit === undefined || nic === undefined) throw new Error('it needs a drive and a card')
    this.#hardware = hardware
    this.#ssh ??= await this.forward(this.#address)
    rmSync(this.#folder, { recursive: true, force: true })
    mkdirSync(this.#folder, { recursive: true })
    const drive = join(this.#folder, 'drive.iso')
    writeDrive(drive, hardware.cloudInit)
    // However this process ends, the guest ends with it.
    const words = ['--pdeathsig', 'KILL', 'unshare', ...namespaces, script, drive, nic.mac]
    const child = spawn('setpriv', words)
    this.#child = child
    child.stdin.on('error', () => undefined)
    child.once('close', () => {
      if (this.#child === child) this.#child = undefined
    })
    createInterface({ input: child.stderr }).on('line', (line) => this.log.push(line))
    const lines = createInterface({ input: child.stdout })
    lines.on('line', (line) => this.log.push(line))
    await Promise.race([once(lines, 'line'), once(child, 'close')])
  }

  async powerOff(): Promise<void> {
    const child = this.#child
    if (child === undefined) return
    const closed = once(child, 'close')
    child.kill('SIGKILL')
    await closed
    for (const server of this.#forwards) server.close()
    this.#forwards.clear()
    this.#ssh = undefined
  }

  shutdown(): Promise<void> {
    return this.powerOff()
  }

  async reset(): Promise<void> {
    await this.powerOff()
    if (this.#hardware !== undefined) await this.powerOn(this.#hardware)
  }

  eject(): void {
    // It has read its drive.
  }

  async agent(): Promise<never> {
    throw new AgentError('not-running', 'it has no agent')
  }
}
