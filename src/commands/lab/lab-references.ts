import { closest } from '../../core/validate.ts'
import type { LabDocument } from '../../generated/types.ts'

/**
 * What a configuration of the lab says that its schema cannot forbid: two things of one name, and names of what there is
 * not.
 *
 * @param isNew whether there are no users, groups, tokens and roles of an earlier run
 * @returns sentences without their ends
 */
export async function contradictionsIn(config: LabDocument, isNew: boolean): Promise<string[]> {
  return [
    ...(config.nodes?.length === 0 ? ['`/nodes` must have one node at least'] : []),
    ...doubled(config),
    ...unknownPlaces(config),
    ...(isNew ? await unknownRights(config) : []),
  ]
}

function doubled({
  nodes = [],
  storages = [],
  users = [],
  groups = [],
  tokens = [],
  pools = [],
}: LabDocument): string[] {
  const lists = {
    nodes: nodes.map(({ name }) => name),
    storages: idsOf(storages),
    users: idsOf(users),
    groups: idsOf(groups),
    tokens: idsOf(tokens),
    pools,
  }
  return Object.entries(lists).flatMap(([list, names]) =>
    [...new Set(names.filter((name, index) => names.indexOf(name) !== index))].map(
      (name) => `\`/${list}\` has \`${name}\` twice`,
    ),
  )
}

/** Nodes and storages: those that a lab has that is told of none are its own. */
function unknownPlaces({ nodes, storages, faults = [] }: LabDocument): string[] {
  const node = check('node', nodes?.map(({ name }) => name) ?? ['pve'])
  const storage = check('storage', storages === undefined ? ['local', 'local-lvm'] : idsOf(storages))
  return [
    ...(storages ?? []).flatMap((one, index) =>
      (one.nodes ?? []).flatMap((name) => node(`/storages/${index}/nodes`, name)),
    ),
    ...faults.flatMap((fault, index) => {
      const place = `/faults/${index}`
      if ('nodeDown' in fault) return node(`${place}/nodeDown`, fault.nodeDown)
      if (!('storageFull' in fault)) return []
      const full = storage(`${place}/storageFull`, fault.storageFull)
      return fault.node === undefined ? full : [...full, ...node(`${place}/node`, fault.node)]
    }),
  ]
}

/** Who has which rights. */
async function unknownRights({
  version = '9.2',
  users = [],
  groups = [],
  tokens = [],
  roles = {},
  acl = [],
}: LabDocument): Promise<string[]> {
  const { builtInRoles, privileges } = await import('../../lab/privileges.ts')
  const major = version === '8.4' ? 8 : 9
  const everybody = ['root@pam', ...idsOf(users)]
  const user = check('user', everybody)
  const who = check('user, token or group', [
    ...everybody,
    ...['root@pam!nci', ...idsOf(tokens)],
    ...idsOf(groups).map((id) => `@${id}`),
  ])
  const role = check('role', [...Object.keys(builtInRoles(major)), ...Object.keys(roles)])
  const privilege = check('privilege', privileges(major))
  return [
    ...tokens.flatMap(({ id }, index) => user(`/tokens/${index}/id`, id.replace(/!.*/, ''))),
    ...groups.flatMap(({ members = [] }, index) =>
      members.flatMap((id) => user(`/groups/${index}/members`, id)),
    ),
    ...Object.entries(roles).flatMap(([name, list]) =>
      list.flatMap((one) => privilege(`/roles/${name}`, one)),
    ),
    ...acl.flatMap((entry, index) => [
      ...who(`/acl/${index}/id`, entry.id),
      ...role(`/acl/${index}/role`, entry.role),
    ]),
  ]
}

/** Tells names that are not among those that are there. @param kind `node` */
function check(kind: string, known: readonly string[]): (place: string, name: string) => string[] {
  return (place, name) => {
    if (known.includes(name)) return []
    const meant = closest(name, known)
    return [
      `\`${place}\` names a ${kind} that is not there, \`${name}\`${meant === undefined ? '' : ` (did you mean \`${meant}\`?)`}`,
    ]
  }
}

function idsOf(list: readonly { readonly id: string }[]): string[] {
  return list.map(({ id }) => id)
}
