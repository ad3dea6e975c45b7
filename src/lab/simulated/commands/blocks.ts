/** Looking at and partitioning disks. */
import { randomUUID } from 'node:crypto'
import {
  type BlockDevice,
  changeDisk,
  fileSystemOn,
  findDevice,
  partitionsOf,
  wholeDisk,
  wipeDisk,
} from '../block-devices.ts'
import { type DiskContent, isZeroed, type Partition } from '../disk-content.ts'
import type { Machine } from '../machine.ts'
import type { GuestCommand } from '../shell.ts'
import { writeDevices } from '../system-files.ts'
import { bytesOf } from './stdin.ts'
import { failure, humanSize, parseWords, table } from './words.ts'

/** A device by any of its names: `/dev/sda`, `sda`, `/dev/disk/by-id/…`. */
export async function deviceAt(machine: Machine, name: string): Promise<BlockDevice | undefined> {
  const path = name.startsWith('/') ? name : `/dev/${name}`
  const real = await machine.fs.realpath(path).catch(() => undefined)
  return real === undefined ? undefined : findDevice(machine.disks, real)
}

/** Everything that a signature scan of a device would find. */
interface Signature {
  readonly type: string
  readonly offset: number
  readonly uuid: string
  readonly label: string
}

function signaturesOn(device: BlockDevice): Signature[] {
  const { content } = device.disk
  const found: Signature[] = []
  const fileSystem = fileSystemOn(device)
  if (fileSystem) {
    found.push({ type: fileSystem.type, offset: 0x438, uuid: fileSystem.uuid, label: fileSystem.label ?? '' })
  }
  if (device.partition !== 0) return found
  if (content.partitionTable) {
    const { type } = content.partitionTable
    found.push({ type, offset: type === 'gpt' ? 0x200 : 0x1fe, uuid: '', label: '' })
  }
  if (content.foreign) found.push({ ...content.foreign, uuid: '', label: '' })
  return found
}

type Cell = string | number | boolean | null

function cellOf(device: BlockDevice, column: string, machine: Machine, bytes: boolean): Cell {
  const { disk, partition } = device
  const { content, source } = disk
  const fileSystem = fileSystemOn(device)
  const foreign = partition === 0 ? content.foreign : undefined
  const row = content.partitionTable?.partitions.find((one) => one.number === partition)
  const mountPoint = machine.mounts.find((one) => one.device?.path === device.path)?.target
  switch (column.toUpperCase()) {
    case 'NAME':
    case 'KNAME':
      return device.path.slice('/dev/'.length)
    case 'PATH':
      return device.path
    case 'PKNAME':
      return partition === 0 ? null : disk.path.slice('/dev/'.length)
    case 'TYPE':
      return partition === 0 ? 'disk' : 'part'
    case 'SIZE':
      return bytes ? device.sizeBytes : humanSize(device.sizeBytes)
    case 'MODEL':
      return partition === 0 ? disk.model || null : null
    case 'VENDOR':
      return partition === 0 && disk.model ? 'QEMU' : null
    case 'SERIAL':
      return partition === 0 && source.key.startsWith('scsi') ? `drive-${source.key}` : null
    case 'TRAN':
      return disk.transport || null
    case 'RO':
    case 'RM':
    case 'HOTPLUG':
      return false
    case 'PTTYPE':
      return content.partitionTable?.type ?? (foreign?.kind === 'table' ? foreign.type : null)
    case 'PTUUID':
      return content.partitionTable?.id ?? null
    case 'FSTYPE':
      return fileSystem?.type ?? (foreign?.kind === 'filesystem' ? foreign.type : null)
    case 'UUID':
      return fileSystem?.uuid ?? null
    case 'LABEL':
      return fileSystem?.label ?? null
    case 'PARTLABEL':
      return row?.label ?? null
    case 'MOUNTPOINT':
    case 'MOUNTPOINTS':
      return mountPoint ?? null
    case 'MAJ:MIN':
      return `${disk.path.startsWith('/dev/v') ? 254 : 8}:${(disk.path.charCodeAt(7) - 97) * 16 + partition}`
    default:
      return null
  }
}

const listBlocks: GuestCommand = async (args, _context, machine) => {
  const { options, operands } = parseWords(args, ['o', 'output', 'x', 'sort', 'e', 'I', 'M'])
  const has = (letter: string, name: string) => options.has(letter) || options.has(name)
  const standard = has('f', 'fs')
    ? 'NAME,FSTYPE,LABEL,UUID,MOUNTPOINTS'
    : 'NAME,MAJ:MIN,RM,SIZE,RO,TYPE,MOUNTPOINTS'
  const columns = (options.get('o') ?? options.get('output') ?? standard)
    .replace(/^\+/, `${standard},`)
    .split(',')
  const tops: BlockDevice[] = []
  for (const name of operands) {
    const device = await deviceAt(machine, name)
    if (!device) return failure(`lsblk: ${name}: not a block device`, 32)
    tops.push(device)
  }
  if (operands.length === 0) tops.push(...machine.disks.map(wholeDisk))
  const bytes = has('b', 'bytes')
  const inner = (device: BlockDevice) =>
    device.partition === 0 && !has('d', 'nodeps') ? partitionsOf(device.disk) : []
  const cell = (device: BlockDevice, column: string) => {
    const value = cellOf(device, column, machine, bytes)
    return column.toUpperCase() === 'NAME' && has('p', 'paths') ? device.path : value
  }

  if (has('J', 'json')) {
    const node = (device: BlockDevice): Record<string, unknown> => {
      const row = columns.map((column) => {
        const value = cell(device, column)
        return [column.toLowerCase(), column.toUpperCase() === 'MOUNTPOINTS' ? [value] : value]
      })
      const children = inner(device).map(node)
      return { ...Object.fromEntries(row), ...(children.length > 0 ? { children } : {}) }
    }
    return `${JSON.stringify({ blockdevices: tops.map(node) }, undefined, 3)}\n`
  }

  const flat = has('l', 'list') || has('r', 'raw') || has('P', 'pairs')
  const text = (value: Cell) =>
    value === null ? '' : typeof value === 'boolean' ? (value ? '1' : '0') : String(value)
  const rows = tops.flatMap((device) => {
    const children = inner(device)
    return [device, ...children].map((one) =>
      columns.map((column) => {
        const value = text(cell(one, column))
        if (column.toUpperCase() !== 'NAME' || flat || one === device) return value
        return `${one === children.at(-1) ? '└─' : '├─'}${value}`
      }),
    )
  })
  if (has('P', 'pairs')) {
    return rows.map((row) => `${row.map((value, at) => `${columns[at]}="${value}"`).join(' ')}\n`).join('')
  }
  const all = has('n', 'noheadings') ? rows : [columns.map((column) => column.toUpperCase()), ...rows]
  if (has('r', 'raw')) return all.map((row) => `${row.join(' ')}\n`).join('')
  return table(
    all,
    columns.flatMap((column, at) => (column.toUpperCase() === 'SIZE' ? [at] : [])),
  )
}

const wipeSignatures: GuestCommand = async (args, _context, machine) => {
  const { options, operands } = parseWords(args, ['O', 'output', 't', 'types', 'o', 'offset', 'lock'])
  const rows: string[][] = []
  let erased = ''
  for (const name of operands) {
    const device = await deviceAt(machine, name)
    if (!device)
      return failure(`wipefs: error: ${name}: probing initialization failed: No such file or directory`)
    const signatures = signaturesOn(device)
    if (options.has('a') || options.has('all')) {
      if (
        machine.mounts.some((one) => one.device?.disk === device.disk) &&
        !options.has('f') &&
        !options.has('force')
      ) {
        return failure(`wipefs: error: ${name}: probing initialization failed: Device or resource busy`)
      }
      for (const { type, offset } of signatures) {
        erased += `${name}: 8 bytes were erased at offset 0x${offset.toString(16).padStart(8, '0')} (${type})\n`
      }
      if (!options.has('n') && !options.has('no-act')) await eraseSignatures(device)
      continue
    }
    const columns = (options.get('O') ?? options.get('output') ?? 'DEVICE,OFFSET,TYPE,UUID,LABEL').split(',')
    for (const one of signatures) {
      rows.push(
        columns.map(
          (column) =>
            ({
              DEVICE: device.path.slice('/dev/'.length),
              OFFSET: `0x${one.offset.toString(16)}`,
              TYPE: one.type,
              UUID: one.uuid,
              LABEL: one.label,
              USAGE: '',
            })[column.toUpperCase()] ?? '',
        ),
      )
    }
    if (options.has('i') || options.has('noheadings') || rows.length === 0) continue
    if (rows.length === signatures.length) rows.unshift(columns)
  }
  if (erased !== '' || rows.length === 0) {
    await afterChange(machine)
    return erased
  }
  return table(rows)
}

async function eraseSignatures({ disk, partition }: BlockDevice): Promise<void> {
  if (partition === 0) return wipeDisk(disk)
  const { [String(partition)]: _erased, ...fileSystems } = disk.content.fileSystems ?? {}
  const { installed: _gone, ...rest } = disk.content
  await changeDisk(disk, { ...rest, fileSystems })
}

/** Device nodes follow the partition tables — unless the disk is to go away under disko's hands. */
async function afterChange(machine: Machine): Promise<void> {
  if (!machine.faults().diskVanishes) return writeDevices(machine)
  for (const disk of machine.disks) await machine.fs.rm(disk.path, { force: true })
}

const partitionTypes: Record<string, string> = {
  L: 'Linux filesystem',
  U: 'EFI System',
  S: 'Linux swap',
  '21686148-6449-6E6F-744E-656564454649': 'BIOS boot',
  'C12A7328-F81F-11D2-BA4B-00A0C93EC93B': 'EFI System',
}

/** `label: gpt` and lines `start,size,type[,…]` on standard input. */
const partition: GuestCommand = async (args, context, machine) => {
  const { options, operands } = parseWords(args)
  const name = operands[0] ?? ''
  const device = await deviceAt(machine, name)
  if (!device) return failure(`sfdisk: cannot open ${name}: No such file or directory`)
  const { disk } = device
  if (machine.faults().diesDuring === 'disko') {
    machine.power.die('disko')
    return failure('killed', 137)
  }
  if (options.has('d') || options.has('dump') || options.has('l'))
    return describe(name, disk.content, disk.source.sizeBytes)
  if (machine.mounts.some((one) => one.device?.disk === disk) && !options.has('force')) {
    return failure(
      'Checking that no-one is using this disk right now ... FAILED\n\nThis disk is currently in use - repartitioning is probably a bad idea.',
    )
  }
  const script = (await bytesOf(context.stdin)).toString()
  const type = /label:\s*(gpt|dos)/.exec(script)?.[1] === 'dos' ? 'dos' : 'gpt'
  const lines = script.split('\n').filter((line) => line.trim() !== '' && !/^\s*[\w-]+:/.test(line))
  const partitions: Partition[] = []
  let next = 2048
  const last = Math.floor(disk.source.sizeBytes / 512) - 34
  for (const [index, line] of lines.entries()) {
    const [, size = '', kind = '', label] = line.split(',').map((field) => field.trim())
    const sectors = size === '' || size === '+' ? last - next : sectorsOf(size)
    if (sectors <= 0 || next + sectors > last)
      return failure(`sfdisk: All space for primary partitions is in use.`)
    partitions.push({
      number: index + 1,
      startSector: next,
      sectors,
      typeName: partitionTypes[kind] ?? 'Linux filesystem',
      ...(label ? { label } : {}),
    })
    next += sectors
  }
  const id = randomUUID().toUpperCase()
  await changeDisk(disk, { partitionTable: { type, id, partitions } })
  await afterChange(machine)
  const created = partitions.map(
    (one) =>
      `${name}${one.number}: Created a new partition ${one.number} of type '${one.typeName}' and of size ${humanSize(one.sectors * 512)}.\n`,
  )
  return [
    'Checking that no-one is using this disk right now ... OK\n\n',
    `Disk ${name}: ${humanSize(disk.source.sizeBytes)}, ${disk.source.sizeBytes} bytes, ${disk.source.sizeBytes / 512} sectors\n`,
    `Disk model: ${disk.model || '-'}\n\n`,
    `>>> Script header accepted.\n>>> Created a new ${type.toUpperCase()} disklabel (GUID: ${id}).\n`,
    ...created,
    `${name}${partitions.length + 1}: Done.\n\nNew situation:\n`,
    describe(name, disk.content, disk.source.sizeBytes),
    '\nThe partition table has been altered.\nCalling ioctl() to re-read partition table.\nSyncing disks.\n',
  ].join('')
}

function describe(name: string, content: DiskContent, sizeBytes: number): string {
  const { partitionTable } = content
  if (!partitionTable) return `Disk ${name}: ${humanSize(sizeBytes)}, ${sizeBytes} bytes\n`
  const rows = partitionTable.partitions.map((one) => [
    `${name}${one.number}`,
    String(one.startSector),
    String(one.startSector + one.sectors - 1),
    String(one.sectors),
    humanSize(one.sectors * 512),
    one.typeName,
  ])
  return `Disklabel type: ${partitionTable.type}\nDisk identifier: ${partitionTable.id}\n\n${table([['Device', 'Start', 'End', 'Sectors', 'Size', 'Type'], ...rows], [1, 2, 3, 4])}`
}

function sectorsOf(size: string): number {
  const [, number = '0', unit = ''] = /^(\d+)(\w?)/.exec(size) ?? []
  const factor = { K: 2, M: 2048, G: 2097152 }[unit.toUpperCase()] ?? 1
  return Number(number) * factor
}

const makeFileSystem =
  (standardType: string): GuestCommand =>
  async (args, _context, machine) => {
    const { options, operands } = parseWords(args, [
      'L',
      'n',
      't',
      'U',
      'F' + '32',
      'label',
      'N',
      'i',
      'b',
      'm',
      'O',
      'E',
    ])
    const type = options.get('t') ?? standardType
    const name = operands.findLast((one) => one.startsWith('/')) ?? ''
    const device = await deviceAt(machine, name)
    if (!device) return failure(`mkfs.${type}: The file ${name} does not exist and no size was specified.`)
    if (machine.mounts.some((one) => one.device?.path === device.path)) {
      return failure(`${name} is mounted; will not make a filesystem here!`)
    }
    const { disk } = device
    const label = options.get('L') ?? options.get('n') ?? options.get('label')
    const made = { type, uuid: randomUUID(), ...(label ? { label } : {}) }
    const base: DiskContent = device.partition === 0 ? {} : disk.content
    await changeDisk(disk, {
      ...base,
      fileSystems: { ...base.fileSystems, [String(device.partition)]: made },
    })
    machine.fileSystems.delete(device.path)
    await afterChange(machine)
    return options.has('q')
      ? ''
      : `Creating filesystem with ${Math.floor(device.sizeBytes / 4096)} 4k blocks\nFilesystem UUID: ${made.uuid}\n`
  }

const identify: GuestCommand = async (args, _context, machine) => {
  const { options, operands } = parseWords(args, ['s', 'o', 'output', 'match-tag', 'L', 'U'])
  const devices =
    operands.length > 0
      ? await Promise.all(operands.map((name) => deviceAt(machine, name)))
      : machine.disks.flatMap((disk) => [wholeDisk(disk), ...partitionsOf(disk)])
  const tag = options.get('s') ?? options.get('match-tag')
  const lines = devices.flatMap((device) => {
    if (!device) return []
    const column = { LABEL: 'LABEL', UUID: 'UUID', TYPE: 'FSTYPE', PARTLABEL: 'PARTLABEL', PTTYPE: 'PTTYPE' }
    const pairs = Object.entries(column)
      .map(([name, of]) => [name, cellOf(device, of, machine, false)] as const)
      .filter(
        ([name, value]) =>
          value !== null && (!tag || tag === name) && (name !== 'PTTYPE' || device.partition === 0),
      )
    if (pairs.length === 0) return []
    if ((options.get('o') ?? options.get('output')) === 'value')
      return pairs.map(([, value]) => String(value))
    return [`${device.path}: ${pairs.map(([name, value]) => `${name}="${value}"`).join(' ')}`]
  })
  return { stdout: lines.map((line) => `${line}\n`).join(''), exitCode: lines.length > 0 ? 0 : 2 }
}

const blockDevice: GuestCommand = async (args, _context, machine) => {
  const name = args.find((arg) => !arg.startsWith('-')) ?? ''
  const device = await deviceAt(machine, name)
  if (!device) return failure(`blockdev: cannot open ${name}: No such file or directory`)
  if (args.includes('--getsize64')) return `${device.sizeBytes}\n`
  if (args.includes('--getsz')) return `${device.sizeBytes / 512}\n`
  return ''
}

/** `cmp -s -n BYTES -i SKIP:0 DEVICE /dev/zero`: whether a part of a disk is blank. */
const compare: GuestCommand = async (args, _context, machine) => {
  const { options, operands } = parseWords(args, ['n', 'i'])
  const [name = '', zero] = operands
  const device = await deviceAt(machine, name)
  if (!device || zero !== '/dev/zero') return failure(`cmp: ${name}: No such file or directory`, 2)
  const start = device.partition === 0 ? 0 : 512 * startOf(device)
  const at = Number.parseInt(options.get('i') ?? '0', 10)
  const isZero = await isZeroed(device.disk.source.path, start + at, Number(options.get('n')))
  return { exitCode: isZero ? 0 : 1 }
}

function startOf({ disk, partition }: BlockDevice): number {
  const partitions = disk.content.partitionTable?.partitions ?? []
  return partitions.find((one) => one.number === partition)?.startSector ?? 0
}

export const blockCommands: Record<string, GuestCommand> = {
  cmp: compare,
  lsblk: listBlocks,
  wipefs: wipeSignatures,
  sfdisk: partition,
  blkid: identify,
  blockdev: blockDevice,
  partprobe: () => '',
  mkfs: makeFileSystem('ext4'),
  'mkfs.ext4': makeFileSystem('ext4'),
  'mkfs.vfat': makeFileSystem('vfat'),
  'mkfs.fat': makeFileSystem('vfat'),
  'mkfs.xfs': makeFileSystem('xfs'),
  'mkfs.btrfs': makeFileSystem('btrfs'),
  mkswap: makeFileSystem('swap'),
}
