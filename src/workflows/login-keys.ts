import type { Run } from './run.ts'

/** The keys for the installer: the user's, and the one that this run logs in with. */
export async function publicKeys({ input }: Run): Promise<string[]> {
  const { loadLoginKey } = await import('../ssh/keys.ts')
  const { publicKey } = await loadLoginKey(input)
  const given = input.ssh_public_keys ?? []
  return given.some((key) => key.startsWith(publicKey)) ? given : [...given, publicKey]
}
