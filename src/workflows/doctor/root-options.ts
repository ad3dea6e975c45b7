import { credentialsOf } from '../../proxmox/credentials.ts'
import { rootOnlyOptions } from '../../proxmox/root-options.ts'
import { type Check, failed, ok } from './check.ts'
import type { Input } from './patient.ts'

const nobody = { kind: 'password', user: '', password: '' } as const

/** Options of the host that no privilege is enough for: they take root itself. */
export function rootOptionChecks({ architecture, options = {} }: Input): Check[] {
  const given = { ...options, ...(architecture === 'aarch64' ? { arch: architecture } : {}) }
  const needed = rootOnlyOptions(given, nobody)
  if (needed.length === 0) return []
  return [
    {
      id: 'privileges.root',
      title: 'root alone',
      needs: ['login'],
      examine({ input }) {
        const refused = rootOnlyOptions(given, credentialsOf(input))
        const details = { options: needed, refused }
        if (refused.length === 0) return ok(`root sets ${needed.join(', ')}.`, { details })
        const because = refused.includes('arch') ? ' (a VM for aarch64 needs `arch`)' : ''
        const hint =
          'Log in with `api_user: root@pam` and `api_password`; a token of root’s is refused most of them as well.'
        return failed(`Only root may set ${refused.join(', ')}${because}.`, hint, { details })
      },
    },
  ]
}
