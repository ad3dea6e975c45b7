import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { childEnvironment } from '../core/child-environment.ts'
import { NciError, reasonOf } from '../core/errors.ts'
import { quote } from '../core/shell.ts'
import { type Address, formatAddress } from './address-map.ts'
import { lastLine } from './jump-stream.ts'
import { withoutTilde } from './keys.ts'

/** The properties that say which way leads to a guest. */
export interface JumpOptions {
  readonly ssh_proxy_jump?: string
  readonly ssh_config_file?: string
}

/** Where a guest is reached from here, and the way there where it leads through other hosts. */
export interface Route extends Address {
  readonly jump?: Jump | undefined
}

/** The way to one address through others. */
export interface Jump {
  /** Value for OpenSSH's option `ProxyCommand`: nothing in it is left to be filled in. */
  readonly proxyCommand: string
  /** What the user said: the hosts to jump through, or a command. */
  readonly through: string
  /** Whether that is a command. */
  readonly isCommand: boolean
}

const configTimeout = 10_000
const configFiles = [join(homedir(), '.ssh', 'config'), '/etc/ssh/ssh_config']

/**
 * The way to an address: as the property says, else as the configuration of OpenSSH does. `undefined`: directly.
 *
 * @param user the guest's user: the configuration may ask for it
 * @throws {NciError} `SSH_JUMP_FAILED` where the configuration cannot be read
 */
export async function findJump(
  address: Address,
  user: string,
  options: JumpOptions,
): Promise<Jump | undefined> {
  const { ssh_proxy_jump: hosts, ssh_config_file: chosen } = options
  if (hosts === 'none') return undefined
  const config = chosen === undefined || chosen === 'none' ? chosen : withoutTilde(chosen)
  if (hosts !== undefined) return jumpThrough(hosts, address, config)
  if (config === 'none' || (config === undefined && !configFiles.some((file) => existsSync(file)))) {
    return undefined
  }
  const settings = await configuredFor({ host: address.host, port: String(address.port), user }, config)
  const jump = settings?.get('proxyjump')
  if (jump !== undefined && jump !== 'none') return jumpThrough(jump, address, config)
  const command = settings?.get('proxycommand')
  if (command === undefined || command === 'none') return undefined
  return { proxyCommand: fill(command, address, user), through: command, isCommand: true }
}

/** The `ProxyCommand` that OpenSSH itself makes of a `ProxyJump`, and one that never asks. */
async function jumpThrough(hosts: string, address: Address, config: string | undefined): Promise<Jump> {
  const hops = hosts.split(',').map((hop) => hop.trim().replace(/^ssh:\/\//, ''))
  const last = hops.pop() ?? ''
  const [, user, host, port] = /^(?:(.+)@)?(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(last) ?? []
  if (host === undefined) {
    const reason = `\`${last}\` is no host; IPv6 addresses go into brackets`
    const command = `ssh -J ${hosts}`
    throw new NciError('SSH_JUMP_FAILED', { address: formatAddress(address), jump: hosts, reason, command })
  }
  const server = { host: host.replace(/^\[|\]$/g, ''), port, user }
  const settings = config === 'none' ? undefined : await configuredFor(server, config)
  const mayBeMaster = !['no', 'false', undefined].includes(settings?.get('controlmaster'))
  const words = [
    'ssh',
    ...(config === undefined ? [] : ['-F', config]),
    ...['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10'],
    // Others would go through a master, and end with one that does not stay. One that is there is used in any case.
    ...(mayBeMaster && settings?.get('controlpersist') === 'no' ? ['-o', 'ControlMaster=no'] : []),
    ...(hops.length === 0 ? [] : ['-J', hops.join(',')]),
    ...loginWords(server),
    ...['-W', `[${checked(address.host)}]:${address.port}`],
    ...['--', checked(server.host)],
  ]
  return {
    proxyCommand: words.map(readable).join(' ').replaceAll('%', '%%'),
    through: hosts,
    isCommand: false,
  }
}

/** Where `ssh` is to log in; what is not said is up to its configuration. */
interface Server {
  readonly host: string
  readonly port?: string | undefined
  readonly user?: string | undefined
}

function loginWords({ user, port }: Server): string[] {
  return [...(user === undefined ? [] : ['-l', user]), ...(port === undefined ? [] : ['-p', port])]
}

/** What OpenSSH would do for this server. `undefined` where there is no OpenSSH. */
async function configuredFor(
  server: Server,
  config: string | undefined,
): Promise<ReadonlyMap<string, string> | undefined> {
  const words = ['-G', ...loginWords(server), ...(config === undefined ? [] : ['-F', config])]
  const child = spawn('ssh', [...words, '--', checked(server.host)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: configTimeout,
    env: childEnvironment(),
  })
  const output = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text
    })
  }
  try {
    const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
    if (code === 0) {
      return new Map(
        output.stdout.split('\n').map((line): [string, string] => {
          const blank = line.indexOf(' ')
          return [line.slice(0, blank), line.slice(blank + 1)]
        }),
      )
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT' && config === undefined) {
      return undefined
    }
    output.stderr ||= reasonOf(error)
  }
  throw new NciError('SSH_JUMP_FAILED', {
    address: server.host,
    jump: `the configuration ${config ?? configFiles[0]}`,
    reason: lastLine(output.stderr),
    command: ['ssh', ...words, server.host].join(' '),
  })
}

/** Fills in what OpenSSH fills in for a `ProxyCommand`; a percent sign that is meant is written twice again. */
function fill(command: string, { host, port }: Address, user: string): string {
  const values: Readonly<Record<string, string>> = { h: host, n: host, k: host, p: String(port), r: user }
  return command.replace(/%(.)/g, (token, letter: string) => {
    const value = values[letter]
    return value === undefined ? token : checked(value).replaceAll('%', '%%')
  })
}

/** A host goes into a shell's command line, and the guest agent of a machine tells what that machine likes. */
function checked(host: string): string {
  if (/^[\w:.%][\w:.%-]*$/.test(host)) return host
  throw new NciError('SSH_JUMP_FAILED', {
    address: host,
    jump: 'another host',
    reason: 'it is no address',
    command: 'ssh',
  })
}

/** As a person would write it, who may be told to try it by hand. */
function readable(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : quote(word)
}
