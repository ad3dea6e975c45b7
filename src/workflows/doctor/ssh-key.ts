import { loadLoginKey, publicKeysOf } from '../../ssh/keys.ts'
import { type Check, ok } from './check.ts'

/** Whether there is a key to log in with, and whether it can be opened. */
export const sshKey: Check = {
  id: 'ssh_key',
  title: 'SSH key',
  async examine({ input }) {
    const key = await loadLoginKey(input)
    const keys = publicKeysOf(key)
    const kinds = [...new Set(keys.map((text) => text.split(' ')[0]))].join(', ')
    const origin = 'agent' in key ? 'the agent' : (input.ssh_private_key_file ?? 'the default key')
    const where = input.ssh_private_key === undefined ? origin : '`ssh_private_key`'
    return ok(`${kinds}: ${where}`, { details: { public_keys: keys } })
  },
}
