/**
 * A running system in a simulated guest: installer or installed, from boot to shutdown.
 *
 * Everything in it is state of this object, its in-memory files and the headers of its disks' files; what the
 * commands of the guest's shell print and do follows from that.
 */
import { randomUUID } from 'node:crypto'
import type { IFileSystem, MountableFs } from 'just-bash'
import type { GuestHardware, GuestHost } from '../guest.ts'
import type { BlockDevice, Disk } from './block-devices.ts'
import { openDisks } from './block-devices.ts'
import type { BootTarget } from './boot-target.ts'
import { dhcpConfig, type Interface, interfacesOf, partOf, readSeed, type Seed } from './cloud-init.ts'
import { generateHostKey, type HostKey, publicKeyOf } from './host-key.ts'
import type { Faults, Latency } from './options.ts'
import { Processes } from './processes.ts'
import { createShell, type Shell } from './shell.ts'
import { installerSystem, refreshFiles, writeSystemFiles } from './system-files.ts'

export interface Mount {
  readonly source: string
  readonly target: string
  readonly type: string
  readonly options: string
  readonly device: BlockDevice | undefined
}

/** What the machine asks of the guest around it. */
export interface MachinePower {
  /** An orderly end, once the command that asked for it has returned. */
  request(kind: 'poweroff' | 'reboot'): void
  /** A command, and what it had to answer, is through: requests made in it are acted on. */
  commandEnded(): void
  /** The machine is dead at once. */
  die(reason: string): void
}

export interface MachineSetup {
  readonly hardware: GuestHardware
  readonly target: BootTarget
  readonly host: GuestHost
  readonly latency: () => Latency
  readonly faults: () => Faults
  readonly power: MachinePower
}

export class Machine {
  readonly hardware: GuestHardware
  readonly kind: 'installer' | 'installed'
  readonly bootId = randomUUID()
  readonly startedAt = Date.now()
  readonly processes = new Processes()
  readonly latency: () => Latency
  readonly faults: () => Faults
  readonly power: MachinePower
  readonly log: (line: string) => void
  readonly target: BootTarget
  /** What cloud-init read from the drive; an installed system has no cloud-init here. */
  readonly seed: Seed | undefined
  readonly hostname: string
  readonly hostKeys: readonly HostKey[]
  readonly interfaces: readonly Interface[]
  readonly networkConfig: string | undefined
  mounts: Mount[] = []
  /** Bytes of the store paths received, by mount point. */
  readonly used = new Map<string, number>()
  /** Mount points that a command is working in: they cannot be unmounted. */
  readonly busy = new Set<string>()
  /** File systems made or mounted in this boot, by device: unmounting and mounting again finds the files. */
  readonly fileSystems = new Map<string, IFileSystem>()
  cloudInit: 'absent' | 'running' | 'done'
  disks: Disk[] = []
  fs!: MountableFs
  shell!: Shell
  /** Makes an empty file system. */
  newFileSystem!: () => IFileSystem

  private constructor(setup: MachineSetup) {
    const { hardware, target } = setup
    this.hardware = hardware
    this.target = target
    this.kind = target.kind
    this.latency = setup.latency
    this.faults = setup.faults
    this.power = setup.power
    this.log = (line) => setup.host.log(line)
    const drive = hardware.cloudInit
    if (target.kind === 'installer') {
      this.seed = drive ? readSeed(drive) : undefined
      this.cloudInit = drive ? 'running' : 'absent'
      this.networkConfig = drive && partOf(drive, 'network')
      this.hostname = this.seed?.hostname ?? 'nixos'
      this.hostKeys = [generateHostKey(`root@${this.hostname}`)]
    } else {
      const { installed } = target
      this.seed = undefined
      this.cloudInit = 'absent'
      this.networkConfig = installed.networkConfig ?? dhcpConfig(hardware.nics)
      this.hostname = installed.hostname
      this.hostKeys = installed.hostKeys.map((privateKey) => ({
        privateKey,
        publicKey: publicKeyOf(privateKey, `root@${installed.hostname}`) ?? '',
      }))
    }
    this.interfaces = interfacesOf(this.networkConfig, hardware.nics, hardware.vmid)
  }

  static async boot(setup: MachineSetup): Promise<Machine> {
    const machine = new Machine(setup)
    const { InMemoryFs, MountableFs } = await import('just-bash')
    machine.newFileSystem = () => new InMemoryFs()
    machine.fs = new MountableFs({ base: new InMemoryFs() })
    machine.disks = await openDisks(setup.hardware)
    await writeSystemFiles(machine)
    machine.shell = await createShell(machine)
    return machine
  }

  /** The store path of the running system. */
  get system(): string {
    return this.target.kind === 'installed' ? this.target.installed.system : installerSystem
  }

  get addresses(): string[] {
    return this.interfaces.flatMap((one) => one.addresses.map(({ address }) => address))
  }

  /** cloud-init's module `ssh`. */
  async writeKeys(): Promise<void> {
    if (!this.seed || this.faults().keysNeverArrive) return
    await this.writeAuthorizedKeys(this.seed.user, this.seed.authorizedKeys)
  }

  async finishCloudInit(): Promise<void> {
    if (this.cloudInit !== 'running') return
    this.cloudInit = 'done'
    const error = this.faults().cloudInitError
    const result = { v1: { datasource: 'DataSourceNoCloud [seed=/dev/sr1]', errors: error ? [error] : [] } }
    await this.fs.writeFile('/run/cloud-init/result.json', `${JSON.stringify(result, undefined, 1)}\n`)
  }

  homeOf(user: string): string {
    return user === 'root' ? '/root' : `/home/${user}`
  }

  get users(): string[] {
    const others = this.kind === 'installer' ? ['nixos', this.seed?.user ?? 'root'] : []
    return [...new Set(['root', ...others])]
  }

  async writeAuthorizedKeys(user: string, keys: readonly string[]): Promise<void> {
    const folder = `${this.homeOf(user)}/.ssh`
    await this.fs.mkdir(folder, { recursive: true })
    await this.fs.writeFile(`${folder}/authorized_keys`, keys.map((key) => `${key}\n`).join(''))
    await this.fs.chmod(folder, 0o700)
    await this.fs.chmod(`${folder}/authorized_keys`, 0o600)
  }

  /** What sshd would look up for a user who wants to log in. */
  async authorizedKeysOf(user: string): Promise<string> {
    if (!this.users.includes(user)) return ''
    const files = [`${this.homeOf(user)}/.ssh/authorized_keys`, `/etc/ssh/authorized_keys.d/${user}`]
    return (await Promise.all(files.map((file) => this.fs.readFile(file).catch(() => '')))).join('\n')
  }

  /** Mounts a file system in the guest's tree; one below another mount is only noted, as just-bash nests none. */
  async mount(mount: Mount): Promise<void> {
    const below = this.mounts.some((one) => one.target !== '/' && mount.target.startsWith(`${one.target}/`))
    await this.fs.mkdir(mount.target, { recursive: true })
    if (!below) {
      const content = (mount.device && this.fileSystems.get(mount.device.path)) || this.newFileSystem()
      if (mount.device) this.fileSystems.set(mount.device.path, content)
      this.fs.mount(mount.target, content)
      if (mount.device) await this.#showInstalled(mount.target, mount.device)
    }
    this.mounts.push(mount)
    await refreshFiles(this)
  }

  /** Files do not outlive a boot here; that nixos-install was done on the disk is seen all the same. */
  async #showInstalled(target: string, { disk, path }: BlockDevice): Promise<void> {
    const { installed, partitionTable } = disk.content
    // The root is the last partition, or the only one.
    const root = partitionTable?.partitions.at(-1)?.number
    const profiles = `${target}/nix/var/nix/profiles`
    if (installed === undefined || (root !== undefined && !path.endsWith(String(root)))) return
    if (await this.fs.exists(`${profiles}/system`)) return
    await this.fs.mkdir(profiles, { recursive: true })
    await this.fs.symlink(installed.system, `${profiles}/system`)
  }

  /** Unmounts what is mounted at and (`recursive`) below a target. */
  async unmount(target: string): Promise<void> {
    if (this.fs.isMountPoint(target)) this.fs.unmount(target)
    this.mounts = this.mounts.filter((one) => one.target !== target)
    await refreshFiles(this)
  }

  /** The mount that a path is on. */
  mountOf(path: string): Mount | undefined {
    const holds = (target: string) => target === '/' || path === target || path.startsWith(`${target}/`)
    return this.mounts.filter((one) => holds(one.target)).sort((a, b) => b.target.length - a.target.length)[0]
  }

  stop(): void {
    this.processes.endAll()
  }
}
