import { extname } from 'node:path'
import { isNciError, NciError, reasonOf } from '../../core/errors.ts'
import type { Graph, Group, Host } from './graph.ts'
import { loadFile } from './load.ts'
import { expandHost } from './ranges.ts'

type Mapping = Readonly<Record<string, unknown>>

/**
 * Adds the groups, hosts and variables of an inventory file in YAML.
 *
 * @throws {NciError} `INVENTORY_UNREADABLE`, `INVENTORY_NEEDS_ANSIBLE`
 */
export async function readTree(graph: Graph, file: string, warn: (message: string) => void): Promise<void> {
  const data = await loadFile(file, warn).catch((error: unknown) => {
    // Without an ending it may be anything that Ansible knows.
    if (extname(file) !== '' || !isNciError(error, 'INVENTORY_UNREADABLE')) throw error
    const reason = 'it is not YAML'
    throw new NciError('INVENTORY_NEEDS_ANSIBLE', { source: file, reason }, { cause: error })
  })
  if (data === null) return warn(`There is nothing in ${file}.`)
  if (!isMapping(data))
    throw new NciError('INVENTORY_NEEDS_ANSIBLE', { source: file, reason: 'it is no dictionary in YAML' })
  if (data.plugin) {
    const reason = `it is for the inventory plugin \`${String(data.plugin)}\``
    throw new NciError('INVENTORY_NEEDS_ANSIBLE', { source: file, reason })
  }
  try {
    const tree = new Tree(graph, file, warn)
    for (const [name, content] of Object.entries(data)) tree.addGroup(name, content)
  } catch (error) {
    throw new NciError('INVENTORY_UNREADABLE', { source: file, reason: reasonOf(error) })
  }
}

class Tree {
  readonly #graph: Graph
  readonly #file: string
  readonly #warn: (message: string) => void

  constructor(graph: Graph, file: string, warn: (message: string) => void) {
    this.#graph = graph
    this.#file = file
    this.#warn = warn
  }

  addGroup(name: string, content: unknown): Group {
    if (!isMapping(content) && content !== null) throw new Error(`the group \`${name}\` is no dictionary`)
    const group = this.#graph.group(name)
    for (const [key, given] of Object.entries(content ?? {})) {
      const add = this.#sections[key]
      if (add === undefined) {
        this.#warn(`${this.#file}: \`${key}\` of the group \`${name}\` means nothing to Ansible.`)
        continue
      }
      // A single name may stand alone.
      const section = typeof given === 'string' ? { [given]: null } : given
      if (section === null) continue
      if (!isMapping(section)) throw new Error(`\`${key}\` of the group \`${name}\` is no dictionary`)
      add(group, section)
    }
    return group
  }

  readonly #sections: Readonly<Record<string, (group: Group, section: Mapping) => void>> = {
    vars: (group, section) => {
      for (const [name, value] of Object.entries(section)) this.#set(group.name, name, value)
    },
    children: (group, section) => {
      for (const [name, content] of Object.entries(section)) {
        this.#graph.adopt(group, this.addGroup(name, content))
      }
    },
    hosts: (group, section) => {
      for (const [pattern, content] of Object.entries(section)) this.#addHosts(group, pattern, content ?? {})
    },
  }

  #addHosts(group: Group, pattern: string, variables: unknown): void {
    if (!isMapping(variables)) throw new Error(`the host \`${pattern}\` is no dictionary`)
    const { names } = expandHost(pattern)
    for (const name of names) {
      this.#graph.admit(group, this.#graph.host(name))
      for (const [variable, value] of Object.entries(variables)) this.#set(name, variable, value)
    }
  }

  /** Of a group and a host with one name, the group is meant. */
  #set(owner: string, name: string, value: unknown): void {
    const target: Group | Host = this.#graph.groups.get(owner) ?? this.#graph.host(owner)
    if (name === 'ansible_group_priority' && 'priority' in target) target.priority = priorityOf(value)
    else target.variables.set(name, { value, file: this.#file })
  }
}

function priorityOf(value: unknown): number {
  if (!/^\s*[+-]?\d+\s*$/.test(String(value)))
    throw new Error('an `ansible_group_priority` is no whole number')
  return Number(value)
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
