import { GrantRoles } from './grant-roles.ts'
import type { Need, Permissions } from './permissions.ts'

/** A user or a token that is to be granted something. */
export interface Grantee {
  readonly kind: 'users' | 'tokens'
  /** `nci@pve`, `nci@pve!nci` */
  readonly id: string
  /** What is known to be allowed already where something is to be granted: that stays allowed. */
  readonly present: Permissions
}

/** `pveum acl modify`, for one grantee. */
interface Entry {
  readonly path: string
  readonly roles: readonly string[]
  readonly propagates: boolean
  readonly grantee: Grantee
}

/**
 * The `pveum` commands that grant what is missing, and no more: a role for each kind of path, and an entry for each path.
 * An entry takes the place of those inherited from above, and a user's those of groups. So the role has all that is
 * needed at its path, not only what is missing there, and roles for whatever else is allowed there already go with it.
 *
 * @param needs all needs, met or not
 * @param existing the privileges of the roles that there are
 */
export function grantCommands(
  needs: readonly Need[],
  missing: readonly Need[],
  grantees: readonly Grantee[],
  existing: ReadonlyMap<string, ReadonlySet<string>>,
): string[] {
  const roles = new GrantRoles(existing)
  const paths = [...new Set(missing.map(({ grantAt }) => grantAt))]
  const entries = paths.flatMap((path) => {
    const role = roles.needed(path, leastPrivileges(needs, path))
    return grantees.flatMap((grantee) => entriesAt(path, role, grantee, roles))
  })
  const alike = Map.groupBy(entries, ({ path, propagates, roles }) => `${path} ${propagates} ${roles}`)
  return [...roles.commands, ...[...alike.values()].map(entryCommand)]
}

/** The fewest privileges that meet all needs at a path: of alternatives the first, unless another is needed anyway. */
function leastPrivileges(needs: readonly Need[], path: string): string[] {
  const here = needs.filter(({ grantAt }) => grantAt === path)
  const chosen = new Set(here.flatMap(({ anyOf }) => (anyOf.length === 1 ? anyOf : [])))
  for (const { anyOf } of here) {
    if (!anyOf.some((privilege) => chosen.has(privilege))) chosen.add(anyOf[0] ?? '')
  }
  return [...chosen].sort()
}

/** What does not hold below the path must not do so afterwards either: that takes an entry of its own. */
function entriesAt(path: string, role: string, grantee: Grantee, roles: GrantRoles): Entry[] {
  const present = grantee.present.get(path) ?? new Map<string, boolean>()
  const all = new Set(present.keys())
  const below = new Set([...all].filter((privilege) => present.get(privilege)))
  const granted = roles.privilegesOf(role)
  const inherited = roles.covering(below.difference(granted), below)
  const here = roles.covering(all.difference(below).difference(granted), all)
  return [
    { path, roles: [role, ...inherited], propagates: true, grantee },
    ...(here.length > 0 ? [{ path, roles: here, propagates: false, grantee }] : []),
  ]
}

/** The command of entries that differ in the grantee alone. */
function entryCommand(entries: readonly Entry[]): string {
  const [{ path, roles, propagates }] = entries as [Entry]
  // In single quotes: a shell would take the exclamation mark for one of its own.
  const who = entries.map(({ grantee: { kind, id } }) => `--${kind} '${id}'`).join(' ')
  return `pveum acl modify ${path} ${who} --roles ${roles.join(',')}${propagates ? '' : ' --propagate 0'}`
}
