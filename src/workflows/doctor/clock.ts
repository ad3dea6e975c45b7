import { NciError } from '../../core/errors.ts'
import { formatSeconds } from '../../core/format.ts'
import type { Probe } from '../../proxmox/probe.ts'
import { type Check, failed, ok, skipped, warning } from './check.ts'
import type { Patient } from './patient.ts'

/** Seconds that may pass for the time that a message takes, and those after which tickets are refused. */
const [tolerable, refused] = [60, 300]

/**
 * Whether both clocks agree: tickets and certificates have times.
 *
 * @param endpoints the checks of which one has to be good
 */
export const clockCheck = (endpoints: readonly string[]): Check => ({
  id: 'clock',
  title: 'Clock',
  needsAny: endpoints,
  async examine(patient) {
    const probes = (await patient.contacts()).flatMap(({ probe }) => probe ?? [])
    const ahead = furthest(probes) ?? (await askNode(patient))
    if (ahead === undefined) return skipped('The server does not state its time.')
    const seconds = Math.abs(ahead)
    const message = `The server’s clock is ${formatSeconds(Math.round(seconds))} ${ahead > 0 ? 'ahead' : 'behind'}.`
    const details = { seconds_ahead: Math.round(ahead) }
    const hint = 'Compare `timedatectl` here and on the node: one of them is not synchronised.'
    if (seconds >= refused) return failed(message, hint, { details })
    if (seconds >= tolerable) return warning(message, hint, { details })
    return ok('The server’s clock agrees with this machine’s.', { details })
  },
})

/** Of the endpoints that state their time, how far the worst is ahead. */
function furthest(probes: readonly Probe[]): number | undefined {
  const [worst] = probes
    .flatMap(({ clockAhead }) => clockAhead ?? [])
    .sort((a, b) => Math.abs(b) - Math.abs(a))
  return worst
}

/** Seconds that a node is ahead, where the user may ask it. */
async function askNode(patient: Patient): Promise<number | undefined> {
  try {
    const node = await patient.node()
    const client = await patient.client()
    const { time } = await client.get<{ time: number }>(`/nodes/${node}/time`, `ask ${node} for the time`)
    return time - Date.now() / 1000
  } catch (error) {
    if (error instanceof NciError) return undefined
    throw error
  }
}
