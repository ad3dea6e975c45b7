import { dirname, resolve } from 'node:path'
import { NciError } from '../core/errors.ts'
import { findAnsible } from './ansible/find.ts'
import { readWithAnsible } from './ansible/read.ts'
import type { Inventory, InventorySource, ReadingOptions } from './inventory.ts'
import { type Source, sourcesOf } from './sources.ts'
import { isFolder } from './yaml/files.ts'
import { readYaml } from './yaml/read.ts'

/**
 * Reads an inventory: through the user's own Ansible, where it is installed, or else plain YAML.
 *
 * @throws {NciError} `INVENTORY_NOT_FOUND`, `INVENTORY_UNREADABLE`, `INVENTORY_EMPTY`, `INVENTORY_NEEDS_ANSIBLE`,
 *   `LIMIT_NO_MATCH`
 */
export async function readInventory(source: InventorySource, options: ReadingOptions): Promise<Inventory> {
  const sources = sourcesOf(source.inventory)
  for (const folder of foldersBesidePlaybooks(sources)) {
    options.warn(
      `The folder ${folder} is not read: only the group_vars and host_vars beside the inventory are, not those beside playbooks.`,
    )
  }
  const program = programFor(source)
  const inventory =
    program === undefined
      ? await readYaml(sources, source, options)
      : await readWithAnsible(program, sources, source, options)
  if (inventory.hosts.length > 0) return inventory
  if (source.limit === undefined) throw new NciError('INVENTORY_EMPTY', { source: source.inventory })
  throw new NciError('LIMIT_NO_MATCH', { source: source.inventory, limit: source.limit })
}

/** The Ansible to read it with; undefined where it is to be read, or has to be read, without. */
function programFor({ inventory, inventory_reader, ansible_playbook }: InventorySource): string | undefined {
  if (inventory_reader === 'yaml') return undefined
  const found = findAnsible(ansible_playbook)
  if (found === undefined && (inventory_reader === 'ansible' || ansible_playbook !== undefined)) {
    const reason = `there is no program \`${ansible_playbook ?? 'ansible-playbook'}\``
    throw new NciError('INVENTORY_NEEDS_ANSIBLE', { source: inventory, reason })
  }
  return found
}

/** Folders of variables where this program was started that a playbook there would be given. */
function foldersBesidePlaybooks(sources: readonly Source[]): string[] {
  const read = sources.flatMap((one) => {
    if (one.kind === 'hosts') return []
    return resolve(isFolder(one.path) ? one.path : dirname(one.path))
  })
  return read.includes(resolve('.')) ? [] : ['group_vars', 'host_vars'].filter(isFolder)
}
