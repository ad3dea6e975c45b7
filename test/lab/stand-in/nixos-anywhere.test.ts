import { spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openFlake } from '../../../src/lab/stand-in/local-flake.ts'
import { toyPaths } from '../../../src/lab/stand-in/toy-closure.ts'
import { createVm, newKey, outcomeOf, until, type Vm } from '../simulated/vm.ts'
import { markers, type StandIns, standIns, target } from './stand-ins.ts'

interface Setup extends AsyncDisposable {
  readonly vm: Vm
  readonly tools: StandIns
}

async function bootedInstaller(): Promise<Setup> {
  const vm = await createVm()
  const tools = await standIns(vm.folder)
  await vm.guest.powerOn(vm.hardware)
  await vm.ready()
  return { vm, tools, [Symbol.asyncDispose]: () => vm[Symbol.asyncDispose]() }
}

const attribute = 'nixosConfigurations."vm1".config'

describe('an installation with the stand-in', () => {
  it('goes through all phases and leaves a system with the shipped host key', async () => {
    await using setup = await bootedInstaller()
    const { vm, tools } = setup
    const key = join(vm.folder, 'extra/etc/ssh/ssh_host_ed25519_key')
    await mkdir(dirname(key), { recursive: true })
    newKey(key)
    const { exitCode, stdout, stderr } = await tools.run('nixos-anywhere', [
      ...['--flake', `${tools.flake}#vm1`, '--extra-files', join(vm.folder, 'extra'), ...target(vm)],
      ...['--chown', 'etc/ssh', '0:0', '--disk-encryption-keys', '/tmp/disk.key', vm.key],
    ])
    expect(exitCode, stderr).toBe(0)
    expect(markers(stdout)).toEqual([
      'Uploading install SSH keys',
      'Gathering machine facts',
      `Uploading ${vm.key} to /tmp/disk.key`,
      'Formatting hard drive with disko',
      'Uploading the system closure',
      'Copying extra files',
      'Installing NixOS',
      'Rebooting',
      'Waiting for the machine to become unreachable due to reboot',
      'Done!',
    ])
    expect(stdout).toMatch(/installing the boot loader\.\.\.\n(.*\n)*installation finished!/)
    expect(stderr).toMatch(/^nixos-anywhere: this is the lab's stand-in/)
    expect(stderr).toMatch(
      /copying 4 paths\.\.\.\ncopying path '\/nix\/store\/\w{32}-linux-\S+' to 'ssh:\/\/root@127\.0\.0\.1'\.\.\./,
    )

    // The installed system, with the key that was shipped and no other.
    const [type = '', base64 = ''] = (await readFile(`${key}.pub`, 'utf8')).split(' ')
    const known = join(vm.folder, 'known_hosts')
    await writeFile(known, `installed ${type} ${base64}\n`)
    const pinned = ['HostKeyAlias=installed', `UserKnownHostsFile=${known}`, 'StrictHostKeyChecking=yes']
    const options = pinned.flatMap((option) => ['-o', option])
    const look = () =>
      strictly(
        vm,
        options,
        '. /etc/os-release; echo "$ID-$VARIANT_ID"; readlink /run/current-system; hostname; findmnt -no SOURCE,FSTYPE /; systemctl is-system-running; cat /sys/class/dmi/id/product_uuid',
      )
    await until(async () => (await look()).exitCode === 0)
    expect((await look()).stdout.split('\n').slice(0, 6)).toEqual([
      'nixos-',
      toyPaths(openFlake(tools.flake), attribute).system,
      'vm-one',
      '/dev/sda2 ext4',
      'running',
      '1f16fde4-c6a1-4ea0-a220-72169419128b',
    ])
    expect(vm.guest.addresses).toEqual(['192.0.2.10'])
    expect((await readdir(vm.folder)).filter((name) => name.startsWith('tmp.'))).toEqual([])
  })

  it('takes store paths that were built before, and can leave the reboot to the caller', async () => {
    await using setup = await bootedInstaller()
    const { vm, tools } = setup
    const attributes = ['diskoScript', 'toplevel'].map(
      (one) => `${tools.flake}#${attribute}.system.build.${one}`,
    )
    const built = await tools.run('nix', ['build', '--no-link', '--print-out-paths', ...attributes])
    const paths = built.stdout.trim().split('\n')
    const installed = await tools.run('nixos-anywhere', [
      '--phases',
      'disko,install',
      '-s',
      ...paths,
      ...target(vm),
    ])
    expect(installed.exitCode, installed.stderr).toBe(0)
    expect(markers(installed.stdout)).not.toContain('Rebooting')
    const mounted =
      'findmnt -n /mnt >/dev/null && readlink -f /mnt/nix/var/nix/profiles/system; umount -R /mnt; systemctl poweroff'
    await vm.ssh(mounted)
    await vm.poweredOff

    // Detached: neither ISO nor cloud-init drive. The static address stays.
    await vm.guest.powerOn({ ...vm.hardware, isos: [], cloudInit: undefined })
    await vm.ready()
    expect((await vm.ssh('readlink /run/current-system')).stdout.trim()).toBe(paths[1])
    expect(vm.guest.addresses).toEqual(['192.0.2.10'])
  })

  it('does not take a shipped host key that others could read', async () => {
    await using setup = await bootedInstaller()
    const { vm, tools } = setup
    const key = join(vm.folder, 'extra/etc/ssh/ssh_host_ed25519_key')
    await mkdir(dirname(key), { recursive: true })
    newKey(key)
    await chmod(key, 0o644)
    await tools.run('nixos-anywhere', [
      '-f',
      `${tools.flake}#vm1`,
      '--extra-files',
      join(vm.folder, 'extra'),
      ...target(vm),
    ])
    expect(vm.log.join('\n')).toContain('its mode 644 is too open')
  })

  it('fails in the install phase when nothing is mounted', async () => {
    await using setup = await bootedInstaller()
    const { vm, tools } = setup
    const { exitCode, stderr } = await tools.run('nixos-anywhere', [
      '--phases',
      'install',
      '-f',
      `${tools.flake}#vm1`,
      ...target(vm),
    ])
    expect(exitCode).toBe(1)
    expect(stderr).toContain('/mnt is not a mountpoint')
  })

  it('cannot kexec from a system that is no installer', async () => {
    await using setup = await bootedInstaller()
    const { vm, tools } = setup
    await tools.run('nixos-anywhere', ['-f', `${tools.flake}#vm1`, ...target(vm)])
    await until(async () => (await vm.ssh('grep VARIANT_ID /etc/os-release')).exitCode === 1)
    const { exitCode, stdout, stderr } = await tools.run('nixos-anywhere', [
      '-f',
      `${tools.flake}#vm1`,
      ...target(vm),
    ])
    expect(exitCode).toBe(1)
    expect(markers(stdout).at(-1)).toBe('Switching system into kexec')
    expect(stderr).toContain('Kexec failed')
  })

  it('tries a wrong key for ever, and leaves no key behind when it is ended', async () => {
    await using setup = await bootedInstaller()
    const { vm, tools } = setup
    const wrong = newKey(join(vm.folder, 'wrong'))
    const { port } = address(vm)
    const child = spawn(
      join(tools.bin, 'nixos-anywhere'),
      ['-f', `${tools.flake}#vm1`, '--build-on', 'local', '-i', wrong, '-p', String(port), 'root@127.0.0.1'],
      {
        env: { PATH: process.env.PATH, HOME: vm.folder, TMPDIR: vm.folder },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    let attempts = 0
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      attempts += text.split('attempting to log in').length - 1
      if (attempts >= 3) child.kill('SIGTERM')
    })
    expect((await outcomeOf(child)).exitCode).toBe(143)
    expect((await readdir(vm.folder)).filter((name) => name.startsWith('tmp.'))).toEqual([])
  })
})

describe('faults', () => {
  it.each([
    [
      'the disk goes away',
      { diskVanishes: true },
      'Device /dev/sda does not exist',
      'Formatting hard drive with disko',
    ],
    ['the disk is full', { noSpace: true }, 'No space left on device', 'Uploading the system closure'],
    [
      'nixos-install fails',
      { installFails: 'grub-install: error: no' },
      'grub-install: error: no',
      'Installing NixOS',
    ],
  ])('%s: exit 1 at the right marker', async (_what, faults, message, marker) => {
    await using setup = await bootedInstaller()
    const { vm, tools } = setup
    Object.assign(vm.guests.faultsOf(100), faults)
    const { exitCode, stdout, stderr } = await tools.run('nixos-anywhere', [
      '-f',
      `${tools.flake}#vm1`,
      ...target(vm),
    ])
    expect(exitCode).toBe(1)
    expect(stderr).toContain(message)
    expect(markers(stdout).at(-1)).toBe(marker)
    // Without the fault a second run goes through.
    for (const name of Object.keys(faults)) Reflect.deleteProperty(vm.guests.faultsOf(100), name)
    const again = await tools.run('nixos-anywhere', ['-f', `${tools.flake}#vm1`, ...target(vm)])
    expect(again.exitCode, again.stderr).toBe(0)
  })

  it.each(['disko', 'copy', 'install'] as const)('the machine dies during %s', async (diesDuring) => {
    await using setup = await bootedInstaller()
    const { vm, tools } = setup
    vm.guests.faults.diesDuring = diesDuring
    const { exitCode } = await tools.run('nixos-anywhere', ['-f', `${tools.flake}#vm1`, ...target(vm)])
    await vm.poweredOff
    expect([1, 255]).toContain(exitCode)
    expect(vm.guest.running).toBe(false)
  })

  it('connections drop after some commands', async () => {
    await using setup = await bootedInstaller()
    const { vm } = setup
    vm.guests.faults.dropAfterCommands = 0
    expect((await vm.ssh('true')).exitCode).toBe(255)
    delete vm.guests.faults.dropAfterCommands
    expect((await vm.ssh('true')).exitCode).toBe(0)
  })

  it('a man in the middle shows another host key', async () => {
    await using setup = await bootedInstaller()
    const { vm } = setup
    const known = join(vm.folder, 'known')
    const key = (await vm.ssh('cut -d" " -f1,2 /etc/ssh/ssh_host_ed25519_key.pub')).stdout
    await writeFile(known, `guest ${key}`)
    const options = [
      'HostKeyAlias=guest',
      `UserKnownHostsFile=${known}`,
      'StrictHostKeyChecking=yes',
    ].flatMap((o) => ['-o', o])
    expect((await strictly(vm, options, 'true')).exitCode).toBe(0)
    vm.guests.faults.foreignHostKey = true
    expect(await strictly(vm, options, 'true')).toMatchObject({
      exitCode: 255,
      stderr: expect.stringContaining('Host key verification failed'),
    })
  })

  it('the installed system never comes up', async () => {
    await using setup = await bootedInstaller()
    const { vm, tools } = setup
    vm.guests.faults.installedSystemHangs = true
    const { exitCode } = await tools.run('nixos-anywhere', ['-f', `${tools.flake}#vm1`, ...target(vm)])
    expect(exitCode).toBe(0)
    await until(() => vm.log.some((line) => line.includes('hangs in the boot')))
    expect(vm.guest.addresses).toEqual([])
  })

  it('a running nixos-install can be ended from another session', async () => {
    await using setup = await bootedInstaller()
    const { vm, tools } = setup
    await tools.run('nixos-anywhere', ['--phases', 'disko', '-f', `${tools.flake}#vm1`, ...target(vm)])
    await vm.ssh('mkdir -p /mnt/nix/store/x')
    Object.assign(vm.guests.latency, { install: 3_600_000 })
    const running = vm.ssh('nixos-install --system /nix/store/x')
    await until(async () => (await vm.ssh('ps -eo args | grep -c "[n]ixos-install"')).stdout.trim() !== '0')
    expect((await vm.ssh('umount -R /mnt')).stderr).toContain('target is busy')
    // What earlier sessions from this client left, but not this session.
    const { stdout } = await vm.ssh('sh -s', {
      input: `left() { grep -lzs '^SSH_CONNECTION=127.0.0.1 ' /proc/[0-9]*/environ | xargs -r grep -Lzsx "SSH_CONNECTION=$SSH_CONNECTION" | tr -dc '0-9\\n'; }
kill $(left)
while [ -n "$(left)" ]; do sleep 0.01; done
umount -R /mnt && echo free`,
    })
    expect(stdout).toBe('free\n')
    expect((await running).exitCode).toBe(143)
  })
})

describe('mistakes', () => {
  it.each([
    [[], 'aborted: ssh-host must be set'],
    [['root@host', '--build-on', 'local'], 'aborted: --flake or --store-paths must be set'],
    [['root@host', '--flake', '/x'], 'append "#foo" to the flake-uri.'],
    [
      ['root@host', '--store-paths', '/a', '/b', '--disko-mode', 'mount'],
      'aborted: --disko-mode cannot be used if --store-paths is used',
    ],
    [['root@host', '--store-paths', '/a', '/b'], 'aborted: /a and /b must be existing store-paths'],
    [['root@host', '--phases', 'disko,dance'], 'aborted: Unknown phase: dance'],
    [
      ['root@host', '--build-on', 'moon'],
      'aborted: Supported values for --build-on are auto, local and remote. Unknown mode : moon',
    ],
    [['root@host', '--flake'], 'unbound variable'],
    [['root@host', '-f', '/nowhere#x', '--build-on', 'local'], "error: path '/nowhere' does not exist"],
  ])('%j: exit 1', async (args, message) => {
    const folder = await mkdtemp(join(tmpdir(), 'lab-mistake-'))
    try {
      const tools = await standIns(folder)
      const { exitCode, stderr } = await tools.run('nixos-anywhere', args)
      expect(stderr).toContain(message)
      expect(exitCode).toBe(1)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('prints the usage on a second word that it does not know', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lab-mistake-'))
    const tools = await standIns(folder)
    const { exitCode, stdout } = await tools.run('nixos-anywhere', ['root@host', '--no-such-flag'])
    await rm(folder, { recursive: true })
    expect(exitCode).toBe(1)
    expect(stdout).toContain('Usage: nixos-anywhere')
  })
})

function address(vm: Vm): { host: string; port: number } {
  return vm.guest.ssh ?? { host: '', port: 0 }
}

/** With given options first, which is what counts for ssh. */
function strictly(vm: Vm, options: readonly string[], command: string) {
  const { host, port } = address(vm)
  const child = spawn(
    'ssh',
    [
      '-F',
      'none',
      '-i',
      vm.key,
      '-p',
      String(port),
      ...options,
      '-o',
      'BatchMode=yes',
      `root@${host}`,
      command,
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  return outcomeOf(child)
}
