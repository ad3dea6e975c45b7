/** A lab whose guests are real machines: QEMU boots the stand-in installer, and what that installs. */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import type { SandboxOptions } from '../../src/lab/sandbox.ts'
import { type Box, type End, openBox } from '../support/lab.ts'
import { qemuFolder } from '../support/qemu.ts'
import { writeHostFlake } from './host-flake/host-flake.ts'
import { type StandInImage, standInImage, whyNoImage } from './image/stand-in-image.ts'

/** Whether Nix and nixos-anywhere are the genuine ones, from PATH; otherwise the lab's stand-ins do the same work. */
export const isGenuine: boolean = ['nix', 'nixos-anywhere'].every((program) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program))),
)

/** Seconds that a boot may take; emulated, with another machine at work beside it. */
export const bootSeconds = 180

export interface MachineBox extends Box {
  readonly image: StandInImage
  /** The document of a host that the real machine can become. */
  hostNamed(name: string, more?: Readonly<Record<string, unknown>>): Record<string, unknown>
}

/** Nix builds the closures here, whoever it runs as and wherever it is, and asks nobody else. */
const nixSettings = ['sandbox = false', 'build-users-group =', 'build-hook =', 'substituters =', '']

/** Why there are no real machines here; `undefined` where there are. */
export async function whyNoMachines(): Promise<string | undefined> {
  if (qemuFolder === undefined) return 'there is no QEMU of version 10: run test/support/fetch-qemu.sh'
  return whyNoImage()
}

/** What a lab of real machines is opened with. */
export async function machineOptions(): Promise<SandboxOptions> {
  if (qemuFolder === undefined) throw new Error('there is no QEMU: run test/support/fetch-qemu.sh')
  return {
    guests: 'qemu',
    // The plainest processor is emulated the most quickly.
    qemu: { programs: qemuFolder, maxMemoryMiB: 1536, maxCpus: 2, emulatedCpu: 'qemu64' },
    standIns: !isGenuine,
  }
}

/** Puts the image, a flake with these hosts and settings for the genuine Nix beside a lab. */
export async function machineHosts(
  box: Box,
  names: readonly string[],
): Promise<Pick<MachineBox, 'hostNamed' | 'image'>> {
  const image = await standInImage()
  const key = readFileSync(`${String(box.environment.NCI_SSH_PRIVATE_KEY_FILE)}.pub`, 'utf8').trim()
  const flake = join(box.folder, 'machines')
  writeHostFlake(
    flake,
    names.map((hostName) => ({ hostName, authorizedKeys: [key] })),
    image.busybox,
  )
  const settings = join(box.folder, '.config', 'nix')
  mkdirSync(settings, { recursive: true })
  writeFileSync(join(settings, 'nix.conf'), nixSettings.join('\n'))
  const { name: _, flake: __, iso_path: ___, networks: ____, ...host } = box.host
  return {
    image,
    hostNamed: (name, more = {}) => ({
      ...host,
      name,
      vmid: 101 + names.indexOf(name),
      memory: 1536,
      disks: [{ size: '4G' }],
      networks: [{ bridge: 'vmbr0', ip: `192.0.2.${21 + names.indexOf(name)}/24`, gateway: '192.0.2.1' }],
      iso_path: image.iso,
      flake: `path:${flake}#${name}`,
      boot_timeout: bootSeconds,
      ...more,
    }),
  }
}

export async function openMachineBox(names: readonly string[]): Promise<MachineBox> {
  const box = await openBox(await machineOptions())
  const hosts = await machineHosts(box, names)
  return Object.assign(box, hosts)
}

/** The end of a guest's serial console. */
function consoleOf(box: Box, vmid: number): string {
  try {
    const log = readFileSync(join(box.folder, 'pve', 'guests', String(vmid), 'serial.log'), 'utf8')
    return log.split('\n').slice(-60).join('\n')
  } catch {
    return 'its serial console has nothing'
  }
}

/** What to show of a run that did not end as it should. */
export function story(box: Box, { stdout, stderr }: Pick<End, 'stderr' | 'stdout'>, vmid: number): string {
  return `${stdout}\n${stderr.split('\n').slice(-40).join('\n')}\n${consoleOf(box, vmid)}`
}

/** Runs a command in the guest of this address, over its real SSH server. */
export async function inGuest(
  box: Box,
  address: string,
  command: string,
  signal?: AbortSignal,
): Promise<string> {
  const map = JSON.parse(readFileSync(box.lab.addressMapFile, 'utf8')) as Record<string, string>
  const [host, port] = map[`${address}:22`]?.split(':') ?? []
  if (host === undefined || port === undefined) throw new Error(`nothing is at ${address}`)
  const options = ['BatchMode=yes', 'StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null']
  const key = String(box.environment.NCI_SSH_PRIVATE_KEY_FILE)
  const words = ['-F', 'none', '-q', '-i', key, '-p', port]
  const all = [...words, ...options.flatMap((one) => ['-o', one]), `root@${host}`, command]
  return (await promisify(execFile)('ssh', all, { timeout: 60_000, signal })).stdout.trim()
}
