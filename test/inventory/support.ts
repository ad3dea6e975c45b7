import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { dump } from 'js-yaml'
import { type TestContext, vi } from 'vitest'
import { ownPrefixes } from '../../src/inventory/host-document.ts'
import type { Inventory, InventorySource } from '../../src/inventory/inventory.ts'
import { readInventory } from '../../src/inventory/read.ts'
import { newest } from '../ansible/support/requirements.ts'
import { temporaryFolder } from '../support/folder.ts'
import { pythonEnvironment, type Requirement } from '../support/python.ts'

/** Writes files by their paths; what is no text is written as YAML. */
export function writeTree(folder: string, files: Readonly<Record<string, unknown>>): string {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, typeof content === 'string' ? content : dump(content))
  }
  return folder
}

/** A folder with these files. */
export function treeFolder(files: Readonly<Record<string, unknown>>): { readonly path: string } & Disposable {
  const folder = temporaryFolder()
  writeTree(folder.path, files)
  return folder
}

/** The programs of a real Ansible, with nothing of the user's configuration; skips the test where it cannot be had. */
export async function realAnsible(
  context: Pick<TestContext, 'skip'>,
  home: string,
  requirements: readonly Requirement[] = newest,
): Promise<string> {
  const programs = join(await pythonEnvironment(context, requirements), 'bin')
  writeTree(home, { 'ansible.cfg': '[defaults]\n' })
  vi.stubEnv('ANSIBLE_CONFIG', join(home, 'ansible.cfg'))
  vi.stubEnv('ANSIBLE_HOME', join(home, '.ansible'))
  vi.stubEnv('LC_ALL', 'C.UTF-8')
  return programs
}

/** Hosts with the variables that a test is about, and what was warned of. */
export async function read(
  source: Partial<InventorySource> & { readonly inventory: string },
  variables: readonly string[] = ['nixos_vm', 'nixos_vm_defaults', 'proxmox_api_host'],
  signal: AbortSignal = new AbortController().signal,
): Promise<Inventory & { readonly warnings: readonly string[] }> {
  const warnings: string[] = []
  const inventory = await readInventory(
    { inventory_reader: source.ansible_playbook === undefined ? 'yaml' : 'auto', ...source },
    { variables, prefixes: ownPrefixes, signal, warn: (message) => warnings.push(message) },
  )
  return { ...inventory, warnings }
}

/** Host to a variable's value. */
export function valuesOf({ hosts }: Inventory, variable = 'nixos_vm'): Record<string, unknown> {
  return Object.fromEntries(hosts.map(({ name, variables }) => [name, variables[variable]]))
}

export const namesOf = ({ hosts }: Inventory): string[] => hosts.map(({ name }) => name)
