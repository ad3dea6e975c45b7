import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cloudInitDrive } from '../../../src/lab/cloud-init/drive.ts'
import { AgentError, type GuestHardware } from '../../../src/lab/guest.ts'
import { writeDiskContent } from '../../../src/lab/simulated/disk-content.ts'
import { networkConfig } from '../../support/hardware.ts'
import { createVm, newKey, until, type Vm } from './vm.ts'

describe('the boot of a simulated guest', () => {
  it('starts the installer when the disk is blank', async () => {
    await using vm = await createVm()
    await vm.guest.powerOn(vm.hardware)
    await vm.ready()
    const { stdout } = await vm.ssh(
      '. /etc/os-release; echo "$ID $VARIANT_ID $PRETTY_NAME"; hostname; cat /sys/class/dmi/id/product_uuid',
    )
    expect(stdout).toContain('nixos installer NixOS 26.05 (simulated by the lab)\nnixos1\n')
    expect(stdout).toContain('1f16fde4-c6a1-4ea0-a220-72169419128b')
    expect(vm.guest.addresses).toEqual(['192.0.2.10'])
  })

  it('refuses a key that is not on the cloud-init drive, and users that it does not know', async () => {
    await using vm = await createVm()
    await vm.guest.powerOn(vm.hardware)
    await vm.ready()
    const other = newKey(join(vm.folder, 'other'))
    for (const options of [{ key: other }, { user: 'somebody' }]) {
      const refused = await vm.ssh('true', options)
      expect(refused.exitCode).toBe(255)
      expect(refused.stderr).toContain('Permission denied (publickey)')
    }
  })

  it('refuses the right key until cloud-init has written it', async () => {
    await using vm = await createVm({}, { faults: { keysNeverArrive: true } })
    await vm.guest.powerOn(vm.hardware)
    await until(() => vm.guest.addresses.length > 0)
    await until(async () => (await vm.ssh('true')).stderr.includes('Permission denied'))
  })

  it('lets nobody in without a cloud-init drive', async () => {
    await using vm = await createVm({ cloudInit: undefined })
    await vm.guest.powerOn(vm.hardware)
    await until(() => vm.log.some((line) => line.includes('no network address')))
    expect(vm.guest.addresses).toEqual([])
  })

  it('gives a card an address by DHCP, the same at every boot', async () => {
    await using vm = await createVm()
    await vm.guest.powerOn(withFiles(vm, { 'network-config': networkConfig('type: dhcp4') }))
    await vm.ready()
    const [address] = vm.guest.addresses
    expect(address).toBe('10.0.2.115')
    await vm.guest.reset()
    await vm.ready()
    expect(vm.guest.addresses).toEqual([address])
  })

  it.each([
    ['ip=192.0.2.11/24,gw=192.0.2.1', '192.0.2.11'],
    ['ip6=2001:db8::11/64', '2001:db8::11'],
    ['ip=dhcp', '10.0.2.115'],
  ])('is set up by a drive of OpenStack’s kind with %s', async (ipconfig0, address) => {
    await using vm = await createVm()
    await vm.guest.powerOn(await withConfigDrive(vm, ipconfig0))
    await vm.ready()
    expect(vm.guest.addresses).toEqual([address])
    expect((await vm.ssh('hostname')).stdout).toBe('nixos1\n')
  })

  it('gets no address of a drive of OpenStack’s kind with both families, as cloud-init does not read it', async () => {
    await using vm = await createVm()
    await vm.guest.powerOn(await withConfigDrive(vm, 'ip=192.0.2.11/24,ip6=auto'))
    await until(() => vm.log.some((line) => line.includes('no network address')))
  })

  it('opens the port before it sends a banner', async () => {
    await using vm = await createVm({}, { faults: { bannerNeverSent: true } })
    await vm.guest.powerOn(vm.hardware)
    await until(() => vm.guest.addresses.length > 0)
    const { host, port } = vm.guest.ssh ?? { host: '', port: 0 }
    const connected = Promise.withResolvers<void>()
    const socket = connect(port, host, () => connected.resolve())
    socket.on('error', () => connected.reject(new Error('refused')))
    await connected.promise
    socket.destroy()
  })

  it('has nothing to boot when there is neither a system nor an ISO', async () => {
    await using vm = await createVm({ isos: [] })
    await vm.guest.powerOn(vm.hardware)
    await until(() => vm.log.some((line) => line.includes('no bootable device')))
    expect(vm.guest.running).toBe(true)
    await expect(vm.guest.agent('ping', {})).rejects.toThrow('not running')
  })

  it('boots the ISO again as long as it comes first in the boot order', async () => {
    await using vm = await createVm({ bootOrder: ['ide2', 'scsi0'] })
    await writeDiskContent(vm.disk, installedContent)
    await vm.guest.powerOn(vm.hardware)
    await until(() => vm.log.some((line) => line.includes('boots the installer from ide2')))
  })

  it('boots the disk after the ISO was ejected', async () => {
    await using vm = await createVm({ bootOrder: ['ide2', 'scsi0'] })
    await writeDiskContent(vm.disk, installedContent)
    await vm.guest.powerOn(vm.hardware)
    vm.guest.eject('ide2')
    await vm.guest.reset()
    await until(() => vm.log.some((line) => line.includes('boots the installed system from scsi0')))
  })

  it('makes new host keys at every boot of the installer', async () => {
    await using vm = await createVm()
    await vm.guest.powerOn(vm.hardware)
    await vm.ready()
    const key = async () => (await vm.ssh('cat /etc/ssh/ssh_host_ed25519_key.pub')).stdout
    const first = await key()
    await vm.guest.reset()
    await vm.ready()
    expect(await key()).not.toBe(first)
  })

  it('cannot be reached any more when it is switched off, and keeps its port', async () => {
    await using vm = await createVm()
    await vm.guest.powerOn(vm.hardware)
    await vm.ready()
    const before = vm.guest.ssh
    await vm.guest.powerOff()
    expect(vm.guest.ssh).toBeUndefined()
    expect(vm.guest.addresses).toEqual([])
    await vm.guest.powerOn(vm.hardware)
    expect(vm.guest.ssh).toEqual(before)
  })

  it('tells the host when it switches itself off, not when the plug is pulled', async () => {
    await using vm = await createVm()
    await vm.guest.powerOn(vm.hardware)
    await vm.ready()
    await vm.ssh('systemctl poweroff')
    await vm.poweredOff
    expect(vm.guest.running).toBe(false)
  })
})

describe('the guest agent', () => {
  it('answers as Proxmox VE hands it on', async () => {
    await using vm = await createVm()
    await vm.guest.powerOn(vm.hardware)
    await vm.ready()
    const { guest } = vm
    expect(await guest.agent('ping', {})).toEqual({ result: {} })
    expect(await guest.agent('network-get-interfaces', {})).toMatchObject({
      result: [
        { name: 'lo' },
        {
          name: 'eth0',
          'hardware-address': 'bc:24:11:00:00:01',
          'ip-addresses': [
            { 'ip-address': '192.0.2.10', 'ip-address-type': 'ipv4', prefix: 24 },
            { 'ip-address': 'fe80::be24:11ff:fe00:1', 'ip-address-type': 'ipv6', prefix: 64 },
          ],
        },
      ],
    })
    expect(await guest.agent('get-osinfo', {})).toMatchObject({
      result: { id: 'nixos', 'variant-id': 'installer' },
    })
    expect(await guest.agent('get-host-name', {})).toEqual({ result: { 'host-name': 'nixos1' } })
  })

  it('reads the host key that sshd presents', async () => {
    await using vm = await createVm()
    await vm.guest.powerOn(vm.hardware)
    await vm.ready()
    const file = '/etc/ssh/ssh_host_ed25519_key.pub'
    const { stdout } = await vm.ssh(`cat ${file}`)
    expect(await vm.guest.agent('file-read', { file })).toEqual({
      content: stdout,
      'bytes-read': stdout.length,
    })
    await expect(vm.guest.agent('file-read', { file: '/nope' })).rejects.toThrow(
      "failed to open file '/nope'",
    )
  })

  it('runs commands and tells their result once', async () => {
    await using vm = await createVm()
    await vm.guest.powerOn(vm.hardware)
    await vm.ready()
    const { pid } = (await vm.guest.agent('exec', {
      command: ['sh', '-c', 'cat; exit 3'],
      'input-data': 'hi',
    })) as { pid: number }
    let status = {}
    await until(async () => {
      status = (await vm.guest.agent('exec-status', { pid })) as object
      return !('exited' in status && status.exited === 0)
    })
    expect(status).toEqual({ exited: 1, exitcode: 3, 'out-data': 'hi' })
    await expect(vm.guest.agent('exec-status', { pid })).rejects.toThrow("Invalid parameter 'pid'")
  })

  it('is not there without its device, and does not know every command', async () => {
    await using vm = await createVm({ agent: false })
    await vm.guest.powerOn(vm.hardware)
    await vm.ready()
    await expect(vm.guest.agent('ping', {})).rejects.toBeInstanceOf(AgentError)
    await using other = await createVm()
    await other.guest.powerOn(other.hardware)
    await other.ready()
    await expect(other.guest.agent('suspend-ram', {})).rejects.toMatchObject({ reason: 'unsupported' })
  })
})

/** The VM with other files on its cloud-init drive. */
function withFiles({ hardware }: Vm, changed: Readonly<Record<string, string>>): GuestHardware {
  const { cloudInit } = hardware
  return { ...hardware, cloudInit: cloudInit && { ...cloudInit, files: { ...cloudInit.files, ...changed } } }
}

async function withConfigDrive({ hardware, key }: Vm, ipconfig0: string): Promise<GuestHardware> {
  const options = {
    name: 'nixos1',
    citype: 'configdrive2',
    ciuser: 'root',
    sshkeys: encodeURIComponent(await readFile(`${key}.pub`, 'utf8')),
    net0: 'virtio=BC:24:11:00:00:01,bridge=vmbr0',
    ipconfig0,
  }
  const drive = cloudInitDrive(options, 100, { nameservers: [], search: undefined }, () => '')
  const { cloudInit } = hardware
  return { ...hardware, cloudInit: cloudInit && { ...cloudInit, ...drive } }
}

const installedContent = {
  partitionTable: {
    type: 'gpt',
    id: 'X',
    partitions: [{ number: 1, startSector: 2048, sectors: 4096, typeName: 'Linux filesystem' }],
  },
  fileSystems: { 1: { type: 'ext4', uuid: 'U' } },
  installed: {
    system: '/nix/store/11111111111111111111111111111111-nixos-system-x',
    generation: 1,
    hostname: 'x',
    authorizedKeys: [],
    hostKeys: [],
    machineId: '0'.repeat(32),
  },
} as const
