import { type Grantee, grantCommands } from '../../proxmox/grants.ts'
import { type Need, unmet } from '../../proxmox/permissions.ts'
import { type Check, failed, ok, skipped, warning } from './check.ts'
import type { Patient } from './patient.ts'
import { proxmoxSteps } from './uses.ts'

/** A check for each step: whether the user or token may do what it does. */
export const privilegeChecks: readonly Check[] = proxmoxSteps.map((step) => ({
  id: `privileges.${step}`,
  title: step,
  needs: ['login'],
  async examine(patient) {
    const needs = (await patient.needs()).filter((need) => need.step === step)
    if (needs.length === 0) return skipped('It is not needed.')
    const missing = unmet(needs, await patient.permissions())
    if (missing.length === 0) return ok('Nothing is missing.')
    const details = {
      missing: missing.map(({ request, anyOf, grantAt, optional }) => ({
        path: grantAt,
        any_of: anyOf,
        for: request,
        ...(optional ? { optional } : {}),
      })),
    }
    const message = `Missing ${listed(missing)}.`
    const hint = 'The `pveum` commands of this report grant it.'
    if (missing.every(({ optional }) => optional)) {
      return warning(message, `Without it the host key of the installer is trusted at first sight. ${hint}`, {
        details,
      })
    }
    return failed(message, hint, { details })
  },
}))

/** `on /vms: VM.Allocate, VM.Audit; on /storage/local: either Datastore.Audit or Datastore.AllocateSpace` */
function listed(missing: readonly Need[]): string {
  const byPath = Map.groupBy(missing, ({ grantAt }) => grantAt)
  return [...byPath].map(([path, needs]) => `on ${path}: ${namesOf(needs).join(', ')}`).join('; ')
}

/** What is missing at a path. Of alternatives nothing, where one of them is missing by itself as well. */
function namesOf(needs: readonly Need[]): string[] {
  const single = new Set(needs.flatMap(({ anyOf }) => (anyOf.length === 1 ? anyOf : [])))
  const either = needs.filter(({ anyOf }) => !anyOf.some((name) => single.has(name)))
  const and = single.size > 0 ? 'and ' : ''
  const choices = either.map(({ anyOf }) => `${and}either ${anyOf.join(' or ')}`)
  return [...[...single].sort(), ...new Set(choices)]
}

/** The commands that grant what the steps miss, to the user or the token, or to both where it takes both. */
export async function grantsFor(patient: Patient): Promise<string[]> {
  const needs = await patient.needs()
  const missing = unmet(needs, await patient.permissions())
  if (missing.length === 0) return []
  return grantCommands(needs, missing, await grantees(patient, needs), await roles(patient))
}

/** A token with privilege separation may do what both it and its user may. */
async function grantees(patient: Patient, needs: readonly Need[]): Promise<Grantee[]> {
  const { user, token } = await patient.identity()
  const present = await patient.permissions()
  if (token === undefined || !(await isSeparated(patient))) return [{ kind: 'users', id: user, present }]
  const users = await patient.userPermissions()
  const hasAll = user === 'root@pam' || (users !== undefined && unmet(needs, users).length === 0)
  return [
    // Of a user that cannot be looked at it is at least what the token may.
    ...(hasAll ? [] : [{ kind: 'users' as const, id: user, present: users ?? present }]),
    { kind: 'tokens', id: token, present },
  ]
}

/** A warning where the commands cannot take into account what the user of a token may do already. */
export async function noteOnCommands(patient: Patient): Promise<string | undefined> {
  const { user } = await patient.identity()
  if (user === 'root@pam' || !(await isSeparated(patient))) return undefined
  if ((await patient.userPermissions()) !== undefined) return undefined
  if (unmet(await patient.needs(), await patient.permissions()).length === 0) return undefined
  return `The commands of this report grant things to ${user} as well. Leave out \`--users\` where \`pveum user permissions '${user}'\` shows that it has them: an entry replaces what is inherited from above.`
}

/** Whether there is a token with privileges of its own; taken for true where that cannot be seen. */
async function isSeparated(patient: Patient): Promise<boolean> {
  return (await patient.tokenInfo())?.privsep !== 0
}

async function roles(patient: Patient): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const client = await patient.client()
  const rows = await client.get<{ roleid: string; privs: string }[]>('/access/roles', 'list the roles')
  return new Map(rows.map(({ roleid, privs }) => [roleid, new Set(privs.split(','))]))
}
