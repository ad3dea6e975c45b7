import { isNciError, NciError } from '../../core/errors.ts'
import type { ConnectionsOptions } from '../../proxmox/connections.ts'
import type { Endpoint } from '../../proxmox/endpoint.ts'
import { type Probe, probe, verify } from '../../proxmox/probe.ts'

/** What came of asking one endpoint. */
export interface Contact {
  readonly endpoint: Endpoint
  /** Absent where nothing answers, or something that is no Proxmox. */
  readonly probe?: Probe
  /** Why there is no probe. */
  readonly failure?: NciError
  /** Why the connection is not to be trusted. */
  readonly mistrust?: NciError
}

/** Asks an endpoint without saying who asks, once unverified and once as the work would do it. */
export async function contact(
  endpoint: Endpoint,
  options: ConnectionsOptions,
  signal: AbortSignal,
): Promise<Contact> {
  try {
    const seen = await probe(endpoint, signal)
    const problem = await verify(endpoint, options, signal).then(
      () => undefined,
      (error: unknown) => asFound(error, signal),
    )
    if (problem === undefined) return { endpoint, probe: seen }
    return isNciError(problem, 'PVE_NOT_PROXMOX', 'PVE_UNREACHABLE', 'PVE_CONNECTION_LOST')
      ? { endpoint, failure: problem }
      : { endpoint, probe: seen, mistrust: problem }
  } catch (error) {
    return { endpoint, failure: asFound(error, signal) }
  }
}

function asFound(error: unknown, signal: AbortSignal): NciError {
  if (signal.aborted || !(error instanceof NciError)) throw error
  return error
}
