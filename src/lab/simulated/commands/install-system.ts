/** `nixos-install`: makes the disk below /mnt boot the system that was copied to it. */
import type { ResolvedCommandContext } from 'just-bash'
import { changeDisk } from '../block-devices.ts'
import { generateHostKey, publicKeyOf } from '../host-key.ts'
import type { Machine, Mount } from '../machine.ts'
import { pause } from '../pause.ts'
import type { GuestCommand } from '../shell.ts'
import { machineId, refreshFiles } from '../system-files.ts'
import { failure, parseWords } from './words.ts'

/** What the stand-in for Nix puts into a system's closure for the simulation. */
export interface SystemFacts {
  readonly hostname?: string
  readonly authorizedKeys?: readonly string[]
}
export const systemFactsFile = 'lab.json'

export const installSystem: GuestCommand = async (args, context, machine) => {
  const { options } = parseWords(args, ['root', 'system', 'flake', 'option', 'max-jobs', 'cores'])
  const root = options.get('root') ?? '/mnt'
  const system = options.get('system') ?? ''
  const mount = machine.mounts.find((one) => one.target === root)
  if (!mount?.device) return failure(`${root} is not a mountpoint`)
  if (!(await context.fs.exists(root + system)) || system === '') {
    return failure(`error: path '${system}' does not exist below ${root}`)
  }
  const session = machine.processes.find(Number(context.env.get('LAB_PID')))
  const running = machine.processes.start(
    `/run/current-system/sw/bin/nixos-install ${args.join(' ')}`,
    'root',
    session?.environment ?? {},
    session?.abort,
  )
  machine.busy.add(root)
  await refreshFiles(machine)
  try {
    const { install } = machine.latency()
    await pause(install / 2, context.signal)
    if (machine.faults().diesDuring === 'install') {
      machine.power.die('install')
      return failure('killed', 137)
    }
    if (context.signal?.aborted) return { exitCode: 143 }
    const began = 'installing the boot loader...\n'
    const fails = machine.faults().installFails
    if (fails !== undefined) return { ...failure(fails), stdout: began }
    await pause(install / 2, context.signal)
    if (context.signal?.aborted) return { exitCode: 143 }
    await makeBootable(context, machine, mount, root, system)
    return `${began}updating GRUB 2 menu... (simulated)\ninstallation finished!\n`
  } finally {
    machine.busy.delete(root)
    machine.processes.end(running)
    await refreshFiles(machine)
  }
}

async function makeBootable(
  context: ResolvedCommandContext,
  machine: Machine,
  mount: Mount,
  root: string,
  system: string,
): Promise<void> {
  const { fs } = context
  const facts = JSON.parse(
    await fs.readFile(`${root}${system}/${systemFactsFile}`).catch(() => '{}'),
  ) as SystemFacts
  const hostname = facts.hostname ?? machine.hostname
  const disk = mount.device?.disk
  if (!disk) return
  const generation = await setProfile(context, root, system)
  await fs.mkdir(`${root}/etc`, { recursive: true })
  await fs.writeFile(`${root}/etc/NIXOS`, '')
  const read = (path: string) => fs.readFile(path).catch(() => '')
  const keys = [
    ...(facts.authorizedKeys ?? []),
    // A real installed system knows the keys of its configuration only. Most toy flakes have none, and a
    // machine that nobody can log in to would end the tour here: the installer's keys stay valid.
    ...(await Promise.all(machine.users.map((user) => machine.authorizedKeysOf(user))))
      .join('\n')
      .split('\n'),
    ...(await read(`${root}/root/.ssh/authorized_keys`)).split('\n'),
    ...(await read(`${root}/etc/ssh/authorized_keys.d/root`)).split('\n'),
  ]
  await changeDisk(disk, {
    ...disk.content,
    installed: {
      system,
      generation,
      hostname,
      authorizedKeys: [...new Set(keys.map((key) => key.trim()).filter((key) => key !== ''))],
      hostKeys: [await hostKey(context, machine, root, hostname)],
      machineId: machineId(machine),
      ...(machine.networkConfig ? { networkConfig: machine.networkConfig } : {}),
    },
  })
}

async function setProfile(context: ResolvedCommandContext, root: string, system: string): Promise<number> {
  const { fs } = context
  const folder = `${root}/nix/var/nix/profiles`
  await fs.mkdir(folder, { recursive: true })
  const generations = (await fs.readdir(folder)).map((name) =>
    Number(/^system-(\d+)-link$/.exec(name)?.[1] ?? 0),
  )
  const generation = Math.max(0, ...generations) + 1
  await fs.symlink(system, `${folder}/system-${generation}-link`)
  await fs.rm(`${folder}/system`, { force: true })
  await fs.symlink(`system-${generation}-link`, `${folder}/system`)
  return generation
}

/** The key that was shipped with the extra files, if sshd would take it; else a new one. */
async function hostKey(
  context: ResolvedCommandContext,
  machine: Machine,
  root: string,
  hostname: string,
): Promise<string> {
  const path = `${root}/etc/ssh/ssh_host_ed25519_key`
  const shipped = await context.fs.readFile(path).catch(() => undefined)
  if (shipped !== undefined) {
    const { mode } = await context.fs.stat(path)
    if (mode & 0o077) machine.log(`sshd ignores ${path}: its mode ${(mode & 0o777).toString(8)} is too open`)
    else if (publicKeyOf(shipped, '') === undefined) machine.log(`sshd ignores ${path}: it is no private key`)
    else return shipped
  }
  return generateHostKey(`root@${hostname}`).privateKey
}
