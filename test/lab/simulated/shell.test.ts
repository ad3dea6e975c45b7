import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeDiskContent } from '../../../src/lab/simulated/disk-content.ts'
import { createVm, type Vm } from './vm.ts'

const prototypes = new URL('../../../../shared/reference/guest-prototype/', import.meta.url)

let vm: Vm
beforeAll(async () => {
  vm = await createVm()
  await vm.guest.powerOn(vm.hardware)
  await vm.ready()
})
afterAll(() => vm[Symbol.asyncDispose]())

describe('commands over ssh', () => {
  it('pass on exit statuses, both outputs and text beyond ASCII', async () => {
    expect(await vm.ssh('echo grün; echo rot >&2; exit 7')).toEqual({
      exitCode: 7,
      stdout: 'grün\n',
      stderr: 'rot\n',
    })
  })

  it('read standard input, bytes included', async () => {
    const input = Buffer.from([...Array(256).keys()])
    await vm.ssh('cat > /tmp/bytes', { input })
    const { stdout } = await vm.ssh('sha256sum < /tmp/bytes')
    const { createHash } = await import('node:crypto')
    expect(stdout.split(' ')[0]).toBe(createHash('sha256').update(input).digest('hex'))
  })

  it('do not wait for input that they do not read', async () => {
    for (const command of [
      'true',
      'cat /etc/hostname',
      'sh -c "exit 0"',
      'grep -q NixOS /etc/os-release',
      'sudo -n true',
    ]) {
      expect((await vm.ssh(command, { openInput: true })).exitCode, command).toBe(0)
    }
  })

  it('run a script from standard input, with arguments', async () => {
    const input = 'set -eu\necho "$1|$2|$#"\ncat <<X\nhere $1\nX\nexit 4\n'
    expect(await vm.ssh("sh -s -- 'a b' c", { input })).toMatchObject({
      exitCode: 4,
      stdout: 'a b|c|2\nhere a b\n',
    })
    expect(await vm.ssh('enableDebug= sh --', { input: 'echo "[$enableDebug]"' })).toMatchObject({
      stdout: '[]\n',
    })
  })

  it('know the session, also in inner shells and as root through sudo', async () => {
    const { stdout } = await vm.ssh(`sudo sh -c 'echo $USER; sh -s' <<'X'\necho \${SSH_CONNECTION%% *}\nX`)
    expect(stdout).toBe('root\n127.0.0.1\n')
  })

  it('can be called by their full paths', async () => {
    const { stdout } = await vm.ssh('/run/current-system/sw/bin/id -u; /bin/uname')
    expect(stdout).toBe('0\nLinux\n')
  })

  it('unpack tar archives with their modes and links', async () => {
    const { spawnSync } = await import('node:child_process')
    const { chmod, mkdir, symlink, writeFile } = await import('node:fs/promises')
    const folder = `${vm.folder}/extra/etc/ssh`
    await mkdir(folder, { recursive: true })
    await writeFile(`${folder}/secret`, 'x')
    await chmod(`${folder}/secret`, 0o600)
    await symlink('secret', `${folder}/link`)
    await writeFile(`${folder}/${'long'.repeat(40)}`, 'y')
    const input = spawnSync('tar', ['-C', `${vm.folder}/extra`, '-cpf-', '.']).stdout
    await vm.ssh('mkdir -p /tmp/into && tar -C /tmp/into -xf- --no-same-owner', { input })
    const { stdout } = await vm.ssh('cd /tmp/into/etc/ssh; stat -c %a secret; readlink link; cat long*')
    expect(stdout).toBe('600\nsecret\ny')
  })

  it('tell whether cloud-init is through', async () => {
    const { exitCode, stdout } = await vm.ssh(
      'cloud-init status --wait; echo $?; cat /run/cloud-init/result.json',
    )
    expect(exitCode).toBe(0)
    // `user:` as Proxmox writes it is deprecated: "degraded done"
    expect(stdout).toContain('status: done\n2\n')
    expect(stdout).toContain('"errors": []')
  })
})

describe.skipIf(!existsSync(prototypes))('the prototypes of the reference', () => {
  it('probe.sh finds an installer with a blank disk', async () => {
    const { stdout, stderr } = await vm.ssh('sh -s', {
      input: await readFile(new URL('probe.sh', prototypes)),
    })
    const facts = Object.fromEntries(stdout.split('\n').map((line) => line.split(/=(.*)/s)))
    expect(stderr).toBe('')
    expect(facts).toMatchObject({
      priv: 'root',
      os_ID: 'nixos',
      os_VARIANT_ID: 'installer',
      root_fs: 'tmpfs',
      dmi_product_uuid: '1f16fde4-c6a1-4ea0-a220-72169419128b',
      cloud_init: 'done',
      busy_installers: '0',
      'sig:/dev/sda': '',
      'byid:/dev/sda': '/dev/disk/by-id/scsi-0QEMU_QEMU_HARDDISK_drive-scsi0',
      probe_end: '1',
    })
    expect(JSON.parse(facts.lsblk)).toMatchObject({
      blockdevices: [{ path: '/dev/sda', size: 4 * 1024 ** 3, fstype: null }],
    })
  })

  it('end-remote-install.sh finds nothing to end', async () => {
    const input = await readFile(new URL('end-remote-install.sh', prototypes))
    expect(await vm.ssh('sh -s', { input })).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('mnt=free'),
    })
  })
})

describe('disks', () => {
  it.each([
    ['bytes that nobody knows', 'precious data', 'unknown_data'],
    ['a partition table', Buffer.concat([Buffer.alloc(512), Buffer.from('EFI PART')]), 'gpt'],
    ['an encrypted disk', Buffer.from('LUKS\xba\xbe', 'latin1'), 'crypto_LUKS'],
  ])('show %s', async (_what, content, type) => {
    await using other = await createVm()
    await writeDiskContent(other.disk, content)
    await other.guest.powerOn(other.hardware)
    await other.ready()
    const { stdout } = await other.ssh(
      'wipefs -n --noheadings -O TYPE /dev/sda; lsblk -dno FSTYPE,PTTYPE /dev/sda',
    )
    expect(stdout.trim().split(/\s+/)).toEqual([type, type])
  })

  it('keep partitions and file systems over a power cycle, and lose them by wipefs', async () => {
    await using other = await createVm()
    await other.guest.powerOn(other.hardware)
    await other.ready()
    await other.ssh("printf 'label: gpt\\n,1G,L\\n,,L\\n' | sfdisk /dev/sda && mkfs.ext4 -L data /dev/sda2")
    await other.guest.powerOff()
    await other.guest.powerOn(other.hardware)
    await other.ready()
    const list = 'lsblk -lnpo NAME,SIZE,FSTYPE,LABEL; readlink -f /dev/disk/by-label/data'
    expect((await other.ssh(list)).stdout).toMatch(
      /\/dev\/sda1 +1G\n\/dev\/sda2 +3G +ext4 +data\n\/dev\/sda2/,
    )
    await other.ssh('wipefs -a /dev/sda')
    expect((await other.ssh('lsblk -lnpo NAME')).stdout).toBe('/dev/sda\n')
  })

  it('are unmounted with what is below, unless something works in them', async () => {
    await using other = await createVm()
    await other.guest.powerOn(other.hardware)
    await other.ready()
    await other.ssh(
      "printf 'label: gpt\\n,,L\\n' | sfdisk -q /dev/sda; mkfs.ext4 -q /dev/sda1; mount /dev/sda1 /mnt; mkdir /mnt/boot; mount -t tmpfs t /mnt/boot; echo x > /mnt/file",
    )
    expect((await other.ssh('umount /mnt')).stderr).toContain('target is busy')
    const { stdout } = await other.ssh(
      'findmnt -nR -o TARGET /mnt; umount -R /mnt && ls -A /mnt; findmnt /mnt; echo $?; mount /dev/sda1 /mnt; cat /mnt/file',
    )
    expect(stdout).toBe('/mnt\n/mnt/boot\n1\nx\n')
  })
})
