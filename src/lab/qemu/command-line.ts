import type { GuestHardware } from '../guest.ts'
import type { Acceleration } from './acceleration.ts'
import { driveArguments, escaped } from './drive-arguments.ts'
import { imageFormat } from './images.ts'
import { userNetwork } from './user-network.ts'

/** The streams that QEMU finds open when it starts. */
export const qmpStream = 3
export const agentStream = 4

/** What this machine gives a guest. */
export interface Provisions {
  readonly acceleration: Acceleration
  readonly memoryMiB: number
  readonly cpus: number
  /** UEFI, if the guest has it: the program and the file with its variables. */
  readonly firmware: { readonly code: string; readonly variables: string } | undefined
  readonly serialLog: string
  readonly pidFile: string
  /** Of 127.0.0.1: leads to the guest's port 22. */
  readonly sshPort: number
  readonly internet: boolean
}

/** QEMU's arguments for a machine; its disks' images and its firmware are there already. */
export function commandLine(hardware: GuestHardware, provisions: Provisions): string[] {
  const { acceleration, firmware, memoryMiB, cpus, serialLog, pidFile } = provisions
  return [
    '-name',
    escaped(hardware.name),
    '-nodefaults',
    '-no-user-config',
    ...['-display', 'none', '-vga', hardware.graphics && hardware.architecture === 'x86_64' ? 'std' : 'none'],
    ...['-machine', hardware.machine, '-accel', acceleration.accel, '-cpu', acceleration.cpu],
    ...['-smp', String(cpus), '-m', String(memoryMiB)],
    ...(hardware.uuid === '' ? [] : ['-uuid', hardware.uuid, '-smbios', `type=1,uuid=${hardware.uuid}`]),
    // What the boot order does not name is not booted from.
    ...['-boot', 'strict=on'],
    ...(firmware === undefined ? [] : flash(firmware)),
    ...['-pidfile', pidFile],
    // It runs when it is told to: one that switches itself off at once would end before anybody knows that it began.
    '-S',
    ...['-chardev', `socket,id=qmp,fd=${qmpStream}`, '-mon', 'chardev=qmp,mode=control'],
    ...['-chardev', `file,id=serial0,append=on,path=${escaped(serialLog)}`, '-serial', 'chardev:serial0'],
    ...['-device', 'virtio-rng-pci'],
    ...(hardware.agent ? agent : []),
    ...networkArguments(hardware, provisions),
    ...driveArguments(hardware),
  ]
}

const agent = [
  ...['-chardev', `socket,id=agent,fd=${agentStream}`],
  ...['-device', 'virtio-serial-pci,id=qga0'],
  ...['-device', 'virtserialport,chardev=agent,name=org.qemu.guest_agent.0'],
]

function flash({ code, variables }: { readonly code: string; readonly variables: string }): string[] {
  return [
    ...['-drive', `if=pflash,unit=0,format=raw,readonly=on,file=${escaped(code)}`],
    ...['-drive', `if=pflash,unit=1,format=${imageFormat(variables)},file=${escaped(variables)}`],
  ]
}

function networkArguments(hardware: GuestHardware, { sshPort, internet }: Provisions): string[] {
  return hardware.nics.flatMap((nic, index) => {
    const { net, host, dns, guest } = userNetwork(nic, index, hardware.vmid)
    const network = [
      `user,id=${nic.key}-net,ipv6=off,net=${net},host=${host},dns=${dns},dhcpstart=${guest}`,
      `restrict=${internet ? 'off' : 'on'}`,
      ...(index === 0 ? [`hostfwd=tcp:127.0.0.1:${sshPort}-${guest}:22`] : []),
    ]
    const order = hardware.bootOrder.indexOf(nic.key)
    const card = [
      nic.model === 'virtio' ? 'virtio-net-pci' : nic.model,
      `id=${nic.key},netdev=${nic.key}-net,mac=${nic.mac}`,
      // There is nothing to boot from the network, and no need for a program that tries.
      'romfile=',
      ...(order === -1 ? [] : [`bootindex=${100 + order}`]),
    ]
    return ['-netdev', network.join(','), '-device', card.join(',')]
  })
}
