import { type Check, type Finding, ok, skipped, warning } from './check.ts'
import type { Contact } from './contact.ts'
import type { Input } from './patient.ts'

const day = 24 * 3600 * 1000
const soon = 30

/**
 * How the certificate of an endpoint is verified, and for how long it will do.
 *
 * @param index of the endpoint among those that were given
 */
export function certificateCheck(id: string, title: string, endpoint: string, index: number): Check {
  return {
    id,
    title,
    needs: [endpoint],
    async examine(patient) {
      const contacts = await patient.contacts()
      return examineContact(contacts[index] as Contact, patient.input)
    },
  }
}

function examineContact({ probe, mistrust }: Contact, input: Input): Finding {
  const { api_fingerprint, ca_path, validate_certs } = input
  if (probe === undefined) return skipped('Not looked at, as nothing answers there.')
  if (mistrust !== undefined) throw mistrust
  const { fingerprint, validTo } = probe.certificate
  const until = validTo.toISOString().slice(0, 10)
  const days = Math.floor((validTo.getTime() - Date.now()) / day)
  const details = { fingerprint, valid_to: validTo.toISOString(), days_left: days }
  if (api_fingerprint === undefined && !validate_certs) {
    const hint = `Compare it with \`pvenode cert info\` on the node, and set \`api_fingerprint: ${fingerprint}\`.`
    return warning('It is not verified: `validate_certs` is off.', hint, { details })
  }
  const how =
    api_fingerprint !== undefined
      ? 'It has the pinned fingerprint'
      : `It is signed by ${ca_path === undefined ? 'an authority that this machine trusts' : `an authority of ${ca_path}`}`
  if (days >= soon) return ok(`${how}, and is valid until ${until}.`, { details })
  const renewal =
    api_fingerprint === undefined
      ? 'Renew it (`pvecm updatecerts --force` on the node, or its ACME order).'
      : 'Whoever renews it changes its fingerprint: then set `api_fingerprint` anew.'
  return warning(`${how}, and ${days < 0 ? 'has expired' : 'expires'} on ${until}.`, renewal, { details })
}
