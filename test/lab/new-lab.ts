import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { type Lab, type LabOptions, startLab } from '../../src/lab/lab.ts'
import { type StillGuest, stillGuests } from './still-guest.ts'

/** A lab in a folder of its own, for the length of one test. */
export async function newLab(
  options: Partial<LabOptions> = {},
): Promise<{ lab: Lab; folder: string; guests: Map<number, StillGuest> }> {
  const folder = options.folder ?? mkdtempSync(path.join(tmpdir(), 'lab-'))
  const { factory, guests } = stillGuests()
  const lab = await startLab({ guests: factory, ...options, folder })
  onTestFinished(async () => {
    await lab.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return { lab, folder, guests }
}
