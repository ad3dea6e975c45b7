import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes a folder and those above it, where they are not there. Node's own way to do so never ends where a folder that is
 * there says that it is not, as `/proc` does.
 *
 * @param mode of all that are made
 */
export function makeFolder(folder: string, mode = 0o777): void {
  const above = dirname(folder)
  if (above !== folder && !existsSync(above)) makeFolder(above, mode)
  try {
    mkdirSync(folder, { mode })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    if (!statSync(folder).isDirectory()) throw new Error('it is a file')
  }
}
