import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type Details, isNciError, NciError } from '../core/errors.ts'
import { findProgram } from '../core/programs.ts'
import { readWithAnsible } from './ansible/read.ts'
import { expandPath } from './coerce.ts'
import { emptyHint, unreadableHint } from './hints.ts'
import type { Inventory, InventorySource, ReadingOptions } from './inventory.ts'
import { limitPatterns } from './limit.ts'
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
  // To Ansible an empty one means all hosts. A file of patterns may be a pipe, which is read but once.
  if (program !== undefined && source.limit !== undefined) limitPatterns(source.limit)
  const inventory =
    program === undefined
      ? await readPlain(sources, source, options)
      : await readWithAnsible(program, sources, source, options)
  if (inventory.hosts.length > 0) return inventory
  if (source.limit === undefined) {
    const hint = inventory.reader === 'ansible' ? emptyHint(sources) : {}
    throw new NciError('INVENTORY_EMPTY', { source: source.inventory }, hint)
  }
  throw new NciError('LIMIT_NO_MATCH', { source: source.inventory, limit: source.limit })
}

/** Reads it without Ansible. */
async function readPlain(
  sources: readonly Source[],
  source: InventorySource,
  options: ReadingOptions,
): Promise<Inventory> {
  const { inventory, vault_password_file } = source
  if (vault_password_file !== undefined && !existsSync(String(expandPath(vault_password_file)))) {
    const reason = `there is no file ${vault_password_file} for the password of its vault`
    const hint = 'Give `--vault-password-file` an existing file.'
    throw new NciError('INVENTORY_UNREADABLE', { source: inventory, reason }, { hint })
  }
  try {
    return await readYaml(sources, source, options)
  } catch (error) {
    if (!isNciError(error, 'INVENTORY_UNREADABLE')) throw error
    const details = error.details as Details<'INVENTORY_UNREADABLE'>
    throw new NciError('INVENTORY_UNREADABLE', details, { cause: error, ...unreadableHint(sources) })
  }
}

/** The Ansible to read it with; undefined where it is to be read, or has to be read, without. */
function programFor({ inventory, inventory_reader, ansible_playbook }: InventorySource): string | undefined {
  if (inventory_reader === 'yaml') return undefined
  const found = findProgram(ansible_playbook ?? 'ansible-playbook')
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
