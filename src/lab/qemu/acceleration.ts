import { execFile } from 'node:child_process'
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Architecture } from './programs.ts'

const run = promisify(execFile)

/** Who computes: options of QEMU. */
export interface Acceleration {
  readonly name: 'kvm' | 'hvf' | 'tcg'
  /** `kvm`, `tcg,thread=multi` */
  readonly accel: string
  /** `host`, `max`, `qemu64` */
  readonly cpu: string
}

/** Emulation in software; works everywhere, with all that QEMU can emulate: systems may be built for newer processors. */
export const emulation: Acceleration = { name: 'tcg', accel: 'tcg,thread=multi', cpu: 'max' }

const patience = 10_000

/**
 * The hardware's help, if it is there for guests of that kind and works; otherwise {@link emulation}.
 *
 * @param wanted also where it is no hardware that helps
 */
export async function findAcceleration(
  architecture: Architecture,
  emulator: string,
  wanted?: Acceleration['name'],
): Promise<Acceleration> {
  const own = process.arch === 'arm64' ? 'aarch64' : 'x86_64'
  if (wanted === 'tcg' || architecture !== own) return emulation
  for (const candidate of candidates(architecture, wanted !== undefined)) {
    if (await switchesOff(architecture, emulator, candidate)) return candidate
  }
  return emulation
}

/** From the best to the plainest: inside other virtual machines not all that the processor has can be passed on. */
function candidates(architecture: Architecture, isWanted: boolean): Acceleration[] {
  if (process.platform === 'darwin') return [{ name: 'hvf', accel: 'hvf', cpu: 'host' }]
  if (!canOpen('/dev/kvm') || !(isWanted || hasVirtualisation())) return []
  const cpus = architecture === 'x86_64' ? ['host', 'host,-arch-capabilities', 'qemu64'] : ['host']
  return cpus.map((cpu) => ({ name: 'kvm', accel: 'kvm', cpu }))
}

/** Whether a machine with the smallest of all programs comes up and switches itself off: opening KVM says little. */
export async function switchesOff(
  architecture: Architecture,
  emulator: string,
  { accel, cpu }: Acceleration,
): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'nci-lab-'))
  const file = join(folder, 'program')
  writeFileSync(file, programs[architecture])
  const machine =
    architecture === 'x86_64'
      ? ['-machine', 'pc', '-drive', `file=${file},format=raw,if=ide`]
      : ['-machine', 'virt', '-kernel', file]
  const rest = ['-m', '64', '-nodefaults', '-display', 'none']
  try {
    await run(emulator, ['-accel', accel, '-cpu', cpu, ...machine, ...rest], { timeout: patience })
    return true
  } catch {
    return false
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Whether the processor can do it; there are KVMs without, which are slower than any emulation while a machine boots. */
function hasVirtualisation(): boolean {
  return process.arch !== 'x64' || /^flags.* (?:vmx|svm)\b/m.test(readFileSync('/proc/cpuinfo', 'utf8'))
}

function canOpen(file: string): boolean {
  try {
    accessSync(file, constants.R_OK | constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** A boot sector that writes to the power management's port; a kernel that calls the firmware's SYSTEM_OFF. */
const programs: Readonly<Record<Architecture, Uint8Array>> = {
  x86_64: bootSector([0xba, 0x04, 0x06, 0xb8, 0x00, 0x20, 0xef, 0xf4]),
  aarch64: Uint8Array.from([0x00, 0x01, 0x80, 0x52, 0x00, 0x80, 0xb0, 0x72, 0x02, 0x00, 0x00, 0xd4]),
}

function bootSector(code: readonly number[]): Uint8Array {
  const sector = new Uint8Array(512)
  sector.set(code)
  sector.set([0x55, 0xaa], 510)
  return sector
}
