import type { Inputs, Outputs } from '../core/step.ts'
import type { Proof } from '../steps/nixos/proof.ts'
import type { Existing } from './existing.ts'
import type { Outcome, Run } from './run.ts'

type Facts = Pick<Outcome, 'vmid' | 'node' | 'system' | 'host_key'>
type Login = Pick<Outputs['provision'], 'host_key' | 'known_hosts' | 'age_recipient' | 'ssh_config'>

/** What the note of an installation tells of a host. */
export function factsOf(
  { vmid, node }: Pick<Existing, 'node' | 'vmid'>,
  { system, host_key }: NonNullable<Existing['installed']>,
): Facts {
  return {
    vmid,
    node,
    ...(system === undefined ? {} : { system }),
    ...(host_key === undefined ? {} : { host_key }),
  }
}

/** How an installed host is logged in to, as far as that is known without asking it. */
export async function knownLogin(
  run: Run,
  facts: Facts,
  { host: proved }: Pick<NonNullable<Existing['installed']>, 'host'>,
): Promise<Outcome> {
  const { input } = run
  const wanted = systemAddress(input)
  const isOther = wanted !== undefined && proved !== undefined && wanted !== proved
  if (isOther)
    run.warn(
      `${input.name} was logged in to at ${proved}, and its document says ${wanted}: an installed system keeps its own network settings.`,
    )
  // What nobody has tried is not told as if it were so.
  const host = isOther ? proved : wanted
  const port = input.ssh_port
  const address = host === undefined ? undefined : { host, port }
  return {
    ...facts,
    port,
    user: input.system_ssh_user ?? input.ssh_user,
    ...(host === undefined ? {} : { host }),
    ...(await login(run, address, facts.host_key)),
  }
}

/** The address of the installed system, where it is known without asking the guest. */
export function systemAddress(input: Inputs['provision']): string | undefined {
  const addresses = input.networks.flatMap(({ ip, ip6 }) => [ip, ip6])
  const fixed = addresses.find((address) => address?.includes('/'))?.split('/')[0]
  return input.system_ssh_host ?? input.ssh_host ?? fixed
}

/** How the system is logged in to. */
export async function login(
  { input }: Run,
  address: Proof['address'] | undefined,
  hostKey: string | undefined,
): Promise<Login> {
  const { loginOutput } = await import('../steps/nixos/result.ts')
  return loginOutput(input, { name: input.name, address, hostKey })
}
