type Privileges = ReadonlySet<string>

/** The roles that are granted: of those that there are, and of those that the commands make. */
export class GrantRoles {
  /** The `pveum` commands that make or extend roles. */
  readonly commands: string[] = []
  readonly #existing: ReadonlyMap<string, Privileges>
  /** The roles that the commands make or extend, by name. */
  readonly #ours = new Map<string, Privileges>()
  /** Names of ours by what was asked for. */
  readonly #names = new Map<string, string>()

  /** @param existing the privileges of the roles that there are */
  constructor(existing: ReadonlyMap<string, Privileges>) {
    this.#existing = existing
  }

  /** The role with what is needed at a path. One of its name that lacks something is extended. */
  needed(path: string, privileges: readonly string[]): string {
    const key = privileges.join(' ')
    const known = this.#names.get(key)
    if (known !== undefined) return known
    const name = freeName(roleName(path), this.#ours)
    const existing = this.#existing.get(name)
    const lacking = privileges.filter((privilege) => !existing?.has(privilege))
    if (existing === undefined) this.commands.push(`pveum role add ${name} ${listed(lacking)}`)
    else if (lacking.length > 0) this.commands.push(`pveum role modify ${name} --append 1 ${listed(lacking)}`)
    return this.#keep(key, name, new Set([...(existing ?? []), ...privileges]))
  }

  /** All privileges of a role of ours, once the commands were run. */
  privilegesOf(name: string): Privileges {
    return this.#ours.get(name) ?? new Set()
  }

  /**
   * Roles that have these privileges, and none that is not allowed: as few as can be of those that there are, and a new
   * one for what is in none of them. Others hold roles too, so none is extended for this.
   */
  covering(privileges: Privileges, allowed: Privileges): string[] {
    const candidates = [...this.#existing].filter(
      ([name, has]) => !this.#ours.has(name) && has.isSubsetOf(allowed),
    )
    const names: string[] = []
    let rest = privileges
    while (rest.size > 0) {
      const [best] = candidates
        .map(([name, has]) => ({ name, has, covered: rest.intersection(has).size }))
        .sort((a, b) => b.covered - a.covered || a.has.size - b.has.size)
      if (best === undefined || best.covered === 0) return [...names, this.#kept(rest)]
      names.push(best.name)
      rest = rest.difference(best.has)
    }
    return names
  }

  #kept(privileges: Privileges): string {
    const sorted = [...privileges].sort()
    const key = `kept ${sorted.join(' ')}`
    const known = this.#names.get(key)
    if (known !== undefined) return known
    const name = freeName('NCI-Kept', new Map([...this.#existing, ...this.#ours]))
    this.commands.push(`pveum role add ${name} ${listed(sorted)}`)
    return this.#keep(key, name, privileges)
  }

  #keep(key: string, name: string, privileges: Privileges): string {
    this.#names.set(key, name)
    this.#ours.set(name, privileges)
    return name
  }
}

function listed(privileges: readonly string[]): string {
  return `--privs '${privileges.join(' ')}'`
}

const names: readonly (readonly [RegExp, string])[] = [
  [/^\/(vms|pool)\b/, 'NCI-VM'],
  [/^\/storage\b/, 'NCI-Storage'],
  [/^\/sdn\b/, 'NCI-Network'],
  [/^\/nodes\b/, 'NCI-Node'],
]

function roleName(path: string): string {
  return names.find(([pattern]) => pattern.test(path))?.[1] ?? 'NCI-Root'
}

function freeName(name: string, taken: ReadonlyMap<string, unknown>): string {
  if (!taken.has(name)) return name
  let number = 2
  while (taken.has(`${name}${number}`)) number++
  return `${name}${number}`
}
