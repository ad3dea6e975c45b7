import { execFile } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { NciError, reasonOf } from '../../core/errors.ts'

const run = promisify(execFile)

export type Architecture = 'x86_64' | 'aarch64'
const architectures: readonly Architecture[] = ['x86_64', 'aarch64']

/** Older ones corrupt guests where several processors are emulated in parallel. */
const oldest = 10

/** An emulator that is new enough. */
export interface Emulator {
  readonly program: string
  /** `10.0.2` */
  readonly version: string
}

/** The programs of QEMU: an emulator for each architecture that there is one for, at least one. */
export interface Programs {
  readonly emulators: Readonly<Partial<Record<Architecture, Emulator>>>
  /** Only needed for qcow2 images. */
  readonly qemuImg: string | undefined
  /** What each architecture lacks that has no emulator, as a sentence. */
  readonly missing: Readonly<Partial<Record<Architecture, string>>>
}

/**
 * Finds QEMU's programs in a folder, or in PATH.
 *
 * @throws {NciError} `LAB_QEMU_UNSUITABLE` where there is no emulator of version 10 or newer
 */
export async function findPrograms(folder: string | undefined): Promise<Programs> {
  const emulators: Partial<Record<Architecture, Emulator>> = {}
  const missing: Partial<Record<Architecture, string>> = {}
  for (const architecture of architectures) {
    const found = await findEmulator(architecture, folder)
    if (typeof found === 'string') missing[architecture] = found
    else emulators[architecture] = found
  }
  if (Object.keys(emulators).length === 0) {
    const own = process.arch === 'arm64' ? 'aarch64' : 'x86_64'
    throw new NciError('LAB_QEMU_UNSUITABLE', { found: missing[own] ?? '' })
  }
  return { emulators, qemuImg: find('qemu-img', folder), missing }
}

async function findEmulator(
  architecture: Architecture,
  folder: string | undefined,
): Promise<Emulator | string> {
  const name = `qemu-system-${architecture}`
  const program = find(name, folder)
  if (program === undefined) return `there is no ${name} in ${folder ?? 'PATH'}`
  let text: string
  try {
    text = (await run(program, ['--version'])).stdout
  } catch (error) {
    return `${program} does not run: ${reasonOf(error)}`
  }
  const version = /version (\d+(?:\.\d+)*)/.exec(text)?.[1]
  if (version === undefined) return `${program} does not tell its version`
  return Number.parseInt(version, 10) < oldest ? `${program} is version ${version}` : { program, version }
}

function find(name: string, folder: string | undefined): string | undefined {
  const folders = folder === undefined ? (process.env.PATH ?? '').split(delimiter) : [folder]
  return folders
    .filter((one) => one !== '')
    .map((one) => join(one, name))
    .find(isExecutable)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
