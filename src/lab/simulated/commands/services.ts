/** systemd, cloud-init, the log, and housekeeping that has nothing to do in a simulation. */
import { partOf } from '../cloud-init.ts'
import { pause } from '../pause.ts'
import type { GuestCommand } from '../shell.ts'
import { requestPower } from './power.ts'
import { parseWords } from './words.ts'

const systemctl: GuestCommand = (args, _context, machine) => {
  const { operands, options } = parseWords(args, ['p', 'property', 't', 'type', 'state'])
  const [verb = '', ...units] = operands
  switch (verb) {
    case 'poweroff':
    case 'halt':
      return requestPower(machine, 'poweroff')
    case 'reboot':
      return requestPower(machine, 'reboot')
    case 'is-system-running': {
      const { systemState, failedUnits = [] } = machine.faults()
      const usual = failedUnits.length > 0 ? 'degraded' : 'running'
      const state = systemState ?? (machine.cloudInit === 'running' ? 'starting' : usual)
      return { stdout: `${state}\n`, exitCode: state === 'running' ? 0 : 1 }
    }
    case 'is-active':
    case 'is-enabled':
      return units.map(() => (verb === 'is-active' ? 'active\n' : 'enabled\n')).join('')
    case 'is-failed':
      return { stdout: 'active\n', exitCode: 1 }
    case 'list-units': {
      const { failedUnits = [] } = machine.faults()
      const rows = failedUnits.map((unit) => `${unit} loaded failed failed simulated by the lab\n`).join('')
      return options.has('no-legend') ? rows : `${rows}${failedUnits.length} loaded units listed.\n`
    }
    default:
      return ''
  }
}

const cloudInit: GuestCommand = async (args, context, machine) => {
  const { options, operands } = parseWords(args, ['format'])
  if (options.has('version')) return 'cloud-init 25.1 (simulated)\n'
  if (operands[0] !== 'status')
    return { stderr: `cloud-init: ${operands[0] ?? ''}: not simulated\n`, exitCode: 1 }
  if (options.has('wait') || options.has('w')) {
    while (machine.cloudInit === 'running' && !context.signal?.aborted) await pause(20, context.signal)
  }
  const failed = machine.faults().cloudInitError
  const drive = machine.hardware.cloudInit
  // Proxmox writes the deprecated `user:`, which cloud-init counts as a recoverable error: exit status 2.
  const deprecated = drive !== undefined && /^user:/m.test(partOf(drive, 'user'))
  const status =
    machine.cloudInit === 'absent'
      ? 'disabled'
      : machine.cloudInit === 'running'
        ? 'running'
        : failed
          ? 'error'
          : 'done'
  const exitCode = status === 'error' ? 1 : status === 'done' && deprecated ? 2 : 0
  if (options.get('format') === 'json') {
    const errors = failed ? [failed] : []
    const extended = status === 'done' && deprecated ? 'degraded done' : status
    return { stdout: `${JSON.stringify({ status, extended_status: extended, errors })}\n`, exitCode }
  }
  return { stdout: `status: ${status}\n`, exitCode }
}

const journal: GuestCommand = (_args, _context, machine) =>
  [
    `-- Boot ${machine.bootId} --`,
    `${machine.hostname} kernel: simulated by the lab`,
    `${machine.hostname} sshd: Server listening on 0.0.0.0 port 22.`,
  ]
    .map((line) => `${line}\n`)
    .join('')

const nothing: GuestCommand = () => ''

export const serviceCommands: Record<string, GuestCommand> = {
  systemctl,
  'cloud-init': cloudInit,
  journalctl: journal,
  dmesg: journal,
  udevadm: nothing,
  modprobe: nothing,
  loginctl: nothing,
  hostnamectl: (_args, _context, machine) => `${machine.hostname}\n`,
  timedatectl: nothing,
  'qemu-ga': () => 'QEMU Guest Agent (simulated)\n',
}
