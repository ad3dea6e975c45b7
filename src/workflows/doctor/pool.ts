import { isNciError } from '../../core/errors.ts'
import { type Check, failed, ok } from './check.ts'

/** Whether the pool is there. Asked in a way that even those get an answer to who may not see it. */
export function poolCheck(pool: string): Check {
  return {
    id: 'pool',
    title: 'Pool',
    needs: ['login'],
    async examine(patient) {
      const client = await patient.client()
      try {
        await client.get('/pools', `look at the pool ${pool}`, { poolid: pool })
      } catch (error) {
        if (isNciError(error, 'PVE_POOL_UNKNOWN')) {
          const hint = 'Create it, or set `pool` to another; without `pool` the VM is in none.'
          return failed(`There is no pool \`${pool}\`.`, hint, { commands: [`pveum pool add ${pool}`] })
        }
        if (!isNciError(error, 'PVE_FORBIDDEN')) throw error
      }
      return ok(`\`${pool}\` is there.`)
    },
  }
}
