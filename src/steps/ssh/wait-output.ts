import type { Context, Outputs } from '../../core/step.ts'
import { type Address, formatAddress } from '../../ssh/address-map.ts'
import type { Facts } from '../../ssh/facts.ts'
import type { KnownHost } from '../../ssh/known-hosts.ts'
import type { Reached } from '../../ssh/wait.ts'
import type { Guest } from './guest.ts'

type Output = Outputs['ssh.wait']

/** What a wait came to; what could not be verified becomes a warning. */
export function waitOutput(
  reached: Reached,
  about: {
    own: Address
    guest: Guest
    source: Output['host_key_source']
    knownHost: KnownHost | undefined
    seconds: number
    context: Context
  },
): Omit<Output, 'vmid' | 'node'> {
  const { facts, hostKey, proof } = reached
  const { own, guest, source, knownHost, seconds, context } = about
  const warn = (message: string): void => context.emit({ type: 'warning', message })
  if (source === 'first-use') {
    warn(`The host key of ${formatAddress(own)} was trusted on first use: ${hostKey}`)
    if (knownHost?.hasAuthority === true) {
      warn(
        `The known hosts name a certificate authority for ${formatAddress(own)}, but certificates of hosts are not verified here. Give its key in \`ssh_host_key\`.`,
      )
    }
  }
  if (proof === 'host-key') {
    warn(
      `There is no key to log in to ${formatAddress(own)} with: that the system runs was seen by its host key alone, and which system it is was not seen.`,
    )
  }
  return {
    // As the machine has it; behind a port forward the connection went elsewhere.
    host: own.host,
    port: own.port,
    user: guest.user,
    host_key: hostKey,
    host_key_source: source,
    proof,
    ...(proof === 'login' ? { facts: describeFacts(facts) } : {}),
    seconds: Math.round(seconds * 10) / 10,
  }
}

function describeFacts(facts: Facts): NonNullable<Output['facts']> {
  const { uuid, system, cloudInitErrors = [] } = facts
  return {
    hostname: facts.hostname,
    os: facts.os,
    installer: facts.installer,
    boot_id: facts.bootId,
    architecture: facts.architecture,
    memory_mib: facts.memoryMib,
    cloud_init: facts.cloudInit,
    ...(cloudInitErrors.length === 0 ? {} : { cloud_init_errors: [...cloudInitErrors] }),
    ...(uuid === undefined ? {} : { uuid }),
    ...(system === undefined ? {} : { system }),
  }
}
