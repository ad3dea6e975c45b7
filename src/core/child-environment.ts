/** Secrets of this tool's own: whatever it starts has its own ways to log in. */
const secrets = /^(PROXMOX_|NCI_SSH_PRIVATE_KEY|SSH_PRIVATE_KEY$|GITHUB_TOKEN$|GH_TOKEN$)/

/** The environment for programs that are started: the process's own, without this tool's secrets. */
export function childEnvironment(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !secrets.test(name)))
}
