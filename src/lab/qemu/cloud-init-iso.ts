import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { CloudInitDrive } from '../guest.ts'
import { replaceImage } from './images.ts'

const run = promisify(execFile)

/** What makes ISO 9660 images, with the words before the options that they all know; Proxmox uses the first. */
const makers = [['genisoimage'], ['xorrisofs'], ['mkisofs'], ['xorriso', '-as', 'mkisofs']]
/** As Proxmox allocates it. */
const volumeBytes = 4 * 1024 ** 2

/** Writes the drive's files into its volume, as an ISO 9660 image like Proxmox's. */
export async function writeCloudInitImage(drive: CloudInitDrive, qemuImg: string | undefined): Promise<void> {
  const { label, files } = drive
  const folder = mkdtempSync(join(tmpdir(), 'nci-lab-'))
  try {
    const tree = join(folder, 'tree')
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(tree, name)), { recursive: true })
      writeFileSync(join(tree, name), text)
    }
    const image = join(folder, 'image.iso')
    await makeIso(['-quiet', '-iso-level', '3', '-J', '-R', '-V', label, '-o', image, tree])
    truncateSync(image, volumeBytes)
    await replaceImage(drive.path, image, qemuImg)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function makeIso(options: readonly string[]): Promise<void> {
  for (const [program = '', ...words] of makers) {
    try {
      await run(program, [...words, ...options])
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
  throw new Error('a cloud-init drive needs `genisoimage`, `xorriso` or `mkisofs`, none of which is in PATH')
}
