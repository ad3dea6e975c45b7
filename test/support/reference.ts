import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, '..', '..', '..', 'shared', 'reference')

/** Recordings of the real programs, beside the repository; tests that need them are skipped where they are absent. */
export const hasReference = existsSync(folder)

export function referencePath(...names: string[]): string {
  return join(folder, ...names)
}

export function referenceJson(...names: string[]): unknown {
  return JSON.parse(readFileSync(referencePath(...names), 'utf8'))
}
