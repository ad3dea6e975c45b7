/** A VM for the tests: temporary folder, key, disk and ISO, a simulated guest, and the real ssh client. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Guest, GuestHardware } from '../../../src/lab/guest.ts'
import type { SimulatedGuestsOptions } from '../../../src/lab/simulated/options.ts'
import { type SimulatedGuests, simulatedGuests } from '../../../src/lab/simulated/simulated-guests.ts'
import { installable } from '../../support/hardware.ts'

export interface Answer {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

export interface Vm extends AsyncDisposable {
  readonly folder: string
  readonly key: string
  readonly disk: string
  readonly guests: SimulatedGuests
  readonly guest: Guest
  readonly hardware: GuestHardware
  readonly log: string[]
  /** Resolves when the guest switched itself off. */
  readonly poweredOff: Promise<void>
  ssh(command: string, options?: SshOptions): Promise<Answer>
  /** Tries to log in until it works. */
  ready(): Promise<void>
}

export interface SshOptions {
  readonly input?: string | Buffer
  /** Leaves standard input open. */
  readonly openInput?: boolean
  readonly key?: string
  readonly user?: string
  readonly options?: readonly string[]
}

export async function createVm(
  changes: Partial<GuestHardware> = {},
  options: SimulatedGuestsOptions = {},
): Promise<Vm> {
  const folder = await mkdtemp(join(tmpdir(), 'lab-guest-'))
  const key = newKey(join(folder, 'key'))
  const disk = join(folder, 'disk.raw')
  const iso = join(folder, 'nixos.iso')
  const file = await open(disk, 'w')
  await file.truncate(4 * 1024 ** 3)
  await file.close()
  await writeFile(iso, 'an ISO image')
  const hardware = installable(
    { disk, iso, cloudInit: join(folder, 'cloud-init.raw') },
    { name: 'nixos1', key: await readFile(`${key}.pub`, 'utf8'), address: '192.0.2.10' },
    changes,
  )
  const guests = simulatedGuests(options)
  const log: string[] = []
  const poweredOff = Promise.withResolvers<void>()
  const guest = guests(hardware.vmid, {
    poweredOff: () => poweredOff.resolve(),
    log: (line) => log.push(line),
  })
  const ssh: Vm['ssh'] = (command, given = {}) => sshTo(guest, given.key ?? key, command, given)
  return {
    folder,
    key,
    disk,
    guests,
    guest,
    hardware,
    log,
    poweredOff: poweredOff.promise,
    ssh,
    ready: () => until(async () => (await ssh('true')).exitCode === 0),
    async [Symbol.asyncDispose]() {
      await guest.powerOff()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export function newKey(path: string): string {
  spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path])
  return path
}

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10))
}

function sshTo(guest: Guest, key: string, command: string, given: SshOptions): Promise<Answer> {
  const address = guest.ssh
  if (!address) throw new Error('the guest is off')
  const child = spawn(
    'ssh',
    [
      ...['-F', 'none', '-T', '-i', key, '-p', String(address.port)],
      ...['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR'].flatMap((o) => [
        '-o',
        o,
      ]),
      ...['IdentitiesOnly=yes', 'BatchMode=yes', 'ConnectTimeout=10'].flatMap((o) => ['-o', o]),
      ...(given.options ?? []),
      `${given.user ?? 'root'}@${address.host}`,
      command,
    ],
    { env: { PATH: process.env.PATH } },
  )
  child.stdin.on('error', () => undefined)
  if (given.input !== undefined) child.stdin.end(given.input)
  else if (!given.openInput) child.stdin.end()
  return outcomeOf(child)
}

export function outcomeOf(child: ChildProcess): Promise<Answer> {
  let stdout = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ exitCode: code ?? 128, stdout, stderr }))
  })
}
