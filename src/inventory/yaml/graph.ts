/** A variable's value, with the file that it stands in. */
export interface Variable {
  readonly value: unknown
  readonly file: string
}
export type Variables = Map<string, Variable>

export class Host {
  readonly name: string
  readonly variables: Variables = new Map()
  readonly groups = new Set<Group>()

  constructor(name: string) {
    this.name = name
  }

  /** All groups that it belongs to, the weakest first: by depth, priority and name. */
  allGroups(): Group[] {
    const all = new Set([...this.groups].flatMap((group) => [group, ...group.ancestors()]))
    return [...all].sort(
      (a, b) =>
        a.depth() - b.depth() || a.priority - b.priority || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
    )
  }
}

export class Group {
  readonly name: string
  readonly variables: Variables = new Map()
  readonly children = new Set<Group>()
  readonly parents = new Set<Group>()
  readonly hosts = new Set<Host>()
  /** `ansible_group_priority`: which of two groups of the same depth is stronger. */
  priority = 1
  #ancestors: ReadonlySet<Group> | undefined
  #depth: number | undefined

  constructor(name: string) {
    this.name = name
  }

  ancestors(): ReadonlySet<Group> {
    this.#ancestors ??= new Set([...this.parents].flatMap((parent) => [parent, ...parent.ancestors()]))
    return this.#ancestors
  }

  /** The longest way from `all`. */
  depth(): number {
    this.#depth ??= Math.max(0, ...[...this.parents].map((parent) => parent.depth() + 1))
    return this.#depth
  }

  /** Its hosts, and those of the groups below, level by level. */
  members(): Host[] {
    const groups = new Set<Group>([this])
    for (const group of groups) for (const child of group.children) groups.add(child)
    return [...new Set([...groups].flatMap((group) => [...group.hosts]))]
  }

  /** Whether a group is this one or above it. */
  isWithin(group: Group): boolean {
    return group === this || [...this.parents].some((parent) => parent.isWithin(group))
  }
}

/** Groups and hosts, in the order in which the sources name them. */
export class Graph {
  readonly groups = new Map<string, Group>()
  readonly hosts = new Map<string, Host>()

  constructor() {
    this.adopt(this.group('all'), this.group('ungrouped'))
  }

  group(name: string): Group {
    const group = this.groups.get(name) ?? new Group(name)
    this.groups.set(name, group)
    return group
  }

  host(name: string): Host {
    const host = this.hosts.get(name) ?? new Host(name)
    this.hosts.set(name, host)
    return host
  }

  /** @throws {Error} where a group would be within itself */
  adopt(parent: Group, child: Group): void {
    if (parent.isWithin(child)) throw new Error(`the group \`${child.name}\` would be within itself`)
    parent.children.add(child)
    child.parents.add(parent)
  }

  admit(group: Group, host: Host): void {
    group.hosts.add(host)
    host.groups.add(group)
  }

  /** Every group is within `all`; who is in no other group is in `ungrouped`. */
  complete(): void {
    const [all, ungrouped] = [this.group('all'), this.group('ungrouped')]
    for (const group of this.groups.values()) {
      if (group !== all && group.parents.size === 0) this.adopt(all, group)
    }
    for (const host of this.hosts.values()) {
      const isGrouped = [...host.groups].some((group) => group !== all && group !== ungrouped)
      if (!isGrouped) this.admit(ungrouped, host)
      else if (ungrouped.hosts.delete(host)) host.groups.delete(ungrouped)
    }
  }
}
