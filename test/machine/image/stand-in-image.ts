/** The stand-in for the NixOS installer, built where it is not in the cache; see build.sh. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const script = join(import.meta.dirname, 'build.sh')

export interface StandInImage {
  /** Boots by BIOS and by UEFI. */
  readonly iso: string
  /** A static busybox, for closures without nixpkgs. */
  readonly busybox: string
}

/** For the packages, from a mirror that is far away, and the minute that the rest takes. */
const patienceSeconds = 600
/** What `timeout` ends with when the time is over, and build.sh where it has not got what it needs. */
const tooLate = 124
const lacksSomething = 69

let found: Promise<StandInImage> | undefined

/** Builds it, or finds it in the cache. Several processes may ask at the same time. */
export function standInImage(): Promise<StandInImage> {
  found ??= find()
  return found
}

async function find(): Promise<StandInImage> {
  // Ends also what the script has started.
  const { stdout } = await promisify(execFile)('timeout', [String(patienceSeconds), 'sh', script])
  const folder = stdout.trim()
  return { iso: join(folder, 'installer.iso'), busybox: join(folder, 'busybox') }
}

/** Why there can be none here; `undefined` where there is one, and where it is to blame: whoever asks for it is told. */
export async function whyNoImage(): Promise<string | undefined> {
  try {
    await standInImage()
    return undefined
  } catch (error) {
    const { code, stderr = '' } = error as { readonly code?: unknown; readonly stderr?: string }
    if (code === 'ENOENT') return 'its image is built with `timeout`, which is not here'
    if (code === tooLate) return `its image is not ready after ${patienceSeconds} s`
    return code === lacksSomething ? stderr.trim().split('\n').at(-1) : undefined
  }
}
