import { createInterface } from 'node:readline/promises'
import { counted, formatBytes } from '../core/format.ts'
import type { Outputs } from '../generated/types.ts'
import { columns } from './layout.ts'
import { cutMiddle, printable } from './progress/text.ts'

/** A VM that would go. */
interface Doomed {
  readonly name: string
  readonly place: { readonly vmid: number; readonly node: string }
  readonly status: 'running' | 'stopped'
  readonly disks: number
  /** Bytes. */
  readonly bytes: number
}

/** Somebody sits there who can be asked. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true
}

/**
 * Shows on the terminal what would go, and waits for `yes`, or for the number of VMs.
 *
 * @throws the signal's reason
 */
export async function confirmTeardown(
  doomed: readonly Doomed[],
  spared: Outputs['teardown']['hosts'],
  signal: AbortSignal,
): Promise<boolean> {
  process.stderr.write(`${teardownQuestion(doomed, spared)}\n`)
  // Not as a terminal: Ctrl-C stays a signal.
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false })
  try {
    const answer = await lines.question(`Type \`yes\`, or ${doomed.length}, to destroy them: `, { signal })
    return isConsent(answer, doomed.length)
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    lines.close()
  }
}

export function isConsent(answer: string, count: number): boolean {
  return ['yes', String(count)].includes(answer.trim().toLowerCase())
}

/** The VMs that would go, all of them, and the hosts whose VMs stay. */
export function teardownQuestion(doomed: readonly Doomed[], spared: Outputs['teardown']['hosts']): string {
  const rows = doomed.map(({ name, place, status, disks, bytes }) => [
    cutMiddle(printable(name), 40),
    String(place.vmid),
    place.node,
    status,
    `${counted(disks, 'disk')}, ${formatBytes(bytes)}`,
  ])
  const running = doomed.filter(({ status }) => status === 'running').length
  const stopped =
    running === 0
      ? ''
      : ` ${running === 1 ? '1 of them runs' : `${running} of them run`} and would be switched off.`
  return [
    ...columns([['host', 'VM', 'node', 'status', 'what goes with it'], ...rows]),
    '',
    ...spared.map(
      ({ name, error }) => `${printable(name)} stays: ${printable(String(error?.message ?? ''))}`,
    ),
    `${counted(doomed.length, 'VM')} would be destroyed, with all that is on their disks.${stopped}`,
  ].join('\n')
}
