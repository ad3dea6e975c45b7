import type { GuestOptions } from './guest.ts'

/** For who said that the first host key seen is good: the agent usually comes up within this time. */
const accepting = 20
/** For who did not: whoever is in between needs only to answer first. */
const usual = 120
/** That are left for the login, after waiting for the agent. */
const loginReserve = 30

/**
 * How long the guest agent may still tell the host key, after the SSH server has answered.
 *
 * @param checking what the user said of host keys that are not known
 * @param left seconds between the first answer of the SSH server and the time limit
 * @returns seconds
 */
export function agentGrace(checking: GuestOptions['ssh_host_key_checking'], left: number): number {
  if (checking === 'strict') return left
  if (checking === 'accept-new') return accepting
  return Math.max(accepting, Math.min(usual, left - loginReserve))
}
