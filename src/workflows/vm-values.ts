import { isNciError, NciError } from '../core/errors.ts'
import type { Inputs } from '../core/step.ts'
import type { KeyOptions, LoginKey } from '../ssh/keys.ts'
import type { Run } from './run.ts'

type Values = Pick<Inputs['vm.create'], 'boot_iso_first' | 'cloud_init' | 'reattach' | 'ssh_public_keys'>

/** What of a document says which key logs in, and whether another one is needed later. */
export type KeyInput = KeyOptions &
  Pick<Run['input'], 'copy_host_keys' | 'extra_files' | 'generate_host_key' | 'host_key_file'>

/**
 * What the VM of an installation has beyond the host's own values.
 *
 * @throws {NciError} `SSH_KEY_MISSING`, `SSH_KEY_UNUSABLE`
 */
export async function vmValues({ input }: Run): Promise<Values> {
  const { publicKeysOf } = await import('../ssh/keys.ts')
  const own = publicKeysOf(await keyOf(input))
  const given = input.ssh_public_keys ?? []
  const missing = own.filter((publicKey) => !given.some((key) => key.startsWith(publicKey)))
  return {
    cloud_init: true,
    // There is something to be installed: it needs the installer's drives.
    reattach: true,
    // What this run logs in with, besides the user's.
    ssh_public_keys: [...given, ...missing],
    // With a cold detach the ISO boots first, so that a disk that an interrupted run left half formatted does not stop
    // the machine. With a reboot in between the disk must come first.
    boot_iso_first: input.detach === 'cold',
  }
}

/**
 * The key that a run logs in with.
 *
 * @throws {NciError} `SSH_KEY_MISSING`, `SSH_KEY_UNUSABLE`
 */
export async function keyOf(input: KeyInput): Promise<LoginKey> {
  const { loadLoginKey } = await import('../ssh/keys.ts')
  if (input.ssh_generate_key) await assertProvable(input)
  return loadLoginKey(input)
}

/** The new system does not let in the key of the run: it is recognised by a key of the user's, or by its host key. */
async function assertProvable(input: KeyInput): Promise<void> {
  const { generate_host_key, copy_host_keys, host_key_file, extra_files } = input
  if (generate_host_key || copy_host_keys || (host_key_file ?? extra_files) !== undefined) return
  const { loadLoginKey } = await import('../ssh/keys.ts')
  try {
    await loadLoginKey({ ...input, ssh_generate_key: false })
  } catch (error) {
    if (!isNciError(error, 'SSH_KEY_MISSING', 'SSH_KEY_UNUSABLE')) throw error
    const reason =
      'the installed system does not let in the key of the run, and has no host key that is known'
    const hint = 'Set `generate_host_key`, or give a key that the flake lets in.'
    throw new NciError('SSH_KEY_MISSING', { reason }, { cause: error, hint })
  }
}
