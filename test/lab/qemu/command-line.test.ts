import { describe, expect, it } from 'vitest'
import type { GuestHardware, GuestNic } from '../../../src/lab/guest.ts'
import { commandLine, type Provisions } from '../../../src/lab/qemu/command-line.ts'
import { userNetwork } from '../../../src/lab/qemu/user-network.ts'
import { bareHardware, uuid } from '../../support/hardware.ts'

const provisions: Provisions = {
  acceleration: { name: 'tcg', accel: 'tcg,thread=multi', cpu: 'max' },
  memoryMiB: 2048,
  cpus: 2,
  firmware: undefined,
  serialLog: '/lab/serial.log',
  pidFile: '/lab/qemu.pid',
  sshPort: 20_022,
  internet: false,
}
const card: GuestNic = {
  key: 'net0',
  model: 'virtio',
  mac: 'BC:24:11:00:00:01',
  bridge: 'vmbr0',
  ip: undefined,
  gateway: undefined,
}

/** The values of an option, in order. */
function values(option: string, hardware: Partial<GuestHardware>, given: Partial<Provisions> = {}): string[] {
  const words = commandLine(bareHardware(hardware), { ...provisions, ...given })
  return words.filter((_, index) => words[index - 1] === `-${option}`)
}

it('the machine is what its configuration and this machine make of it', () => {
  const words = commandLine(bareHardware({ machine: 'q35' }), provisions).join(' ')
  for (const part of [
    '-machine q35 -accel tcg,thread=multi -cpu max -smp 2 -m 2048',
    `-smbios type=1,uuid=${uuid}`,
    '-display none -vga none',
    '-device virtio-rng-pci',
    '-chardev file,id=serial0,append=on,path=/lab/serial.log -serial chardev:serial0',
    '-boot strict=on',
  ])
    expect(words).toContain(part)
  expect(words).not.toContain('-no-reboot')
  expect(words).not.toContain('guest_agent')
})

it('the guest agent has its port where the configuration has it', () => {
  expect(values('device', { agent: true })).toContain(
    'virtserialport,chardev=agent,name=org.qemu.guest_agent.0',
  )
})

it('drives have their key as id, the place that Proxmox gives them, and their turn in the boot order', () => {
  const hardware: Partial<GuestHardware> = {
    disks: [
      { key: 'scsi1', path: '/lab/a,b.raw', sizeBytes: 1 },
      { key: 'virtio0', path: '/lab/c.qcow2', sizeBytes: 1 },
    ],
    isos: [{ key: 'ide2', path: '/lab/nixos.iso' }],
    bootOrder: ['ide2', 'scsi1'],
  }
  expect(values('drive', hardware)).toEqual([
    'if=none,id=drive-scsi1,format=raw,discard=unmap,cache=unsafe,file=/lab/a,,b.raw',
    'if=none,id=drive-virtio0,format=qcow2,discard=unmap,cache=writeback,file=/lab/c.qcow2',
    'if=none,id=drive-ide2,format=raw,media=cdrom,readonly=on,file=/lab/nixos.iso',
  ])
  expect(values('device', hardware).slice(-4)).toEqual([
    'virtio-scsi-pci,id=virtioscsi1',
    'scsi-hd,bus=virtioscsi1.0,channel=0,scsi-id=0,lun=0,device_id=drive-scsi1,drive=drive-scsi1,id=scsi1,bootindex=101',
    'virtio-blk-pci,drive=drive-virtio0,id=virtio0',
    'ide-cd,bus=ide.1,unit=0,drive=drive-ide2,id=ide2,bootindex=100',
  ])
})

it('UEFI is two flash memories, of which the guest writes one', () => {
  const firmware = { code: '/ovmf/code.fd', variables: '/lab/vars.raw' }
  expect(values('drive', { firmware: 'uefi' }, { firmware })).toEqual([
    'if=pflash,unit=0,format=raw,readonly=on,file=/ovmf/code.fd',
    'if=pflash,unit=1,format=raw,file=/lab/vars.raw',
  ])
})

describe('a network card', () => {
  it('has its address, and the first one leads to port 22', () => {
    const nics = [
      { ...card, ip: '192.0.2.21/24', gateway: '192.0.2.1' },
      { ...card, key: 'net1', model: 'e1000' },
    ]
    expect(values('netdev', { nics })).toEqual([
      'user,id=net0-net,ipv6=off,net=192.0.2.0/24,host=192.0.2.1,dns=192.0.2.20,dhcpstart=192.0.2.21,restrict=on,hostfwd=tcp:127.0.0.1:20022-192.0.2.21:22',
      'user,id=net1-net,ipv6=off,net=10.64.100.0/24,host=10.64.100.14,dns=10.64.100.13,dhcpstart=10.64.100.15,restrict=on',
    ])
    expect(values('device', { nics })).toContain(
      'virtio-net-pci,id=net0,netdev=net0-net,mac=BC:24:11:00:00:01,romfile=',
    )
    expect(values('device', { nics })).toContain(
      'e1000,id=net1,netdev=net1-net,mac=BC:24:11:00:00:01,romfile=',
    )
  })

  it('reaches the world only where it may', () => {
    expect(values('netdev', { nics: [card] }, { internet: true })[0]).toContain('restrict=off')
  })

  it.each([
    ['192.0.2.1/24', undefined],
    ['192.0.2.254/24', '192.0.2.1'],
    ['10.1.2.3/8', '10.0.0.1'],
    ['198.51.100.6/30', '198.51.100.5'],
    ['203.0.113.9/32', '198.51.100.1'],
    ['192.0.2.3/29', '192.0.2.3'],
    ['192.0.2.17/28', '203.0.113.1'],
  ])('with %s behind %s shares its network with two others', (ip, gateway) => {
    const network = userNetwork({ ...card, ip, gateway }, 0, 100)
    const { host, dns, guest } = network
    expect(guest).toBe(ip.replace(/\/.*/, ''))
    expect(new Set([host, dns, guest]).size).toBe(3)
    const [net = '', bits] = network.net.split('/')
    const number = (address: string): number =>
      address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
    const size = 2 ** (32 - Number(bits))
    for (const address of [host, dns, guest]) {
      const offset = number(address) - number(net)
      expect(offset).toBeGreaterThan(0)
      expect(offset).toBeLessThan(size - 1)
    }
  })
})
