import { readBridges } from '../../proxmox/bridges.ts'
import { type Check, failed, ok, unseen, warning } from './check.ts'
import type { Input, Patient } from './patient.ts'

/** A check for each bridge that the host names. Proxmox itself finds out only when the VM starts. */
export function bridgeChecks(input: Input): Check[] {
  const names = [...new Set(input.networks.map(({ bridge }) => bridge))]
  return names.map((bridge) => ({
    id: `bridge.${bridge}`,
    title: bridge,
    needs: ['node'],
    async examine(patient) {
      const node = await patient.node()
      const bridges = await readBridges(await patient.client(), node)
      if (bridges.includes(bridge)) return ok(`${node} has it.`)
      if (!(await maySee(patient, bridge))) {
        return unseen('whether it is there', `SDN.Use on it (/sdn/zones/…/${bridge})`)
      }
      const listed = bridges.join(', ') || 'none'
      const problem = patient.isHost || bridges.length === 0 ? failed : warning
      return problem(
        `${node} has no bridge \`${bridge}\`; it has ${listed}.`,
        'Set `bridge` of the network to one of them, or add it to the node’s network configuration.',
        { details: { node, bridges } },
      )
    },
  }))
}

/** Of a bridge the right to one of its VLANs is enough. */
async function maySee(patient: Patient, bridge: string): Promise<boolean> {
  const permissions = await patient.permissions()
  return [...permissions].some(
    ([path, privileges]) =>
      path.startsWith('/sdn/') &&
      path.split('/').includes(bridge) &&
      (privileges.has('SDN.Use') || privileges.has('SDN.Audit')),
  )
}
