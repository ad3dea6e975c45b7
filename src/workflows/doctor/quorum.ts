import { type Check, failed, ok, unseen, warning } from './check.ts'
import { ignoring } from './patient.ts'

interface StatusRow {
  readonly type: 'cluster' | 'node'
  readonly name: string
  readonly quorate?: number
  readonly online?: number
}

/** Whether the cluster can change anything: without a quorum it is read-only. */
export const quorum: Check = {
  id: 'cluster',
  title: 'Cluster',
  needs: ['login'],
  async examine(patient) {
    const client = await patient.client()
    const rows = await client
      .get<StatusRow[]>('/cluster/status', 'ask for the state of the cluster')
      .catch(ignoring('PVE_FORBIDDEN'))
    if (rows === undefined) return unseen('whether all nodes are up', 'Sys.Audit on /')
    const nodes = rows.filter(({ type }) => type === 'node')
    const down = nodes.filter(({ online }) => online !== 1).map(({ name }) => name)
    const details = { nodes: nodes.map(({ name }) => name), offline: down }
    if (rows.some(({ type, quorate }) => type === 'cluster' && quorate !== 1)) {
      const hint =
        'Bring the other nodes up (`pvecm status` on a node tells more): until then nothing can be changed.'
      return failed(`It has no quorum; down: ${down.join(', ') || 'unknown'}.`, hint, { details })
    }
    if (down.length > 0) {
      return warning(
        `It has a quorum without ${down.join(', ')}.`,
        'VMs of a node that is down are out of reach.',
        { details },
      )
    }
    return ok(nodes.length === 1 ? 'It is a single node.' : `All ${nodes.length} nodes are up.`, { details })
  },
}
