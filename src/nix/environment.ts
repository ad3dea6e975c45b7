/**
 * The environment of Nix and of what calls it: without this tool's own secrets, and with the user's options in
 * `NIX_CONFIG`, where no process list shows them (`access-tokens` is one of them).
 */
export function nixEnvironment(
  options: Readonly<Record<string, string>>,
): Record<string, string | undefined> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(PROXMOX_|NCI_SSH_PRIVATE_KEY|GITHUB_TOKEN$|GH_TOKEN$)/.test(name),
  )
  const lines = [
    process.env.NIX_CONFIG,
    ...Object.entries(options).map(([name, value]) => `${name} = ${value}`),
  ]
  const config = lines.filter((line) => line).join('\n')
  return { ...Object.fromEntries(inherited), ...(config === '' ? {} : { NIX_CONFIG: config }) }
}
