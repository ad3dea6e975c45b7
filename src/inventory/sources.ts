import { existsSync, realpathSync } from 'node:fs'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { NciError } from '../core/errors.ts'

/** One source of an inventory. */
export type Source =
  | { readonly kind: 'path'; readonly path: string }
  /** A list of hosts, as it was given. */
  | { readonly kind: 'hosts'; readonly list: string }

/**
 * The sources that an inventory is made of. A list of hosts ends with a comma; other commas stand between paths,
 * as in `ANSIBLE_INVENTORY`.
 *
 * @throws {NciError} `INVENTORY_NOT_FOUND`
 */
export function sourcesOf(inventory: string): Source[] {
  // A comma may be a part of a name.
  if (existsSync(inventory)) return [{ kind: 'path', path: inventory }]
  if (/,\s*$/.test(inventory)) return [{ kind: 'hosts', list: inventory }]
  const paths = inventory
    .split(',')
    .map((path) => path.trim())
    .filter((path) => path !== '')
  const missing = paths.find((path) => !existsSync(path))
  if (paths.length === 0 || missing !== undefined) {
    throw new NciError('INVENTORY_NOT_FOUND', { source: missing ?? inventory })
  }
  return paths.map((path) => ({ kind: 'path', path }))
}

/** A source as `ansible-playbook -i` takes it. */
export function wordOf(source: Source): string {
  return source.kind === 'hosts' ? source.list : source.path
}

/**
 * Whether a file is a part of an inventory, or would be one if it were there: a source, in a folder that is one, or among
 * the variables beside one.
 *
 * @throws {NciError} `INVENTORY_NOT_FOUND`
 */
export function isPartOf(inventory: string, file: string): boolean {
  const path = realPath(file)
  const parts = sourcesOf(inventory).flatMap((source) => {
    if (source.kind === 'hosts') return []
    const beside = dirname(resolve(source.path))
    return [source.path, join(beside, 'group_vars'), join(beside, 'host_vars')].map(realPath)
  })
  return parts.some((part) => path === part || path.startsWith(part + sep))
}

/** Where a path leads to; its end, and the folder of that, need not be there. */
export function realPath(path: string): string {
  const full = resolve(path)
  if (existsSync(full)) return realpathSync(full)
  const folder = dirname(full)
  return join(existsSync(folder) ? realpathSync(folder) : folder, basename(full))
}
