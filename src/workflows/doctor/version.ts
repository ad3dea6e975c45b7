import { type Check, failed, ok, warning } from './check.ts'

const [oldest, newest] = [8, 9]

/** Whether this tool knows the version of Proxmox VE. */
export const version: Check = {
  id: 'version',
  title: 'Version',
  needs: ['login'],
  async examine(patient) {
    const { version: text } = await patient.version()
    const major = await patient.major()
    const details = { version: text, major }
    if (major < oldest) {
      return failed(`It is Proxmox VE ${text}.`, `Upgrade it to ${oldest} or ${newest}.`, { details })
    }
    if (major > newest) {
      const hint = `This tool knows ${oldest} and ${newest}; look for a newer one where something fails.`
      return warning(`It is Proxmox VE ${text}.`, hint, { details })
    }
    return ok(`It is Proxmox VE ${text}.`, { details })
  },
}
