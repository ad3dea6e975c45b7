import { isNciError } from '../../core/errors.ts'
import { type Check, ok, skipped } from './check.ts'

/** Whether the node of the host is there and up. */
export const node: Check = {
  id: 'node',
  title: 'Node',
  needs: ['login'],
  async examine(patient) {
    try {
      const name = await patient.node()
      return ok(`${name} is up.`, { details: { node: name } })
    } catch (error) {
      if (patient.isHost || !isNciError(error, 'PVE_NODE_REQUIRED')) throw error
      return skipped(
        `There are several: ${String(error.details.nodes)}. Choose one with \`node\` to look at it.`,
      )
    }
  },
}
