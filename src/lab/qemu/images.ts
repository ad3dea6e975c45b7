/** The files behind drives, made such that QEMU can use them. */
import { execFile } from 'node:child_process'
import { copyFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { promisify } from 'node:util'
import { qcow2Size } from '../qcow2.ts'

const run = promisify(execFile)

/** What an image is by its name: what a guest writes into it decides nothing. */
export function imageFormat(path: string): 'qcow2' | 'raw' {
  return path.endsWith('.qcow2') ? 'qcow2' : 'raw'
}

/** Makes a qcow2 image of a volume that is only called so; every other is one already. */
export async function prepareImage(path: string, qemuImg: string | undefined): Promise<void> {
  if (imageFormat(path) === 'raw' || qcow2Size(path) !== undefined) return
  const draft = `${path}.draft`
  try {
    await runQemuImg(qemuImg, ['convert', '-f', 'raw', '-O', 'qcow2', path, draft])
    renameSync(draft, path)
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Puts another content into a volume. */
export async function replaceImage(
  path: string,
  content: string,
  qemuImg: string | undefined,
): Promise<void> {
  copyFileSync(content, path)
  await prepareImage(path, qemuImg)
}

/** Makes an image larger that no guest uses. */
export async function growImage(path: string, bytes: number, qemuImg: string | undefined): Promise<void> {
  if (qcow2Size(path) !== undefined) return runQemuImg(qemuImg, ['resize', path, String(bytes)])
  await using file = await open(path, 'r+')
  await file.truncate(bytes)
}

/** Whether nothing was ever written to a raw image. */
export function isBlank(path: string): boolean {
  return qcow2Size(path) === undefined && statSync(path).blocks === 0
}

async function runQemuImg(qemuImg: string | undefined, words: readonly string[]): Promise<void> {
  if (qemuImg === undefined)
    throw new Error('disks in the format qcow2 need `qemu-img`, which is not there; `raw` needs nothing')
  await run(qemuImg, words)
}
