import type { Jump } from '../../ssh/jump.ts'

/** A host, as OpenSSH's client configuration describes it. */
export interface SshHost {
  readonly name: string
  readonly host: string
  readonly port: number
  readonly user: string
  readonly keyFile: string | undefined
  readonly knownHosts: readonly string[]
  /** The way there, where it leads through other hosts. */
  readonly jump: Pick<Jump, 'through' | 'isCommand'> | undefined
}

/** An entry for ~/.ssh/config; the lines for known_hosts are comments in it. */
export function sshConfig({ name, host, port, user, keyFile, knownHosts, jump }: SshHost): string {
  const type = knownHosts[0]?.split(' ')[1]
  const lines = [
    ...knownHosts.map((line) => `# known_hosts: ${line}`),
    `Host ${name}`,
    `  HostName ${host}`,
    `  Port ${port}`,
    `  User ${user}`,
    ...(keyFile === undefined ? [] : [`  IdentityFile "${keyFile}"`]),
    ...(jump === undefined ? [] : [`  ${jump.isCommand ? 'ProxyCommand' : 'ProxyJump'} ${jump.through}`]),
    // Asks for the key that is known, where the server has several.
    ...(type === undefined || type === 'ssh-rsa' ? [] : [`  HostKeyAlgorithms ${type}`]),
  ]
  return lines.map((line) => `${line}\n`).join('')
}
