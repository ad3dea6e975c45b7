/** Mounting, unmounting, and what is mounted where. */
import { fileSystemOn } from '../block-devices.ts'
import type { Machine, Mount } from '../machine.ts'
import type { GuestCommand } from '../shell.ts'
import { deviceAt } from './blocks.ts'
import { failure, humanSize, parseWords, table } from './words.ts'

const mount: GuestCommand = async (args, context, machine) => {
  const { options, operands } = parseWords(args, ['t', 'o', 'types', 'options', 'L', 'U'])
  if (operands.length === 0) {
    return machine.mounts
      .map((one) => `${one.source} on ${one.target} type ${one.type} (${one.options})\n`)
      .join('')
  }
  const byLabel = options.get('L')
  const [source = '', folder = ''] = byLabel ? [`/dev/disk/by-label/${byLabel}`, ...operands] : operands
  const target = context.fs.resolvePath(context.cwd, folder)
  if (!(await context.fs.exists(target))) return failure(`mount: ${target}: mount point does not exist.`, 32)
  if (machine.mounts.some((one) => one.target === target && one.target !== '/')) {
    return failure(`mount: ${target}: ${source} already mounted on ${target}.`, 32)
  }
  const wanted = options.get('t') ?? options.get('types')
  const mountOptions = options.get('o') ?? options.get('options') ?? 'rw,relatime'
  if (wanted === 'tmpfs' || options.has('bind') || mountOptions.includes('bind')) {
    await machine.mount({ source, target, type: wanted ?? 'none', options: mountOptions, device: undefined })
    return ''
  }
  const device = await deviceAt(machine, source)
  if (!device) return failure(`mount: ${target}: special device ${source} does not exist.`, 32)
  const fileSystem = fileSystemOn(device)
  if (!fileSystem) {
    return failure(
      `mount: ${target}: wrong fs type, bad option, bad superblock on ${source}, missing codepage or helper program, or other error.`,
      32,
    )
  }
  await machine.mount({ source: device.path, target, type: fileSystem.type, options: mountOptions, device })
  return ''
}

const unmount: GuestCommand = async (args, context, machine) => {
  const { options, operands } = parseWords(args, ['t', 'O'])
  let done = ''
  for (const operand of operands) {
    const path = context.fs.resolvePath(context.cwd, operand)
    const target = machine.mounts.find((one) => one.target === path || one.source === path)?.target
    if (target === undefined) return { ...failure(`umount: ${operand}: not mounted.`, 32), stdout: done }
    const inside = machine.mounts.filter((one) => one.target.startsWith(`${target}/`))
    const recursive = options.has('R') || options.has('recursive')
    const busy = (inside.length > 0 && !recursive) || (machine.busy.has(target) && !options.has('l'))
    if (busy || target === '/') return { ...failure(`umount: ${operand}: target is busy.`, 32), stdout: done }
    const all = [
      ...inside
        .map((one) => one.target)
        .sort()
        .reverse(),
      target,
    ]
    for (const one of all) {
      await machine.unmount(one)
      if (options.has('v')) done += `umount: ${one} unmounted\n`
    }
  }
  return done
}

const findMount: GuestCommand = (args, context, machine) => {
  const { options, operands } = parseWords(args, [
    'o',
    'output',
    'T',
    'target',
    't',
    'types',
    'S',
    'source',
    'M',
    'mountpoint',
  ])
  const columns = (options.get('o') ?? options.get('output') ?? 'TARGET,SOURCE,FSTYPE,OPTIONS').split(',')
  const types = options.get('t') ?? options.get('types')
  const holder = options.get('T') ?? options.get('target')
  const exact = options.get('M') ?? options.get('mountpoint') ?? operands[0]
  const recursive = options.has('R') || options.has('submounts')
  const matches = (one: Mount) => {
    if (types && one.type !== types) return false
    if (holder) return one === machine.mountOf(context.fs.resolvePath(context.cwd, holder))
    if (exact === undefined) return true
    const path = exact === '/' ? '/' : exact.replace(/\/$/, '')
    return one.target === path || one.source === path || (recursive && one.target.startsWith(`${path}/`))
  }
  const found = machine.mounts.filter(matches)
  if (found.length === 0) return { exitCode: 1 }
  const cell = (one: Mount, column: string) =>
    ({ TARGET: one.target, SOURCE: one.source, FSTYPE: one.type, OPTIONS: one.options })[
      column.toUpperCase()
    ] ?? ''
  if (options.has('J') || options.has('json')) {
    const filesystems = found.map((one) =>
      Object.fromEntries(columns.map((column) => [column.toLowerCase(), cell(one, column)])),
    )
    return `${JSON.stringify({ filesystems }, undefined, 3)}\n`
  }
  const rows = found.map((one) => columns.map((column) => cell(one, column)))
  return table(options.has('n') || options.has('noheadings') ? rows : [columns, ...rows])
}

const isMountPoint: GuestCommand = (args, context, machine) => {
  const path = context.fs.resolvePath(context.cwd, args.find((arg) => !arg.startsWith('-')) ?? '')
  const mounted = machine.mounts.some((one) => one.target === path)
  if (args.includes('-q')) return { exitCode: mounted ? 0 : 32 }
  return { stdout: `${path} is ${mounted ? 'a' : 'not a'} mountpoint\n`, exitCode: mounted ? 0 : 32 }
}

const freeSpace: GuestCommand = (args, context, machine) => {
  const { options, operands } = parseWords(args, ['B', 'block-size', 'output', 't', 'x'])
  const wanted =
    operands.length > 0
      ? operands.map((path) => machine.mountOf(context.fs.resolvePath(context.cwd, path)))
      : machine.mounts.filter((one) => one.device || one.target === '/')
  const unit = options.get('B') ?? options.get('block-size')
  const size = (bytes: number) =>
    options.has('h')
      ? humanSize(bytes)
      : String(Math.floor(bytes / (unit?.startsWith('1') && !/[kK]/.test(unit) ? 1 : 1024)))
  const rows = wanted.flatMap((one) => {
    if (!one) return []
    const { total, used } = spaceOn(machine, one)
    return [
      [
        one.source,
        size(total),
        size(used),
        size(total - used),
        `${Math.ceil((used / total) * 100)}%`,
        one.target,
      ],
    ]
  })
  const head = [
    'Filesystem',
    options.has('h') ? 'Size' : '1024-blocks',
    'Used',
    'Available',
    'Capacity',
    'Mounted on',
  ]
  return table([head, ...rows], [1, 2, 3, 4])
}

/** The space of a mount: a partition's size, or half of the memory for what lives in it. */
export function spaceOn(machine: Machine, mount: Mount): { total: number; used: number } {
  const total = mount.device?.sizeBytes ?? machine.hardware.memoryMiB * 1024 * 1024 * 0.5
  return { total, used: Math.min(total, machine.used.get(mount.target) ?? 0) }
}

export const mountCommands: Record<string, GuestCommand> = {
  mount,
  umount: unmount,
  findmnt: findMount,
  mountpoint: isMountPoint,
  df: freeSpace,
  swapon: () => '',
  swapoff: () => '',
}
