/**
 * The whole way on real machines: QEMU boots the installer, cloud-init reads its drive, disks are formatted, and the machine
 * boots from its disk. One machine at a time, and as few boots as will do: each takes half a minute, beside
 * another twice that.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type TestContext, test } from 'vitest'
import { openStage } from '../ansible/support/play.ts'
import { startSshd } from '../support/sshd.ts'
import { reportOf } from '../workflows/batch/batch-box.ts'
import {
  inGuest,
  isGenuine,
  type MachineBox,
  machineHosts,
  machineOptions,
  openMachineBox,
  story,
  whyNoMachines,
} from './machine-box.ts'

console.log(`Nix and nixos-anywhere are ${isGenuine ? 'the genuine ones' : 'the stand-ins of the lab'}.`)

const first = '192.0.2.21'
const second = '192.0.2.22'
const lacking = await whyNoMachines()
/** Without QEMU and the installer's image they skip. */
const it = (name: string, body: (context: TestContext) => Promise<void>): void =>
  test.skipIf(lacking !== undefined)(`${name}${lacking === undefined ? '' : ` (skipped: ${lacking})`}`, body)

it('of two hosts the one that holds data is refused and left as it was; the other one, whose machine dies in the middle, is finished by the next run: it boots from its disk, without its drives, and is proved', async () => {
  await using box = await openMachineBox(['web1', 'web2'])
  const host = box.hostNamed('web1', { disks: [{ size: '1G' }] })
  const other = box.hostNamed('web2')
  const disk = await diskWithData(box, host)
  const before = await digest(disk)
  const inventory = join(box.folder, 'hosts.yml')
  // JSON is YAML.
  writeFileSync(
    inventory,
    JSON.stringify({ all: { hosts: { web1: { nixos_vm: host }, web2: { nixos_vm: other } } } }),
  )
  const words = ['provision', '--inventory', inventory, '--inventory-reader', 'yaml', '--forks', '1']
  const batch = box.start(words)
  const middle = { host: 'web2', step: 'nixos.install', phase: 'copying the system' }
  await batch.until(middle).catch(async () => expect.fail(story(box, await batch.ended, 102)))
  process.kill(pidOf(box, 102), 'SIGKILL')
  const end = await batch.ended
  const [refused, died] = reportOf(end).hosts
  expect(refused.error?.code, story(box, end, 101)).toBe('INSTALL_DISK_NOT_BLANK')
  expect(JSON.stringify(refused.error)).toContain('ext4')
  expect(died.error?.code, story(box, end, 102)).toMatch(/^INSTALL_/)

  const again = await box.run(['provision'], { input: other })
  expect(again.document.ok, story(box, again, 102)).toBe(true)
  const { output, warnings } = again.document
  // The host key was learnt through the guest agent: trust on first use would be a warning.
  expect(warnings).toEqual([])
  expect(output).toMatchObject({
    vmid: 102,
    host: second,
    system_state: expect.stringMatching(/running|degraded/),
  })
  expect(box.vmids()).toEqual([101, 102])
  expect(await inGuest(box, second, 'readlink /run/current-system')).toBe(output.system)
  expect(await inGuest(box, second, 'cat /etc/ssh/ssh_host_ed25519_key.pub')).toContain(
    output.host_key.split(' ')[1],
  )
  // Both drives are gone for the machine as well, and its root is on its disk.
  expect(await inGuest(box, second, 'ls /sys/block | grep ^sr || echo none')).toBe('none')
  expect(await inGuest(box, second, 'findmnt -no FSTYPE /')).toBe('ext4')
  expect(await inGuest(box, second, 'cat /sys/class/dmi/id/product_uuid')).toBe(
    /uuid=([\w-]+)/.exec(box.config(102))?.[1],
  )
  const third = await box.run(['provision'], { input: other })
  expect(third.document, story(box, third, 102)).toMatchObject({ ok: true, changed: false })

  // Somebody else answers at the address of the first, with a host key of their own.
  await using server = await startSshd()
  const map = join(box.folder, 'middle.json')
  writeFileSync(map, JSON.stringify({ [`${first}:22`]: `127.0.0.1:${server.port}` }))
  const deceived = await box.run(['provision'], {
    input: { ...host, reinstall: true },
    environment: { NCI_SSH_ADDRESS_MAP: map },
  })
  expect(deceived.document.error?.code, story(box, deceived, 101)).toBe('SSH_HOST_KEY_MISMATCH')
  // Nothing was sent to them but the beginning of a handshake.
  expect(server.log.join('\n')).not.toMatch(/Accepted|Failed|preauth\] .*user/)
  expect(await inGuest(box, first, 'blkid -o value -s LABEL /dev/sda')).toBe('precious')
  await box.lab.close()
  expect(await digest(disk)).toBe(before)
})

it('the playbook does the same by UEFI, and a hot detach empties the drives of the machine that runs', async (context) => {
  const stage = await openStage(context, await machineOptions())
  await using _stage = stage
  const { hostNamed } = await machineHosts(stage.box, ['web1'])
  const { name: _, ...values } = hostNamed('web1', { bios: 'ovmf', machine: 'q35' })
  const played = await stage.play([
    ...stage.inventory({ web1: { nixos_vm: values } }),
    '-e',
    JSON.stringify({
      nixos_provision_detach: 'hot',
      nixos_provision_known_hosts: join(stage.box.folder, 'known_hosts'),
    }),
    'nixos.cloud_init_installer.provision',
  ])
  const text = story(stage.box, { stdout: played.text.slice(-6000), stderr: '' }, 101)
  expect(played.exitCode, text).toBe(0)
  expect(readFileSync(join(stage.box.folder, 'known_hosts'), 'utf8')).toContain(`${first} ssh-ed25519 `)
  expect(await inGuest(stage.box, first, 'test -d /sys/firmware/efi && echo UEFI')).toBe('UEFI')
  expect(await inGuest(stage.box, first, 'readlink /run/current-system')).toMatch(/-nixos-system-web1-/)
  // The drives are there until the next stop, and there is nothing in them.
  const read = 'for drive in /dev/sr*; do head -c 1 $drive >/dev/null 2>&1 && echo full; done; echo empty'
  expect(await inGuest(stage.box, first, read)).toBe('empty')
})

/** A VM of ours whose disk somebody has filled; gives the disk's file. */
async function diskWithData(box: MachineBox, host: Readonly<Record<string, unknown>>): Promise<string> {
  const { name, vmid, memory, disks, networks, storage } = host
  const created = await box.run(['vm', 'create'], { input: { name, vmid, memory, disks, networks, storage } })
  expect(created.document.ok, created.stdout).toBe(true)
  const files = join(box.folder, 'pve', 'storage')
  const [file] = readdirSync(files, { recursive: true, encoding: 'utf8' }).filter((one) =>
    /vm-101-disk-0/.test(one),
  )
  const disk = join(files, file ?? 'none')
  const data = join(box.folder, 'data')
  mkdirSync(data)
  writeFileSync(join(data, 'thesis.tex'), 'years of work')
  execFileSync('/sbin/mkfs.ext4', ['-q', '-F', '-L', 'precious', '-d', data, disk])
  return disk
}

async function digest(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20 })) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/** The process of a guest. */
function pidOf(box: MachineBox, vmid: number): number {
  return Number(readFileSync(join(box.folder, 'pve', 'guests', String(vmid), 'qemu.pid'), 'utf8'))
}
