import type { Inputs } from '../core/step.ts'
import type { Run } from './run.ts'

type Values = Pick<Inputs['vm.create'], 'boot_iso_first' | 'cloud_init' | 'ssh_public_keys'>

/** What the VM of an installation has beyond the host's own values. */
export async function vmValues({ input }: Run): Promise<Values> {
  const { loadLoginKey } = await import('../ssh/keys.ts')
  const { publicKey } = await loadLoginKey(input)
  const given = input.ssh_public_keys ?? []
  return {
    cloud_init: true,
    // The key that this run logs in with, besides the user's.
    ssh_public_keys: given.some((key) => key.startsWith(publicKey)) ? given : [...given, publicKey],
    // With a cold detach the ISO boots first, so that a disk that an interrupted run left half formatted does not stop
    // the machine. With a reboot in between the disk must come first.
    boot_iso_first: input.detach === 'cold',
  }
}
