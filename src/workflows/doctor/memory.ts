import { formatBytes } from '../../core/format.ts'
import { type Check, ok, unseen, warning } from './check.ts'
import { ignoring } from './patient.ts'

/** Whether the node has room for the VM in its memory. It may have without: memory is shared and given back. */
export const memory: Check = {
  id: 'memory',
  title: 'Memory',
  needs: ['node'],
  async examine(patient) {
    const node = await patient.node()
    const client = await patient.client()
    const status = await client
      .get<{ memory: { total: number; used: number } }>(`/nodes/${node}/status`, `look at node ${node}`)
      .catch(ignoring('PVE_FORBIDDEN'))
    if (status === undefined) {
      return unseen('how much memory is free', `Sys.Audit on /nodes/${node}`)
    }
    const free = status.memory.total - status.memory.used
    const wanted = patient.input.memory * 1024 ** 2
    const details = { free, wanted }
    const message = `${formatBytes(free)} of ${node}’s memory are free, and the VM gets ${formatBytes(wanted)}.`
    if (free >= wanted) return ok(message, { details })
    return warning(
      message,
      'The start may fail: stop something, choose another `node`, or a smaller `memory`.',
      { details },
    )
  },
}
