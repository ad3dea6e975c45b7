import { dirname, join } from 'node:path'
import { NciError } from '../../core/errors.ts'
import { isFolder, variableFiles } from './files.ts'
import type { Graph, Group, Host, Variables } from './graph.ts'
import { loadFile } from './load.ts'

/**
 * The variables of hosts, with Ansible's precedence: those of `all`, of the other groups, `group_vars` of `all` and of the
 * other groups, those of the host, `host_vars`. Of groups, the deeper one wins, then the higher priority, then the later
 * name; of sources, the later one.
 */
export class VariableReader {
  readonly #all: Group
  readonly #folders: readonly string[]
  readonly #files = new Map<string, Promise<Variables>>()
  readonly #warn: (message: string) => void

  /** @param paths the sources of the inventory */
  constructor(graph: Graph, paths: readonly string[], warn: (message: string) => void) {
    this.#warn = warn
    this.#all = graph.group('all')
    this.#folders = paths.map((path) => (isFolder(path) ? path : dirname(path)))
  }

  /** @throws {NciError} `INVENTORY_UNREADABLE`, `INVENTORY_NEEDS_ANSIBLE` */
  async of(host: Host): Promise<Variables> {
    const groups = host.allGroups().filter((group) => group !== this.#all)
    return combined([
      this.#all.variables,
      ...groups.map(({ variables }) => variables),
      ...(await this.#beside('group_vars', [this.#all.name])),
      ...(await this.#beside(
        'group_vars',
        groups.map(({ name }) => name),
      )),
      host.variables,
      ...(await this.#beside('host_vars', [host.name])),
    ])
  }

  /** What lies beside the sources: source by source, and for each the names in their order. */
  async #beside(folder: 'group_vars' | 'host_vars', names: readonly string[]): Promise<Variables[]> {
    const found: Variables[] = []
    for (const source of this.#folders) {
      for (const name of names) found.push(await this.#variablesIn(join(source, folder), name))
    }
    return found
  }

  #variablesIn(folder: string, name: string): Promise<Variables> {
    const key = join(folder, name)
    const known = this.#files.get(key) ?? readAll(variableFiles(folder, name), this.#warn)
    this.#files.set(key, known)
    return known
  }
}

async function readAll(files: readonly string[], warn: (message: string) => void): Promise<Variables> {
  const all: Variables[] = []
  for (const file of files) {
    const content = await loadFile(file, warn)
    if (content === null) continue
    if (typeof content !== 'object' || Array.isArray(content)) {
      throw new NciError('INVENTORY_UNREADABLE', { source: file, reason: 'it is no dictionary of variables' })
    }
    all.push(new Map(Object.entries(content).map(([name, value]) => [name, { value, file }])))
  }
  return combined(all)
}

/** The later one wins. */
function combined(all: readonly Variables[]): Variables {
  return new Map(all.flatMap((variables) => [...variables]))
}
