import { NciError } from '../../core/errors.ts'
import type { Inputs } from '../../core/step.ts'
import { uuidOf } from '../../proxmox/vms.ts'
import type { Facts } from '../../ssh/facts.ts'
import type { Guest } from './guest.ts'
import { bootsDisk } from './not-ready.ts'
import type { Target } from './target.ts'

type Input = Inputs['ssh.wait']

/** What the wait needs to know beyond the guest itself. */
export type Expectation = Pick<Input, 'expect' | 'system' | 'timeout' | 'ssh_host'> &
  Partial<Pick<Input, 'cloud_init_timeout'>>

/** Why the machine that answers is not the expected one: `SSH_WRONG_SYSTEM`. `undefined` where it is. */
export function unexpected(
  facts: Facts,
  input: Expectation,
  guest: Guest,
  target: Target | undefined,
): NciError | undefined {
  const kind = facts.installer
    ? 'a NixOS installer'
    : `the installed system \`${facts.os}\` (${facts.hostname})`
  const wrong = (found: string, expected: string, hint?: string): NciError =>
    new NciError(
      'SSH_WRONG_SYSTEM',
      { address: input.ssh_host ?? `the VM's address, as ${guest.user}`, found, expected },
      hint === undefined ? {} : { hint },
    )
  const uuid = target && uuidOf(target.config)
  if (input.expect !== 'any' && uuid !== undefined && facts.uuid !== undefined && facts.uuid !== uuid) {
    const hint = "Another machine has this address. Check for a duplicate address and the VM's network."
    return wrong(`another machine (${facts.hostname}, DMI UUID ${facts.uuid})`, `the VM with ${uuid}`, hint)
  }
  if (input.expect === 'installer' && !facts.installer) {
    const disk = target && bootsDisk(target.config)
    return wrong(
      kind,
      'a NixOS installer',
      disk && `${disk} Check also that the address belongs to this VM alone.`,
    )
  }
  if (input.expect !== 'system') return undefined
  if (facts.installer) return wrong(kind, 'an installed system')
  if (input.system === undefined || input.system === facts.system) return undefined
  return wrong(facts.system ?? kind, input.system)
}
