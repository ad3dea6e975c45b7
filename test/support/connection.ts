import type { Lab } from '../../src/lab/lab.ts'

/** The connection to a lab, as a document has it. */
export function connectionTo(lab: Lab) {
  return {
    api_host: `127.0.0.1:${lab.port}`,
    api_token_id: lab.tokenId,
    api_token_secret: lab.tokenSecret,
    api_fingerprint: lab.fingerprint,
  }
}
