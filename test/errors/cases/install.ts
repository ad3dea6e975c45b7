import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { runTask, send } from '../../lab/api-client.ts'
import type { Box } from '../../support/lab.ts'
import { writeProgram } from '../../support/program.ts'
import type { ErrorCase } from '../error-cases.ts'
import { installerVm, succeeded } from '../installer-vm.ts'

const install = (box: Box, input: Readonly<Record<string, unknown>>, environment = {}) =>
  box.run(['nixos', 'install'], { input: { flake: box.host.flake, ...input }, environment })

/** As a run leaves it that was killed while it formatted. */
async function noteBegun(box: Box, vmid: number): Promise<void> {
  const path = `/nodes/pve/qemu/${vmid}/config`
  const { body } = await send(box.lab, 'GET', path)
  const description = String(body.data.description).replace('"uuid"', '"disks":["sda"],"uuid"')
  await send(box.lab, 'PUT', path, { form: { description } })
}

/** PATH with these programs before those of the sandbox. */
function withPrograms(box: Box, programs: Readonly<Record<string, string>>): { PATH: string } {
  const folder = join(
    box.folder,
    `programs-${Object.keys(programs).join('-')}-${readdirSync(box.folder).length}`,
  )
  mkdirSync(folder)
  for (const [name, script] of Object.entries(programs)) writeProgram(join(folder, name), script)
  return { PATH: `${folder}:${box.environment.PATH}` }
}

/** A PATH in which there is nothing of the sandbox. */
function withoutNix(box: Box): { PATH: string } {
  const standIns = join(box.folder, 'bin')
  const kept = String(box.environment.PATH)
    .split(':')
    .filter((folder) => folder !== standIns && !folder.includes('/nix'))
  return { PATH: kept.join(':') }
}

/** A nixos-anywhere before whose work something is done on the machine, over the same ssh. */
function meddling(box: Box, command: string): string {
  const script = `for word; do
  case $before in -i) key=$word ;; -p) port=$word ;; esac
  before=$word
done
unsafe='-o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no'
ssh -T $unsafe -i "$key" -p "$port" "$word" '${command}' </dev/null
exec '${join(box.folder, 'bin', 'nixos-anywhere')}' "$@"`
  return writeProgram(join(box.folder, `meddling-${readdirSync(box.folder).length}`), script)
}

export const installCases: ErrorCase[] = [
  {
    code: 'INSTALL_NOT_THE_INSTALLER',
    when: 'an installed system answers, also with `reinstall`',
    async before(box) {
      const host = { ...box.host, name: 'done', networks: [{ ip: '192.0.2.41/24' }] }
      succeeded(await box.run(['provision'], { input: host }))
    },
    run: (box) => install(box, { name: 'done', reinstall: true, ssh_host: '192.0.2.41' }),
    says: ['nothing was changed', 'Boot the VM from the installer ISO'],
  },
  {
    code: 'INSTALL_WRONG_MACHINE',
    when: 'the machine has another UUID than the VM',
    before: (box) => installerVm(box, 'other', '192.0.2.42'),
    run: (box) =>
      install(box, { name: 'other', expected_uuid: '00000000-0000-4000-8000-000000000000', reinstall: true }),
    says: ['00000000-0000-4000-8000-000000000000', '(`other`, NixOS', 'nothing was changed'],
  },
  {
    code: 'INSTALL_DISK_NOT_BLANK',
    when: 'the disk holds data of somebody else',
    before: (box) =>
      installerVm(box, 'used', '192.0.2.43', {
        async beforeStart(vmid) {
          const images = join(box.folder, 'pve', 'storage', 'local-lvm', 'images', String(vmid))
          await using disk = await open(join(images, `vm-${vmid}-disk-0`), 'r+')
          await disk.write('LABELONE', 512)
        },
      }),
    run: (box) => install(box, { name: 'used' }),
    says: ['/dev/sda (4.0 GiB) has LVM2_member', '`reinstall: true` for used alone', /Nothing was changed/],
  },
  {
    code: 'INSTALL_UNDER_WAY',
    when: 'another process of this machine is at work on the VM',
    sandbox: { guestLatency: { install: 3_600_000 } },
    async before(box) {
      await installerVm(box, 'busy', '192.0.2.57', { wait: false })
      const other = box.start(['nixos', 'install'], { input: { name: 'busy', flake: box.host.flake } })
      await other.until({ phase: 'installing NixOS' })
    },
    run: (box) => install(box, { name: 'busy', reinstall: true }),
    says: ['Another run', /process \d+ of this machine/],
  },
  {
    code: 'SSH_HOST_KEY_UNKNOWN',
    when: 'secrets would go to a machine that merely answered first',
    async before(box) {
      await installerVm(box, 'agentless', '192.0.2.58', {
        async beforeStart(vmid) {
          await send(box.lab, 'PUT', `/nodes/pve/qemu/${vmid}/config`, { form: { agent: 0 } })
        },
      })
      mkdirSync(join(box.folder, 'secrets'))
    },
    run: (box) => install(box, { name: 'agentless', extra_files: join(box.folder, 'secrets') }),
    says: ['is not known', '`ssh_host_key`', 'accept-new'],
  },
  {
    code: 'INSTALL_UNCERTAIN',
    when: 'an installation was begun on the VM, and what it runs lets nobody in',
    async before(box) {
      const vmid = await installerVm(box, 'silent', '192.0.2.56', { wait: false })
      await noteBegun(box, vmid)
      Object.assign(box.guests.faultsOf(vmid), { agentSilent: true, keysNeverArrive: true })
      await runTask(box.lab, 'POST', `/nodes/pve/qemu/${vmid}/status/reset`)
    },
    run(box) {
      const networks = [{ ip: '192.0.2.56/24' }]
      return box.run(['provision'], { input: { ...box.host, name: 'silent', networks, boot_timeout: 3 } })
    },
    says: ['within 3 seconds', '`reinstall: true` for silent alone'],
  },
  {
    code: 'INSTALL_NOTHING_TO_MOUNT',
    when: 'disks are to be mounted only, and are blank',
    before: (box) => installerVm(box, 'blank', '192.0.2.51'),
    run: (box) => install(box, { name: 'blank', disko_mode: 'mount' }),
    says: ['are blank', '`disko_mode: mount`'],
  },
  {
    code: 'INSTALL_MACHINE_CHANGED',
    when: 'the disks are formatted by somebody else after they were looked at',
    changes: true,
    before: (box) => installerVm(box, 'raced', '192.0.2.52', { wait: false }),
    run: (box) => install(box, { name: 'raced', nixos_anywhere: meddling(box, 'mkfs.ext4 -q /dev/sda') }),
    says: ['has other things on its disks', 'somebody or something else'],
  },
  {
    code: 'INSTALL_MACHINE_CHANGED',
    when: 'the machine boots again after it was looked at, and shows the same host key',
    changes: true,
    before: (box) => installerVm(box, 'rebooted', '192.0.2.53', { wait: false }),
    run(box) {
      const another = 'echo another > /proc/sys/kernel/random/boot_id'
      return install(box, { name: 'rebooted', nixos_anywhere: meddling(box, another) })
    },
    says: ['has booted again', 'nothing more was done there'],
  },
  {
    code: 'INSTALL_UNHEALTHY',
    when: 'the new system ends in the emergency shell',
    changes: true,
    async before(box) {
      const vmid = await installerVm(box, 'ill', '192.0.2.54', { wait: false })
      box.guests.faultsOf(vmid).systemState = 'maintenance'
    },
    run: (box) => install(box, { name: 'ill' }),
    says: ['`maintenance`', 'systemctl --failed'],
  },
  {
    code: 'NIXOS_ANYWHERE_MISSING',
    when: 'the given program is none',
    before: (box) => installerVm(box, 'idle', '192.0.2.44', { wait: false }),
    run: (box) => install(box, { name: 'idle', nixos_anywhere: join(box.folder, 'absent') }),
    says: ['absent', 'nix profile install'],
  },
  {
    code: 'NIXOS_ANYWHERE_MISSING',
    when: 'neither it nor Nix is installed',
    run: (box) => install(box, { name: 'idle' }, withoutNix(box)),
    says: ['neither it nor Nix'],
  },
  {
    code: 'NIX_UNUSABLE',
    when: 'there is nixos-anywhere and no Nix',
    run: (box) =>
      install(
        box,
        { name: 'idle', nixos_anywhere: join(box.folder, 'bin', 'nixos-anywhere') },
        withoutNix(box),
      ),
    says: ['no `nix` in PATH', '2.26'],
  },
  {
    code: 'NIX_UNUSABLE',
    when: 'Nix is too old for what it is told',
    run: (box) =>
      install(
        box,
        { name: 'idle' },
        withPrograms(box, { nix: 'echo "error: unrecognised flag \'--print-out-paths\'" >&2; exit 1' }),
      ),
    says: ['unrecognised flag'],
  },
  {
    code: 'FLAKE_NOT_FOUND',
    when: 'the flake’s folder does not exist',
    run: (box) => install(box, { name: 'idle', flake: `path:${join(box.folder, 'absent')}#web1` }),
    says: ['absent', 'FLAKE#NAME'],
  },
  {
    code: 'FLAKE_NOT_FOUND',
    when: 'the flake has no such system',
    run: (box) => install(box, { name: 'idle', flake: `path:${join(box.folder, 'flake')}#db1` }),
    says: ['db1', 'it does not provide `nixosConfigurations."db1".config'],
  },
  {
    code: 'NIX_BUILD_FAILED',
    when: 'the system does not build',
    run: (box) =>
      install(
        box,
        { name: 'idle' },
        withPrograms(box, {
          nix: `echo '@nix {"action":"msg","level":0,"msg":"error: builder for linux-6.12.drv failed with exit code 2"}' >&2; exit 1`,
        }),
      ),
    says: ['exit code 2', 'nix build', 'config.system.build.toplevel'],
  },
  {
    code: 'INSTALL_FILES_MISSING',
    when: 'the folder of extra files does not exist',
    run: (box) => install(box, { name: 'idle', extra_files: join(box.folder, 'absent') }),
    says: ['extra_files', 'absent'],
  },
  {
    code: 'INSTALL_FILES_MISSING',
    when: 'a disk encryption key does not exist',
    run: (box) =>
      install(box, {
        name: 'idle',
        disk_encryption_keys: [{ remote: '/tmp/disk.key', local: join(box.folder, 'absent.key') }],
      }),
    says: ['disk_encryption_keys', 'absent.key'],
  },
  {
    code: 'INSTALL_FILES_MISSING',
    when: 'the host key of the new system is none',
    run(box) {
      const host_key_file = join(box.folder, 'no-key')
      writeFileSync(host_key_file, 'no key')
      return install(box, { name: 'idle', host_key_file })
    },
    says: ['`host_key_file`', 'no private key'],
  },
  {
    code: 'INPUT_INVALID',
    when: 'a host key is both copied and made',
    run: (box) => install(box, { name: 'idle', copy_host_keys: true }),
    says: ['`generate_host_key: false`'],
  },
  {
    code: 'INPUT_INVALID',
    when: 'the hardware is to be looked at for a system that is built already',
    run(box) {
      const path = `/nix/store/${'0'.repeat(32)}-x`
      const generate_hardware_config = { backend: 'nixos-facter', path: 'facter.json' }
      const store_paths = { disko_script: path, system: path }
      return install(box, { name: 'idle', store_paths, generate_hardware_config })
    },
    says: ['`store_paths` are built already'],
  },
  {
    code: 'INPUT_INVALID',
    when: 'an option of ssh would undo the verification',
    run: (box) => install(box, { name: 'idle', ssh_options: ['StrictHostKeyChecking=no'] }),
    says: ['/ssh_options/0', 'Compression=yes'],
  },
  {
    code: 'INSTALL_FILES_MISSING',
    when: 'the log file’s folder is a file',
    run(box) {
      writeFileSync(join(box.folder, 'plain'), '')
      return install(box, { name: 'idle', log_file: join(box.folder, 'plain', 'install.log') })
    },
    says: ['log_file'],
  },
  {
    code: 'INSTALL_FAILED',
    when: 'the boot loader cannot be installed',
    changes: true,
    async before(box) {
      const vmid = await installerVm(box, 'bootless', '192.0.2.45', { wait: false })
      box.guests.faultsOf(vmid).installFails = 'error: cannot install GRUB: no bios_grub partition'
    },
    run: (box) => install(box, { name: 'bootless' }),
    says: ['phase `install`', 'bios_grub', 'firmware'],
  },
  {
    code: 'INSTALL_FAILED',
    when: 'the disk is too small',
    changes: true,
    async before(box) {
      const vmid = await installerVm(box, 'narrow', '192.0.2.46', { wait: false })
      box.guests.faultsOf(vmid).noSpace = true
    },
    run: (box) => install(box, { name: 'narrow' }),
    says: ['phase `copy`', 'no space', 'larger disk'],
  },
  {
    code: 'INSTALL_SILENT',
    when: 'nothing is heard of the installation for too long',
    changes: true,
    before: (box) => installerVm(box, 'mute', '192.0.2.47', { wait: false }),
    run(box) {
      const script = "echo '### Installing NixOS ###'; exec sleep 600"
      const nixos_anywhere = writeProgram(join(box.folder, 'mute-installer'), script)
      return install(box, { name: 'mute', nixos_anywhere, silence_timeout: 2 })
    },
    says: ['2 seconds', 'phase `install`', 'The last was: ### Installing NixOS ###', 'silence_timeout'],
  },
  {
    code: 'INSTALL_UNPROVEN',
    when: 'nixos-anywhere claims to be done and the disk holds no system',
    changes: true,
    before: (box) => installerVm(box, 'claimed', '192.0.2.48', { wait: false }),
    run(box) {
      const nixos_anywhere = writeProgram(join(box.folder, 'liar'), "echo '### Done! ###'")
      return install(box, { name: 'claimed', nixos_anywhere, reboot: false })
    },
    says: ['the disk names no installed system'],
  },
]
