import type { Lab } from '../../src/lab/lab.ts'
import { finished, upload } from '../lab/api-client.ts'

/** Puts something like an ISO on the lab's storage; gives its volume id. */
export async function uploadIso(lab: Lab, name = 'nixos.iso'): Promise<string> {
  const { body } = await upload(lab, 'local', name, 'an ISO')
  await finished(lab, body.data)
  return `local:iso/${name}`
}
