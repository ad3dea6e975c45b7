import { unmet } from '../../proxmox/permissions.ts'
import { type Check, ok, skipped, warning } from './check.ts'
import { noteOnCommands } from './privileges.ts'

const day = 24 * 3600
const soon = 30

/** What is special about an API token: whether its privileges are its own, and when it ends. */
export const token: Check = {
  id: 'token',
  title: 'Token',
  needs: ['login'],
  async examine(patient) {
    const { user, token } = await patient.identity()
    if (token === undefined) return skipped('There is none: the user logs in with a password.')
    const [info, permissions, users] = [
      await patient.tokenInfo(),
      await patient.permissions(),
      await patient.userPermissions(),
    ]
    const needs = await patient.needs()
    const days = info?.expire ? Math.floor(info.expire / day - Date.now() / 1000 / day) : undefined
    const details = {
      ...(info === undefined ? {} : { privilege_separation: info.privsep === 1 }),
      ...(days === undefined ? {} : { days_left: days }),
    }
    if (days !== undefined && days < soon) {
      const hint = `Give it longer: \`pveum user token modify ${user} ${token.split('!')[1]} --expire 0\`.`
      return warning(`It expires in ${days} days.`, hint, { details })
    }
    const lacks = unmet(needs, permissions).length
    if (users !== undefined && unmet(needs, users).length < lacks) {
      return warning(
        `It may do less than its user ${user}, who would lack nothing of ${lacks - unmet(needs, users).length} privileges that it lacks.`,
        'A token with privilege separation needs entries of its own in the access control list.',
        { details },
      )
    }
    if (info === undefined) {
      return skipped(
        'Not visible to the token itself: whether it has privileges of its own, and when it expires.',
        await noteOnCommands(patient),
      )
    }
    const separation = info.privsep === 1 ? 'has entries of its own' : 'may do what its user may'
    return ok(`It ${separation}, and ${days === undefined ? 'never expires' : `lasts ${days} days`}.`, {
      details,
    })
  },
}
