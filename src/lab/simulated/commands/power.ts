/** Switching off and booting again. */
import type { Machine } from '../machine.ts'
import type { Answer, GuestCommand } from '../shell.ts'

export function requestPower(machine: Machine, kind: 'poweroff' | 'reboot'): Answer {
  if (machine.faults().rebootIgnored) return ''
  machine.power.request(kind)
  return ''
}

const shutdown: GuestCommand = (args, _context, machine) =>
  args.includes('-c') ? '' : requestPower(machine, args.includes('-r') ? 'reboot' : 'poweroff')

export const powerCommands: Record<string, GuestCommand> = {
  poweroff: (_args, _context, machine) => requestPower(machine, 'poweroff'),
  halt: (_args, _context, machine) => requestPower(machine, 'poweroff'),
  reboot: (_args, _context, machine) => requestPower(machine, 'reboot'),
  shutdown,
}
