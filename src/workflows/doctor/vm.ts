import { assertOurs } from '../../proxmox/ownership.ts'
import { unmet } from '../../proxmox/permissions.ts'
import { readVm } from '../../proxmox/vms.ts'
import { type Check, failed, ok, skipped, unseen } from './check.ts'
import { ignoring, type Patient } from './patient.ts'

/** Whether name and id of the VM are free, or belong to a VM that this tool created. */
export const vm: Check = {
  id: 'vm',
  title: 'VM',
  needs: ['login'],
  async examine(patient) {
    const { name, vmid } = patient.input
    if (name === undefined) return skipped('No host was given.')
    const found = await patient.vm()
    if (found === undefined) {
      if (vmid !== undefined && !(await isFree(patient, vmid))) {
        const hint = 'Choose another `vmid`, or leave it out to take the next free one.'
        return failed(`The id ${vmid} is taken by a VM that this user may not see.`, hint)
      }
      // To Proxmox's answer a VM that may not be seen is as good as none.
      const need = await missingSight(patient)
      if (need !== undefined) return unseen(`whether there is a VM \`${name}\` already`, need)
      return ok(`\`${name}\` is free${vmid === undefined ? '' : `, and so is the id ${vmid}`}.`)
    }
    const { current } = await readVm(await patient.client(), found)
    assertOurs(found, current, 'Or destroy it, if it may go.')
    return ok(`It is there already: ${found.vmid} on ${found.node}. Provisioning carries on with it.`, {
      details: { vmid: found.vmid, node: found.node },
    })
  },
}

/** What it would take to see VMs where this one would be: `VM.Audit on /vms`; absent where they are seen. */
async function missingSight(patient: Patient): Promise<string | undefined> {
  const needs = (await patient.needs()).filter(({ request }) => request === 'read a VM')
  const [missing] = unmet(needs, await patient.permissions())
  return missing && `${missing.anyOf.join(' or ')} on ${missing.grantAt}`
}

/** The id may belong to a VM or a container that this user does not see. */
async function isFree(patient: Patient, vmid: number): Promise<boolean> {
  const client = await patient.client()
  const next = await client
    .get<string>('/cluster/nextid', `look whether the id ${vmid} is free`, { vmid })
    .catch(ignoring('PVE_PARAMETER'))
  return next !== undefined
}
