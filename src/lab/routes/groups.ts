import type { Access, LabGroup } from '../access.ts'
import { failed } from '../api-error.ts'
import type { Routes } from '../router.ts'

const one = '/access/groups/{groupid}'

/** Groups of users. */
export const groupRoutes: Routes = {
  'GET /access/groups': ({ cluster: { access }, identity }) =>
    [...access.groups.values()]
      .filter(({ id }) =>
        access.allows(
          identity.id,
          `/access/groups/${id}`,
          ['User.Modify', 'Sys.Audit', 'Group.Allocate'],
          true,
        ),
      )
      .map((group) => ({
        groupid: group.id,
        ...comment(group),
        users: [...membersOf(group)].sort().join(','),
      })),
  'POST /access/groups': ({ cluster: { access }, parameters }) => {
    const id = parameters.text('groupid')
    if (access.groups.has(id)) throw failed(`create group failed: group '${id}' already exists`)
    access.groups.set(id, { id, comment: parameters.get('comment') ?? '' })
  },
  [`GET ${one}`]: ({ cluster: { access }, parameters }) => {
    const group = requireGroup(access, parameters.text('groupid'), '')
    return { ...comment(group), members: membersOf(group) }
  },
  [`PUT ${one}`]: ({ cluster: { access }, parameters }) => {
    const group = requireGroup(access, parameters.text('groupid'), 'update group failed: ')
    access.groups.set(group.id, { ...group, comment: parameters.get('comment') ?? group.comment ?? '' })
  },
  [`DELETE ${one}`]: ({ cluster: { access }, parameters }) => {
    const { id } = requireGroup(access, parameters.text('groupid'), 'delete group failed: ')
    access.groups.delete(id)
    access.acl = access.acl.filter((entry) => entry.id !== `@${id}`)
  },
}

function requireGroup(access: Access, id: string, what: string): LabGroup {
  const group = access.groups.get(id)
  if (group === undefined) throw failed(`${what}group '${id}' does not exist`)
  return group
}

function membersOf({ members = [] }: LabGroup): readonly string[] {
  return members
}

function comment({ comment: text }: LabGroup): { comment?: string } {
  return text === undefined || text === '' ? {} : { comment: text }
}
