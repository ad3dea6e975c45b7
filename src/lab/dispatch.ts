import { type Answer, json } from './answer.ts'
import { ApiError, failed, parameterErrors, permissionDenied } from './api-error.ts'
import type { Identity } from './authentication.ts'
import type { Cluster } from './cluster.ts'
import { quorumRefusal } from './health.ts'
import { checkParameters, type RawParameters } from './parameters.ts'
import { checkPermissions } from './permissions.ts'
import { type Call, type Match, PlainText } from './router.ts'
import type { ReceivedUpload } from './upload.ts'
import { applyVmLocks } from './vm-locks.ts'

/** Checks a request in the order in which Proxmox does, and has it done. `path` is without `/api2/json`. */
export async function dispatch(
  cluster: Cluster,
  match: Match,
  path: string,
  identity: Identity,
  given: RawParameters,
  upload: ReceivedUpload | undefined,
): Promise<Answer> {
  const raw = withPathValues(given, match.path)
  const named = (name: string) => (raw[name] === undefined ? undefined : String(raw[name]))
  if (!match.schema.allowToken && identity.isToken) {
    throw permissionDenied(`URI '${path}' not available with API token, need proper ticket.\n`)
  }
  checkPermissions(cluster.access, identity, match.schema, named)
  const node = match.path.node ?? ''
  // An upload is not passed on, but copied to its node.
  if (match.schema.proxyToNode || upload !== undefined) requireReachable(cluster, node)
  const parameters = checkParameters(raw, match.schema)
  applyVmLocks(cluster)
  let total: number | undefined
  const call: Call = {
    cluster,
    identity,
    parameters,
    node,
    vmid: Number(match.path.vmid ?? 0),
    upload,
    setTotal: (count) => {
      total = count
    },
  }
  const refusal = quorumRefusal(match.name, call)
  const data = refusal === undefined ? await match.handler(call) : refuse(call, refusal)
  if (!match.name.startsWith('GET ')) cluster.save()
  if (data instanceof PlainText) {
    return { status: 200, reason: 'OK', body: data.text, type: 'text/plain' }
  }
  const body = JSON.stringify({ data: data ?? null, ...(total === undefined ? {} : { total }) })
  return { status: 200, reason: 'OK', body, type: json }
}

/** The request goes on to the node that it names. */
function requireReachable(cluster: Cluster, node: string): void {
  if (!cluster.nodes.some(({ name }) => name === node)) {
    throw failed(
      `hostname lookup '${node}' failed - failed to get address info for: ${node}: Temporary failure in name resolution`,
    )
  }
  const down = cluster.faults.nodeDown(node)
  if (down === undefined) return
  const status = down === 'timeout' ? 596 : 595
  const reason = {
    unreachable: 'No route to host',
    refused: 'Connection refused',
    timeout: 'Connection timed out',
  }
  throw new ApiError(status, reason[down], { body: '' })
}

function refuse(
  { cluster, identity, node, vmid }: Call,
  refusal: NonNullable<ReturnType<typeof quorumRefusal>>,
): string {
  const { error } = refusal
  if (!('task' in refusal)) throw failed(error)
  return cluster.tasks.start(node, refusal.task, String(vmid), identity.id, async () => {
    throw failed(error)
  })
}

function withPathValues(given: RawParameters, values: Readonly<Record<string, string>>): RawParameters {
  const raw: RawParameters = { ...given }
  for (const [name, value] of Object.entries(values)) {
    if (raw[name] !== undefined && String(raw[name]) !== value) {
      throw parameterErrors({
        [name]: 'duplicate parameter (already defined in URI) with conflicting values!',
      })
    }
    raw[name] = value
  }
  return raw
}
