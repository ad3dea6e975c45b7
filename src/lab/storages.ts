import path from 'node:path'
import { failed } from './api-error.ts'
import { type LabStorage, Storage, type Volume } from './storage.ts'

/** The storages of all nodes. */
export class Storages {
  definitions: readonly LabStorage[]
  readonly #byNode = new Map<string, Storage>()

  constructor(
    definitions: readonly LabStorage[],
    nodes: readonly string[],
    folder: string,
    isFull: (storage: string, node: string) => boolean,
  ) {
    this.definitions = definitions
    for (const definition of definitions) {
      for (const node of definition.nodes ?? nodes) {
        // The first node's volumes and shared ones are where one looks for them.
        const own =
          definition.shared === true || node === nodes[0] ? definition.id : `${definition.id}@${node}`
        const storage = new Storage(definition, node, path.join(folder, 'storage', own), () =>
          isFull(definition.id, node),
        )
        this.#byNode.set(`${node}/${definition.id}`, storage)
      }
    }
  }

  /** Whether the cluster has a storage of that name. */
  has(id: string): boolean {
    return this.definitions.some((definition) => definition.id === id)
  }

  /** Changes the definition of a storage, for all nodes. */
  redefine(id: string, changes: Partial<Pick<LabStorage, 'content' | 'disabled'>>): void {
    const change = (definition: LabStorage) =>
      definition.id === id ? { ...definition, ...changes } : definition
    this.definitions = this.definitions.map(change)
    for (const storage of this.#byNode.values()) storage.definition = change(storage.definition)
  }

  /** A node's storages. */
  on(node: string): Storage[] {
    return [...this.#byNode.values()].filter((storage) => storage.node === node)
  }

  /** A node's storage; throws if there is none. */
  get(node: string, id: string): Storage {
    if (!this.has(id)) throw failed(`storage '${id}' does not exist`)
    const storage = this.#byNode.get(`${node}/${id}`)
    if (storage === undefined) throw failed(`storage '${id}' is not available on node '${node}'`)
    return storage
  }

  /** The storage and the name in `local:iso/a.iso`. */
  split(node: string, volid: string): { storage: Storage; name: string } {
    const [, id = '', name = ''] = /^([^:]+):(.+)$/.exec(volid) ?? []
    return { storage: this.get(node, id), name }
  }

  /** A volume by its id, `undefined` if there is none. */
  find(node: string, volid: string): Volume | undefined {
    const { storage, name } = this.split(node, volid)
    return storage.find(name)
  }
}
