/**
 * What a simulated guest leaves on a disk: instead of file systems, a JSON description in the first 64 KiB of
 * the volume's file, after a magic line. A file that is empty or all zero there is a blank disk; anything
 * else that is not ours is data of somebody else, which the wipe guards must notice.
 */
import { open } from 'node:fs/promises'

export const diskMagic = 'NIXOS-LAB-SIMULATED-DISK 1\n'
const headerSize = 64 * 1024

export interface Partition {
  readonly number: number
  readonly startSector: number
  readonly sectors: number
  readonly typeName: string
  readonly label?: string
}

export interface FileSystem {
  readonly type: string
  readonly uuid: string
  readonly label?: string
}

/** The system that nixos-install left on the disk. */
export interface InstalledSystem {
  readonly system: string
  readonly generation: number
  readonly hostname: string
  /** Users' public keys as in `authorized_keys`. */
  readonly authorizedKeys: readonly string[]
  /** sshd's private keys, in OpenSSH's format. */
  readonly hostKeys: readonly string[]
  readonly machineId: string
  /** The cloud-init network configuration at the time of the install; stands for the closure's own. */
  readonly networkConfig?: string
}

export interface DiskContent {
  readonly partitionTable?: {
    readonly type: 'gpt' | 'dos'
    readonly id: string
    readonly partitions: readonly Partition[]
  }
  /** By partition number; `0` is the whole disk. */
  readonly fileSystems?: Readonly<Record<string, FileSystem>>
  readonly installed?: InstalledSystem
  /** Somebody else's data: what `wipefs` calls it and where. */
  readonly foreign?: { readonly type: string; readonly offset: number; readonly kind: 'table' | 'filesystem' }
}

export const blankDisk: DiskContent = {}

export function isBlank(content: DiskContent): boolean {
  return Object.keys(content).length === 0
}

export async function readDiskContent(path: string): Promise<DiskContent> {
  const header = await readHeader(path)
  if (header.every((byte) => byte === 0)) return blankDisk
  if (header.toString('latin1', 0, diskMagic.length) !== diskMagic) return { foreign: recognise(header) }
  const end = header.indexOf(0, diskMagic.length)
  return JSON.parse(header.toString('utf8', diskMagic.length, end < 0 ? header.length : end)) as DiskContent
}

/**
 * Writes what a guest would have left, or (a string or bytes) data that the simulation knows nothing of.
 * Blank content zeroes the header.
 */
export async function writeDiskContent(
  path: string,
  content: DiskContent | string | Uint8Array,
): Promise<void> {
  const header = Buffer.alloc(headerSize)
  if (typeof content === 'string') header.write(content)
  else if (content instanceof Uint8Array) header.set(content.subarray(0, headerSize))
  else if (!isBlank(content)) header.write(diskMagic + JSON.stringify(content))
  const file = await open(path, 'r+').catch(() => open(path, 'w+'))
  try {
    await file.write(header, 0, headerSize, 0)
  } finally {
    await file.close()
  }
}

async function readHeader(path: string): Promise<Buffer> {
  const header = Buffer.alloc(headerSize)
  const file = await open(path, 'r').catch(() => undefined)
  if (!file) return header
  try {
    await file.read(header, 0, headerSize, 0)
    return header
  } finally {
    await file.close()
  }
}

/** Whether a part of a disk holds nothing; what its file has not (yet) is blank. */
export async function isZeroed(path: string, at: number, bytes: number): Promise<boolean> {
  const file = await open(path, 'r').catch(() => undefined)
  if (!file) return true
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, at)
    return buffer.subarray(0, bytesRead).every((byte) => byte === 0)
  } finally {
    await file.close()
  }
}

/** The signatures that matter for "is there something on it?". */
function recognise(header: Buffer): NonNullable<DiskContent['foreign']> {
  const has = (offset: number, magic: string) =>
    header.toString('latin1', offset, offset + magic.length) === magic
  if (has(512, 'EFI PART')) return { type: 'gpt', offset: 0x200, kind: 'table' }
  if (has(0, 'LUKS\xba\xbe')) return { type: 'crypto_LUKS', offset: 0, kind: 'filesystem' }
  if (has(0x200, 'LABELONE')) return { type: 'LVM2_member', offset: 0x218, kind: 'filesystem' }
  if (has(0, 'XFSB')) return { type: 'xfs', offset: 0, kind: 'filesystem' }
  if (has(0x438, '\x53\xef')) return { type: 'ext4', offset: 0x438, kind: 'filesystem' }
  if (has(0x8001, 'CD001')) return { type: 'iso9660', offset: 0x8001, kind: 'filesystem' }
  if (has(0x1fe, '\x55\xaa')) return { type: 'dos', offset: 0x1fe, kind: 'table' }
  return { type: 'unknown_data', offset: header.findIndex((byte) => byte !== 0), kind: 'filesystem' }
}
