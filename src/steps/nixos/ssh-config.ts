/** A host, as OpenSSH's client configuration describes it. */
export interface SshHost {
  readonly name: string
  readonly host: string
  readonly port: number
  readonly user: string
  readonly keyFile: string | undefined
  readonly knownHosts: readonly string[]
}

/** An entry for ~/.ssh/config; the lines for known_hosts are comments in it. */
export function sshConfig({ name, host, port, user, keyFile, knownHosts }: SshHost): string {
  const type = knownHosts[0]?.split(' ')[1]
  const lines = [
    ...knownHosts.map((line) => `# known_hosts: ${line}`),
    `Host ${name}`,
    `  HostName ${host}`,
    `  Port ${port}`,
    `  User ${user}`,
    ...(keyFile === undefined ? [] : [`  IdentityFile "${keyFile}"`]),
    // Asks for the key that is known, where the server has several.
    ...(type === undefined || type === 'ssh-rsa' ? [] : [`  HostKeyAlgorithms ${type}`]),
  ]
  return lines.map((line) => `${line}\n`).join('')
}
