import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { collection } from './play.ts'

/** A copy of the collection in folders as the tools for collections want them; gives its path. */
export function layOut(folder: string): string {
  const copy = join(folder, 'ansible_collections', 'nixos', 'cloud_init_installer')
  mkdirSync(join(copy, '..'), { recursive: true })
  cpSync(collection, copy, { recursive: true, filter: (source) => !source.includes('__pycache__') })
  return copy
}
