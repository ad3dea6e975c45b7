/** The files that a system has from its boot on, and those of /proc that change while it runs. */
import { createHash } from 'node:crypto'
import { fileSystemOn, partitionsOf } from './block-devices.ts'
import type { Machine, Mount } from './machine.ts'

export const nixosVersion = '26.05.lab'
export const kernelRelease = '6.12.30'
export const installerSystem = '/nix/store/00000000000000000000000000000000-nixos-system-installer-26.05.lab'

export async function writeSystemFiles(machine: Machine): Promise<void> {
  const { fs, hardware, kind } = machine
  const write = async (path: string, content: string, mode = 0o644) => {
    await fs.mkdir(path.slice(0, path.lastIndexOf('/')) || '/', { recursive: true })
    await fs.writeFile(path, content)
    await fs.chmod(path, mode)
  }
  for (const folder of [
    '/root',
    '/tmp',
    '/mnt',
    '/dev',
    '/proc/self',
    '/run/wrappers/bin',
    '/run/current-system/..',
    '/nix/store',
    '/nix/var/nix/profiles',
    '/usr/bin',
    '/bin',
    '/sys/block',
    '/var/log',
    '/var/lib',
    ...machine.users.map((user) => machine.homeOf(user)),
  ])
    await fs.mkdir(folder, { recursive: true })
  for (const device of ['null', 'zero', 'stdin', 'stdout', 'stderr']) await write(`/dev/${device}`, '')

  await write('/etc/os-release', osRelease(machine))
  await write('/etc/hostname', `${machine.hostname}\n`)
  await write('/etc/machine-id', `${machineId(machine)}\n`)
  await write('/etc/passwd', machine.users.map((user) => passwdLine(machine, user)).join(''))
  await write('/etc/motd', motd(machine))
  for (const [index, key] of machine.hostKeys.entries()) {
    const name = /^ssh-(\w+)/.exec(key.publicKey)?.[1] ?? `key${index}`
    await write(`/etc/ssh/ssh_host_${name}_key`, key.privateKey, 0o600)
    await write(`/etc/ssh/ssh_host_${name}_key.pub`, `${key.publicKey.trim()}\n`)
  }

  const dmi: Record<string, string> = {
    sys_vendor: 'QEMU',
    product_name: 'Standard PC (Q35 + ICH9, 2009)',
    product_serial: '',
    product_uuid: hardware.uuid.toLowerCase(),
    product_version: 'pc-q35-10.0',
    bios_vendor: hardware.firmware === 'uefi' ? 'Proxmox distribution of EDK II' : 'SeaBIOS',
    chassis_vendor: 'QEMU',
  }
  for (const [name, value] of Object.entries(dmi)) {
    await write(`/sys/class/dmi/id/${name}`, `${value}\n`, name.endsWith('uuid') ? 0o400 : 0o444)
  }
  if (hardware.firmware === 'uefi') await write('/sys/firmware/efi/fw_platform_size', '64\n')
  for (const one of machine.interfaces) {
    await write(`/sys/class/net/${one.name}/address`, `${one.mac}\n`)
    await write(`/sys/class/net/${one.name}/operstate`, 'up\n')
  }

  await write('/proc/cmdline', `${commandLine(machine)}\n`)
  await write('/proc/version', `Linux version ${kernelRelease} (simulated)\n`)
  await write('/proc/sys/kernel/random/boot_id', `${machine.bootId}\n`)
  await write('/proc/sys/kernel/hostname', `${machine.hostname}\n`)
  await write('/proc/swaps', 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n')
  await write('/proc/mdstat', 'Personalities : \nunused devices: <none>\n')
  await write(
    '/proc/cpuinfo',
    Array.from({ length: hardware.cores }, (_, n) => `processor\t: ${n}\n`).join('\n'),
  )

  if (kind === 'installer' && machine.seed) {
    await write('/run/cloud-init/.instance-id', `${machine.seed.instanceId}\n`)
    await write('/run/cloud-init/status.json', '{}\n')
  }
  await linkSystem(machine)
  if (machine.target.kind === 'installed') {
    await machine.writeAuthorizedKeys('root', machine.target.installed.authorizedKeys)
  }
  machine.mounts = initialMounts(machine)
  await writeDevices(machine)
  await refreshFiles(machine)
}

/** Rewrites what changes: uptime, memory, mounts, devices and processes. */
export async function refreshFiles(machine: Machine): Promise<void> {
  const { fs } = machine
  const uptime = (Date.now() - machine.startedAt) / 1000
  await fs.writeFile('/proc/uptime', `${uptime.toFixed(2)} ${uptime.toFixed(2)}\n`)
  const total = machine.hardware.memoryMiB * 1024
  const lines = {
    MemTotal: total,
    MemFree: total * 0.6,
    MemAvailable: total * 0.75,
    SwapTotal: 0,
    SwapFree: 0,
  }
  await fs.writeFile(
    '/proc/meminfo',
    Object.entries(lines)
      .map(([name, value]) => `${`${name}:`.padEnd(15)}${String(Math.floor(value)).padStart(9)} kB\n`)
      .join(''),
  )
  const mounts = machine.mounts
    .map((one) => `${one.source} ${one.target} ${one.type} ${one.options} 0 0\n`)
    .join('')
  await fs.writeFile('/proc/mounts', mounts)
  await fs.writeFile('/proc/self/mounts', mounts)
  for (const name of await fs.readdir('/proc')) {
    if (/^\d+$/.test(name) && !machine.processes.find(Number(name))) {
      await fs.rm(`/proc/${name}`, { recursive: true, force: true })
    }
  }
  for (const one of machine.processes.list) {
    await fs.mkdir(`/proc/${one.pid}`, { recursive: true })
    const environment = Object.entries(one.environment).map(([name, value]) => `${name}=${value}\0`)
    await fs.writeFile(`/proc/${one.pid}/environ`, environment.join(''))
    await fs.writeFile(`/proc/${one.pid}/cmdline`, `${one.args.replaceAll(' ', '\0')}\0`)
  }
}

/** The nodes and links below /dev, and the disks below /sys/block. */
export async function writeDevices(machine: Machine): Promise<void> {
  const { fs } = machine
  await fs.rm('/dev/disk', { recursive: true, force: true })
  const link = async (path: string, device: string) => {
    await fs.mkdir(path.slice(0, path.lastIndexOf('/')), { recursive: true })
    await fs.rm(path, { force: true })
    await fs.symlink(device, path)
  }
  for (const disk of machine.disks) {
    await fs.writeFile(disk.path, '')
    await fs.mkdir(`/sys/block/${disk.path.slice(5)}/holders`, { recursive: true })
    if (disk.byId) await link(disk.byId, disk.path)
    for (const partition of partitionsOf(disk)) {
      await fs.writeFile(partition.path, '')
      if (disk.byId) await link(`${disk.byId}-part${partition.partition}`, partition.path)
      const made = disk.content.partitionTable?.partitions.find((one) => one.number === partition.partition)
      if (made?.label) await link(`/dev/disk/by-partlabel/${made.label}`, partition.path)
      const fileSystem = fileSystemOn(partition)
      if (fileSystem) await link(`/dev/disk/by-uuid/${fileSystem.uuid}`, partition.path)
      if (fileSystem?.label) await link(`/dev/disk/by-label/${fileSystem.label}`, partition.path)
    }
  }
}

export function osReleaseFields(machine: Machine): Record<string, string> {
  const installer = machine.kind === 'installer'
  return {
    ANSI_COLOR: '0;38;2;126;186;228',
    BUILD_ID: nixosVersion,
    ID: 'nixos',
    ID_LIKE: '',
    NAME: 'NixOS',
    PRETTY_NAME: `NixOS 26.05 (simulated by the lab)`,
    ...(installer ? { VARIANT: 'Installer', VARIANT_ID: 'installer' } : {}),
    VERSION: '26.05 (simulated)',
    VERSION_CODENAME: 'simulated',
    VERSION_ID: '26.05',
  }
}

export function machineId(machine: Machine): string {
  if (machine.target.kind === 'installed') return machine.target.installed.machineId
  return createHash('sha256').update(machine.bootId).digest('hex').slice(0, 32)
}

function osRelease(machine: Machine): string {
  return Object.entries(osReleaseFields(machine))
    .map(([name, value]) => `${name}=${/^[\w.]+$/.test(value) ? value : `"${value}"`}\n`)
    .join('')
}

function motd(machine: Machine): string {
  const what = machine.kind === 'installer' ? 'installer' : 'installed system'
  return `This is a simulated guest of the lab (VM ${machine.hardware.vmid}, ${what}): no real machine is running.\n`
}

function passwdLine(machine: Machine, user: string): string {
  const id = user === 'root' ? 0 : 1000
  return `${user}:x:${id}:${id === 0 ? 0 : 100}::${machine.homeOf(user)}:/run/current-system/sw/bin/bash\n`
}

function commandLine(machine: Machine): string {
  const console = 'loglevel=4 console=tty0 console=ttyS0,115200n8 lsm=landlock,yama,bpf'
  const { target } = machine
  if (target.kind === 'installed') return `initrd=initrd init=${target.installed.system}/init ${console}`
  return `BOOT_IMAGE=/boot/bzImage init=${installerSystem}/init root=LABEL=nixos-minimal-lab boot.shell_on_fail ${console}`
}

async function linkSystem(machine: Machine): Promise<void> {
  const { fs, system, target } = machine
  await fs.mkdir(`${system}/sw/bin`, { recursive: true })
  await fs.writeFile(`${system}/nixos-version`, nixosVersion)
  await fs.writeFile(`${system}/system`, `${machine.hardware.architecture}-linux`)
  await fs.rm('/run/current-system', { recursive: true, force: true })
  await fs.symlink(system, '/run/current-system')
  await fs.symlink(system, '/run/booted-system')
  if (target.kind === 'installed') {
    const generation = `system-${target.installed.generation}-link`
    await fs.symlink(system, `/nix/var/nix/profiles/${generation}`)
    await fs.symlink(generation, '/nix/var/nix/profiles/system')
  }
}

function initialMounts(machine: Machine): Mount[] {
  const mount = (source: string, target: string, type: string, options = 'rw,relatime'): Mount => ({
    source,
    target,
    type,
    options,
    device: undefined,
  })
  const kernel = [
    mount('devtmpfs', '/dev', 'devtmpfs', 'rw,nosuid'),
    mount('proc', '/proc', 'proc', 'rw,nosuid,nodev,noexec,relatime'),
    mount('sysfs', '/sys', 'sysfs', 'rw,nosuid,nodev,noexec,relatime'),
    mount('tmpfs', '/run', 'tmpfs', 'rw,nosuid,nodev,mode=755'),
  ]
  const { target } = machine
  if (target.kind === 'installer') {
    return [
      mount('tmpfs', '/', 'tmpfs', 'rw,relatime,mode=755'),
      ...kernel,
      mount('/dev/sr0', '/iso', 'iso9660', 'ro,relatime'),
      mount('/dev/loop0', '/nix/.ro-store', 'squashfs', 'ro,relatime'),
      mount('overlay', '/nix/store', 'overlay', 'rw,relatime,lowerdir=/nix/.ro-store'),
    ]
  }
  const disk = machine.disks.find((one) => one.source.key === target.key)
  const root = disk && partitionsOf(disk).findLast((one) => fileSystemOn(one)?.type !== 'vfat')
  const type = (root && fileSystemOn(root)?.type) ?? 'ext4'
  return [
    { ...mount(root?.path ?? '/dev/sda2', '/', type), device: root },
    ...kernel,
    mount(root?.path ?? '/dev/sda2', '/nix/store', type, 'ro,nosuid,nodev,relatime'),
  ]
}
