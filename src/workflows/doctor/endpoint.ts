import { isNciError } from '../../core/errors.ts'
import { type Check, ok, warning } from './check.ts'
import type { Patient } from './patient.ts'

/**
 * Whether something answers at an endpoint, and whether it speaks as Proxmox does. One that is down is no obstacle while
 * another one of the cluster answers.
 *
 * @param index of the endpoint among those that were given
 */
export function endpointCheck(id: string, title: string, index: number): Check {
  return {
    id,
    title,
    async examine(patient) {
      const contacts = await patient.contacts()
      const { endpoint, probe, failure } = contacts[index] as (typeof contacts)[number]
      if (probe === undefined) {
        const isDown = isNciError(failure, 'PVE_UNREACHABLE', 'PVE_CONNECTION_LOST')
        if (!isDown || contacts.every((contact) => contact.probe === undefined)) throw failure
        const hint = 'Another endpoint answers. Bring it up again, or take it out of `api_host`.'
        return warning(failure.message, hint, { details: { code: failure.code, ...failure.details } })
      }
      const rounded = Math.max(1, Math.round(probe.milliseconds))
      return ok(`${nameOf(patient, endpoint)} answers within ${rounded} ms.`, {
        details: { milliseconds: rounded },
      })
    },
  }
}

/** A single endpoint as it was written, for people know it so. */
function nameOf({ input, endpoints }: Patient, { origin }: { readonly origin: string }): string {
  return endpoints.length === 1 ? String(input.api_host) : origin
}
