import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ageRecipient } from '../../../src/nix/age.ts'
import { installerVm, succeeded } from '../../errors/installer-vm.ts'
import { type Box, openBox } from '../../support/lab.ts'
import { writeProgram } from '../../support/program.ts'
import { makeKey } from '../../support/sshd.ts'

/** The stand-in, and the words that it was called with. */
function recording(box: Box): { readonly program: string; words(): string[] } {
  const words = join(box.folder, 'words')
  const program = writeProgram(
    join(box.folder, 'recording'),
    `printf '%s\\n' "$@" > '${words}'\nexec '${join(box.folder, 'bin', 'nixos-anywhere')}' "$@"`,
  )
  return { program, words: () => readFileSync(words, 'utf8').trim().split('\n') }
}

test('what is built on the machine, after its hardware was looked at, gets all options under their own names', async () => {
  await using box = await openBox()
  const { program, words } = recording(box)
  await installerVm(box, 'web1', '192.0.2.22')
  const { output: installer } = succeeded(await box.run(['ssh', 'wait'], { input: { name: 'web1' } }))
  const path = join(box.folder, 'facts', 'facter.json')
  const log_file = join(box.folder, 'logs', 'web1.log')
  const { output } = succeeded(
    await box.run(['nixos', 'install'], {
      input: {
        name: 'web1',
        flake: box.host.flake,
        nixos_anywhere: program,
        build_on: 'remote',
        no_disko_deps: true,
        substitute_on_destination: false,
        use_machine_substituters: false,
        show_trace: true,
        print_build_logs: true,
        from_store: 'daemon',
        ssh_store_settings: ['compress=false', 'remote-program=/opt/nix store'],
        generate_host_key: false,
        copy_host_keys: true,
        generate_hardware_config: { backend: 'nixos-facter', path },
        ssh_options: ['Compression=yes'],
        log_file,
        reboot: false,
      },
    }),
  )
  const given = words().join(' ')
  expect(given).toMatch(
    /^--flake \S+#web1 --disko-mode disko --phases disko,install --build-on remote -i \S+ -p \d+ /,
  )
  expect(given).toContain(
    ` --no-disko-deps --no-substitute-on-destination --no-use-machine-substituters --show-trace --print-build-logs --from daemon --ssh-store-setting compress false --ssh-store-setting remote-program %2Fopt%2Fnix%20store --copy-host-keys --generate-hardware-config nixos-facter ${path} `,
  )
  expect(given).not.toContain('--debug')
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ virtualisation: 'kvm' })
  expect(output.host_key).toBe(installer.host_key)
  expect(output.nixos_anywhere).toEqual({ program })
  expect(output).not.toHaveProperty('age_recipient')
  expect(output).not.toHaveProperty('ssh_config')

  expect(statSync(log_file).mode & 0o777).toBe(0o600)
  const log = readFileSync(log_file, 'utf8')
  const secret = String(box.environment.PROXMOX_TOKEN_SECRET ?? box.lab.tokenSecret)
  expect(log).not.toContain(secret)
  const lines = log.trim().split('\n')
  expect(lines[1]).toMatch(/#\| nixos-anywhere of an unknown version: \S+recording$/)
  expect(lines[2]).toMatch(/#\| \{.*"build_on":"remote"/)
  expect(log).toContain('O| ### Installing NixOS ###')
  expect(lines.at(-1)).toMatch(/#\| \S+Z installed: \{.*"system":/)
})

test('a host key from a vault, owners of files, an age recipient and an entry for ssh_config', async () => {
  await using box = await openBox()
  await installerVm(box, 'web1', '192.0.2.22')
  const extra_files = join(box.folder, 'extra')
  mkdirSync(join(extra_files, 'var', 'lib', 'alice'), { recursive: true })
  writeFileSync(join(extra_files, 'var', 'lib', 'alice', "it's"), '')
  const host_key_file = makeKey(box.folder, 'vaulted')
  const key = readFileSync(`${host_key_file}.pub`, 'utf8').split(' ').slice(0, 2).join(' ')
  const { output } = succeeded(
    await box.run(['nixos', 'install'], {
      input: {
        name: 'web1',
        flake: box.host.flake,
        host_key_file,
        extra_files,
        chown: [{ path: "/var/lib/alice/it's", owner: '1000:100' }],
        age_recipient: true,
        ssh_config: true,
        system_ssh_user: 'root',
      },
    }),
  )
  expect(output).toMatchObject({ rebooted: true, host_key: key, system_state: 'running' })
  expect(output.age_recipient).toBe(ageRecipient(key))
  expect(output.ssh_config).toMatch(
    /^# known_hosts: 192\.0\.2\.22 ssh-ed25519 \S+\nHost web1\n {2}HostName 192\.0\.2\.22\n {2}Port 22\n {2}User root\n/,
  )
  expect(output.phases.map(({ phase }: { phase: string }) => phase)).toEqual([
    'prepare',
    'disko',
    'copy',
    'install',
    'reboot',
  ])
})

test('an owner of what is not there is an error, and the next run goes on from there', async () => {
  await using box = await openBox()
  await installerVm(box, 'web1', '192.0.2.22')
  const input = { name: 'web1', flake: box.host.flake, reboot: false }
  const chown = [{ path: '/srv/nobody', owner: '1000:100' }]
  const end = await box.run(['nixos', 'install'], { input: { ...input, chown } })
  expect(end.document.error).toMatchObject({ code: 'INSTALL_UNPROVEN' })
  expect(end.document.error.message).toContain('/mnt/srv/nobody')
  const next = box.start(['nixos', 'install'], { input })
  succeeded(await next.ended)
  expect(next.progress.map(({ phase }) => phase)).not.toContain('partitioning and formatting')
})
