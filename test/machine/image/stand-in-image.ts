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

/** Builds it, which takes a minute, or finds it in the cache. Several processes may ask at the same time. */
export async function standInImage(): Promise<StandInImage> {
  const { stdout } = await promisify(execFile)('sh', [script])
  const folder = stdout.trim()
  return { iso: join(folder, 'installer.iso'), busybox: join(folder, 'busybox') }
}
