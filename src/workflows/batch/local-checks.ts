import { resolve } from 'node:path'
import { type KeyInput, keyOf } from '../vm-values.ts'
import type { Host } from './conflicts.ts'
import type { Problems } from './problems.ts'

interface Asking {
  readonly problems: Problems
  readonly signal: AbortSignal
}

/** The ISOs of this machine that hosts are to boot: each is looked at once. */
export async function requireIsoFiles({ problems, signal }: Asking, hosts: readonly Host[]): Promise<void> {
  const { assertIso } = await import('../../releases/local.ts')
  const asking = hosts.filter(({ input }) => input.iso === undefined && input.iso_path !== undefined)
  await Promise.all(
    [...Map.groupBy(asking, ({ input }) => resolve(input.iso_path ?? ''))].map(([path, group]) =>
      problems.tryAll(namesOf(group), signal, () => assertIso(path)),
    ),
  )
}

/** What says which key it is, and whether it will do. */
const keyProperties = [
  ...(['ssh_private_key_file', 'ssh_private_key', 'ssh_private_key_passphrase', 'ssh_agent'] as const),
  ...(['ssh_generate_key', 'generate_host_key', 'copy_host_keys', 'host_key_file', 'extra_files'] as const),
] satisfies readonly (keyof KeyInput)[]

/** The keys that log in to hosts: each is opened once. */
export async function requireKeys({ problems, signal }: Asking, hosts: readonly Host[]): Promise<void> {
  const ways = Map.groupBy(hosts, ({ input }) => JSON.stringify(keyProperties.map((name) => input[name])))
  await Promise.all(
    [...ways.values()].map((group) =>
      problems.tryAll(namesOf(group), signal, async () => {
        for (const { input } of group.slice(0, 1)) await keyOf(input)
      }),
    ),
  )
}

function namesOf(hosts: readonly Host[]): string[] {
  return hosts.map(({ name }) => name)
}
