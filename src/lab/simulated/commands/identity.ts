/** Who and what the system is. */
import type { ResolvedCommandContext } from 'just-bash'
import type { Machine } from '../machine.ts'
import type { GuestCommand } from '../shell.ts'
import { kernelRelease, nixosVersion } from '../system-files.ts'
import { runInner } from './inner-shell.ts'
import { parseWords, quote } from './words.ts'

export function userOf(context: ResolvedCommandContext): string {
  return context.env.get('USER') ?? 'root'
}

const id: GuestCommand = (args, context) => {
  const { options, operands } = parseWords(args)
  const user = operands[0] ?? userOf(context)
  const number = user === 'root' ? 0 : 1000
  const group = user === 'root' ? 'root' : 'users'
  const groupNumber = user === 'root' ? 0 : 100
  const named = options.has('n')
  if (options.has('u')) return `${named ? user : number}\n`
  if (options.has('g') || options.has('G')) return `${named ? group : groupNumber}\n`
  return `uid=${number}(${user}) gid=${groupNumber}(${group}) groups=${groupNumber}(${group})\n`
}

const uname: GuestCommand = (args, _context, machine) => {
  const { options } = parseWords(args)
  const has = (letter: string, name: string) =>
    options.has('a') || options.has('all') || options.has(letter) || options.has(name)
  const fields = [
    has('s', 'kernel-name') || options.size === 0 ? 'Linux' : '',
    has('n', 'nodename') ? machine.hostname : '',
    has('r', 'kernel-release') ? kernelRelease : '',
    has('v', 'kernel-version') ? '#1-NixOS SMP PREEMPT_DYNAMIC (simulated)' : '',
    has('m', 'machine') ? machine.hardware.architecture : '',
    has('o', 'operating-system') ? 'GNU/Linux' : '',
  ]
  return `${fields.filter((field) => field !== '').join(' ')}\n`
}

const hostname: GuestCommand = (args, _context, machine) =>
  args.includes('-I') ? `${machine.addresses.join(' ')} \n` : `${machine.hostname}\n`

const detectVirtualisation: GuestCommand = (args) => {
  // There is a hypervisor, but no container.
  if (args.includes('--container') || args.includes('-c')) return { stdout: 'none\n', exitCode: 1 }
  return 'kvm\n'
}

/** No password is ever asked for. */
const sudo: GuestCommand = async (args, context, machine) => {
  let rest = [...args]
  let user = 'root'
  while (rest[0]?.startsWith('-') || /^\w+=/.test(rest[0] ?? '')) {
    const option = rest.shift()
    if (option === '-u') user = rest.shift() ?? 'root'
    if (option === '--') break
  }
  if (rest.length === 0) rest = ['true']
  const environment = { USER: user, LOGNAME: user, HOME: machine.homeOf(user) }
  return runInner(context, quote(rest), { environment, stdin: 'inherit' })
}

const networkAddresses: GuestCommand = (args, _context, machine) => {
  const object = args.find((arg) => !arg.startsWith('-')) ?? ''
  const wanted = (family: 4 | 6) =>
    !(args.includes('-4') && family === 6) && !(args.includes('-6') && family === 4)
  if ('route'.startsWith(object))
    return wanted(4) && machine.addresses.length > 0 ? routes(machine) : { exitCode: 2 }
  if (args.some((arg) => /^-\w*j/.test(arg))) {
    return `${JSON.stringify(
      machine.interfaces.map((one) => ({
        ifname: one.name,
        address: one.mac,
        operstate: 'UP',
        addr_info: one.addresses.map(({ address, prefix, family }) => ({
          family: family === 4 ? 'inet' : 'inet6',
          local: address,
          prefixlen: prefix,
          scope: 'global',
        })),
      })),
    )}\n`
  }
  return machine.interfaces
    .map((one, index) => {
      const addresses = one.addresses
        .filter(({ family }) => wanted(family))
        .map(
          ({ address, prefix, family }) =>
            `    inet${family === 6 ? '6' : ''} ${address}/${prefix} scope global ${one.name}\n`,
        )
      return `${index + 2}: ${one.name}: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 state UP\n    link/ether ${one.mac}\n${addresses.join('')}`
    })
    .join('')
}

function routes(machine: Machine): string {
  const first = machine.interfaces.find((one) => one.addresses.some(({ family }) => family === 4))
  return first ? `default dev ${first.name} proto static\n` : ''
}

export const identityCommands: Record<string, GuestCommand> = {
  id,
  uname,
  hostname,
  sudo,
  // The shell here does not split a variable in the place of a command's name: `S='sudo -n'; $S cat FILE`.
  'sudo -n': sudo,
  whoami: (_args, context) => `${userOf(context)}\n`,
  arch: (_args, _context, machine) => `${machine.hardware.architecture}\n`,
  nproc: (_args, _context, machine) => `${machine.hardware.cores}\n`,
  'systemd-detect-virt': detectVirtualisation,
  'nixos-version': () => `${nixosVersion} (simulated)\n`,
  ip: networkAddresses,
}
