import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { NciError } from '../../core/errors.ts'

/** What lies in inventory folders and is no source: Ansible's own list. */
const ignored =
  /^\.|^(host_vars|group_vars|vars_plugins)$|(\.pyc|\.pyo|\.swp|\.bak|~|\.rpm|\.md|\.txt|\.rst|\.orig|\.cfg|\.retry)$/
const yamlEndings = ['', '.yml', '.yaml', '.json']

/**
 * The inventory files in YAML that a source is made of: itself, or those of a folder and the folders in it.
 *
 * @throws {NciError} `INVENTORY_NEEDS_ANSIBLE` where one is of another kind
 */
export function inventoryFiles(path: string): string[] {
  if (isFolder(path)) {
    return readdirSync(path)
      .filter((name) => !ignored.test(name))
      .sort(byCode)
      .flatMap((name) => inventoryFiles(join(path, name)))
  }
  const needsAnsible = (reason: string): NciError =>
    new NciError('INVENTORY_NEEDS_ANSIBLE', { source: path, reason })
  if (isScript(path)) throw needsAnsible('it is a program')
  if (!yamlEndings.includes(extname(path))) throw needsAnsible('it is not YAML')
  return [path]
}

/** The files of variables of a group or host in `group_vars` or `host_vars`: one, or all of a folder. */
export function variableFiles(folder: string, name: string): string[] {
  // Names such as /srv/chroot, and what leads out of the folder, have none.
  if (name.startsWith('/')) return []
  const found = yamlEndings.map((ending) => join(folder, name + ending)).find((path) => existsSync(path))
  if (found === undefined) return []
  return isFolder(found) ? filesWithin(found) : [found]
}

function filesWithin(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.') && !name.endsWith('~'))
    .sort(byCode)
    .flatMap((name) => {
      const path = join(folder, name)
      if (isFolder(path)) return extname(name) === '' ? filesWithin(path) : []
      return yamlEndings.includes(extname(name)) ? [path] : []
    })
}

/** As Python sorts. */
function byCode(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

function isScript(path: string): boolean {
  const file = openSync(path, 'r')
  try {
    const start = Buffer.alloc(2)
    readSync(file, start, 0, 2, 0)
    return start.toString('latin1') === '#!'
  } finally {
    closeSync(file)
  }
}
