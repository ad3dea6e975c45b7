import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'

/** The `ansible-playbook` to use: the given one, or the one in PATH; undefined where there is none. */
export function findAnsible(given: string | undefined): string | undefined {
  if (given?.includes('/')) return isProgram(resolve(given)) ? resolve(given) : undefined
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, given ?? 'ansible-playbook'))
    .find(isProgram)
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}
